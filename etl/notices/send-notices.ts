/** Telling each trouble once to everyone who asked to be told. */
import { appendFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { TesseraError, phrase } from "../../engine/errors/index.ts";
import type { ProjectSpec } from "../../engine/model/project.ts";
import type { State } from "../../engine/warehouse/index.ts";
import { outboxOf } from "../destinations/deliver.ts";
import { postSigned } from "../destinations/webhook.ts";
import type { RestClock } from "../extract/rest-clock.ts";
import { redactor } from "../declare/redact.ts";
import { resolveSetting, type Environment } from "../declare/secret.ts";
import type { EmailTarget, Notice } from "../declare/notice.ts";
import { noticesOf } from "../declare/project-parts.ts";
import { troublesOf, type Trouble } from "./troubles.ts";

export interface SendOptions {
  readonly spec: ProjectSpec;
  readonly state: State;
  readonly warehouse: string;
  readonly environment?: Environment;
  readonly now?: () => Date;
  readonly clock?: RestClock;
}

export interface Told {
  readonly notice: string;
  readonly trouble: Trouble;
  /** `failed`: it is tried again the next time */
  readonly how: "sent" | "outbox" | "failed";
  readonly error?: string;
}

const SMTP_WAIT = 20_000;

/** Tells what nobody was told yet, and forgets what is over. A target that cannot be reached is no error: the next call tries again. */
export async function sendNotices({
  spec,
  state,
  warehouse,
  environment = process.env,
  now = () => new Date(),
  clock,
}: SendOptions): Promise<readonly Told[]> {
  const at = now();
  const redact = redactor(spec, environment);
  const troubles = troublesOf(spec, state, at).map((trouble) => ({ ...trouble, message: redact(trouble.message) }));
  const told: Told[] = [];
  const standing = new Set<string>();
  for (const notice of noticesOf(spec)) {
    for (const trouble of troubles) {
      if (!notice.on.includes(trouble.kind) || (notice.jobs !== undefined && !notice.jobs.includes(trouble.job)))
        continue;
      const key = `${notice.name} ${trouble.key}`;
      standing.add(key);
      state.prepare("INSERT OR IGNORE INTO notices (key, raised_at) VALUES (?, ?)").run(key, at.toISOString());
      // two processes at once: who marks it first tells it
      if (
        state
          .prepare("UPDATE notices SET sent_at = ?, cleared_at = NULL WHERE key = ? AND sent_at IS NULL")
          .run(at.toISOString(), key).changes === 0
      )
        continue;
      try {
        told.push({
          notice: notice.name,
          trouble,
          how: await tell(notice, trouble, spec, warehouse, environment, at, clock),
        });
      } catch (error) {
        state.prepare("UPDATE notices SET sent_at = NULL WHERE key = ?").run(key);
        told.push({
          notice: notice.name,
          trouble,
          how: "failed",
          error: error instanceof TesseraError ? redact(error.message) : "the target failed",
        });
      }
    }
  }
  for (const { key } of state.prepare("SELECT key FROM notices WHERE cleared_at IS NULL").all() as {
    readonly key: string;
  }[]) {
    if (!standing.has(key)) state.prepare("UPDATE notices SET cleared_at = ? WHERE key = ?").run(at.toISOString(), key);
  }
  return told;
}

async function tell(
  notice: Notice,
  trouble: Trouble,
  spec: ProjectSpec,
  warehouse: string,
  environment: Environment,
  at: Date,
  clock?: RestClock,
): Promise<"sent" | "outbox"> {
  const { to } = notice;
  const place = `notice ${notice.name}`;
  const subject = `${spec.title ?? spec.name}: ${trouble.job} ${trouble.kind === "failed" ? "failed" : "is stale"}`;
  const settings = to.kind === "email" ? [to.smtp] : [to.url, to.secret];
  if (settings.some((setting) => typeof setting !== "string" && !environment[setting.name])) {
    mkdirSync(outboxOf(warehouse), { recursive: true });
    appendFileSync(
      join(outboxOf(warehouse), "notices.ndjson"),
      `${JSON.stringify({ at: at.toISOString(), notice: notice.name, subject, ...trouble })}\n`,
    );
    return "outbox";
  }
  if (to.kind === "email") await mail(to, subject, trouble.message, environment, place);
  else {
    const hook = {
      url: resolveSetting(to.url, environment, place),
      secret: resolveSetting(to.secret, environment, place),
      ...(to.hosts && { hosts: to.hosts }),
      retries: to.retries ?? 2,
      ...(to.timeout && { timeout: to.timeout }),
    };
    await postSigned(
      hook,
      JSON.stringify({
        notice: notice.name,
        at: at.toISOString(),
        subject,
        kind: trouble.kind,
        job: trouble.job,
        message: trouble.message,
      }),
      `${notice.name} ${trouble.key}`.replaceAll(/[^\x20-\x7e]/g, "?"),
      place,
      clock,
    );
  }
  return "sent";
}

async function mail(
  to: EmailTarget,
  subject: string,
  text: string,
  environment: Environment,
  place: string,
): Promise<void> {
  const address = resolveSetting(to.smtp, environment, place);
  if (!URL.canParse(address) || !/^smtps?:$/.test(new URL(address).protocol))
    throw new TesseraError("project-invalid", "the SMTP address is none of the form smtp://user:password@host:port", {
      place,
    });
  const { hostname, port, username, password, protocol } = new URL(address);
  // only host, port and account count: parameters of an address could switch on reading files
  const { createTransport } = await import("nodemailer");
  const transport = createTransport({
    host: hostname.replace(/^\[|\]$/g, ""),
    port: port === "" ? (protocol === "smtps:" ? 465 : 587) : Number(port),
    secure: protocol === "smtps:",
    connectionTimeout: SMTP_WAIT,
    greetingTimeout: SMTP_WAIT,
    socketTimeout: SMTP_WAIT,
    disableFileAccess: true,
    disableUrlAccess: true,
    ...(username !== "" && { auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) } }),
  });
  try {
    await transport.sendMail({ from: to.from, to: [...to.to], subject: subject.replaceAll(/[\r\n]+/g, " "), text });
  } catch (error) {
    const { responseCode, code } = error as { readonly responseCode?: number; readonly code?: string };
    throw new TesseraError(
      "source-unavailable",
      phrase`the mail server took nothing (${responseCode ?? code ?? "no answer"})`,
      { place },
    );
  } finally {
    transport.close();
  }
}
