/** Reports each trouble once to every notice that covers it. */
import { appendFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { TesseraError } from "../../engine/errors/index.ts";
import type { ProjectSpec } from "../../engine/model/project.ts";
import type { State } from "../../engine/warehouse/index.ts";
import type { Notice } from "../declare/notice.ts";
import { noticesOf } from "../declare/project-parts.ts";
import { redactor } from "../declare/redact.ts";
import type { Environment } from "../declare/secret.ts";
import { outboxOf } from "../destinations/deliver.ts";
import { hookOf, postSigned } from "../destinations/webhook.ts";
import type { RestClock } from "../extract/rest/rest-clock.ts";
import { sendMail } from "./send-mail.ts";
import { troublesOf, type Trouble } from "./troubles.ts";

/** What sending notices needs. */
export interface SendOptions {
  readonly spec: ProjectSpec;
  readonly state: State;
  /** folder of the warehouse */
  readonly warehouse: string;
  /** default that of this process */
  readonly environment?: Environment;
  /** the clock; tests fix it */
  readonly now?: () => Date;
  readonly clock?: RestClock;
}

/** A trouble that a notice reported. */
export interface Told {
  readonly notice: string;
  readonly trouble: Trouble;
  /** `failed`: the next call tries again */
  readonly how: "sent" | "outbox" | "failed";
  readonly error?: string;
}

const WEBHOOK_RETRIES = 2;

/**
 * Reports the troubles that were not reported yet, and forgets those that are over. A target that cannot be reached is
 * no error: the next call tries again.
 */
export async function sendNotices(options: SendOptions): Promise<readonly Told[]> {
  const { spec, state, environment = process.env, now = () => new Date() } = options;
  const at = now();
  const redact = redactor(spec, environment);
  const troubles = troublesOf(spec, state, at).map((trouble) => ({ ...trouble, message: redact(trouble.message) }));
  const told: Told[] = [];
  const present = new Set<string>();
  for (const notice of noticesOf(spec)) {
    for (const trouble of troubles.filter((each) => covers(notice, each))) {
      const key = `${notice.name} ${trouble.key}`;
      present.add(key);
      if (!claim(state, key, at)) continue;
      try {
        told.push({ notice: notice.name, trouble, how: await send(notice, trouble, options, environment, at) });
      } catch (error) {
        state.prepare("UPDATE notices SET sent_at = NULL WHERE key = ?").run(key);
        const message = error instanceof TesseraError ? redact(error.message) : "the target failed";
        told.push({ notice: notice.name, trouble, how: "failed", error: message });
      }
    }
  }
  clearOthers(state, present, at);
  return told;
}

const covers = ({ on, jobs }: Notice, { kind, job }: Trouble): boolean =>
  on.includes(kind) && (jobs === undefined || jobs.includes(job));

/** Marks a trouble as reported. Of two processes at once only one gets true. */
function claim(state: State, key: string, at: Date): boolean {
  const moment = at.toISOString();
  state.prepare("INSERT OR IGNORE INTO notices (key, raised_at) VALUES (?, ?)").run(key, moment);
  return (
    state
      .prepare("UPDATE notices SET sent_at = ?, cleared_at = NULL WHERE key = ? AND sent_at IS NULL")
      .run(moment, key).changes > 0
  );
}

function clearOthers(state: State, present: ReadonlySet<string>, at: Date): void {
  const open = state.prepare("SELECT key FROM notices WHERE cleared_at IS NULL").raw(true).all().flat().map(String);
  for (const key of open)
    if (!present.has(key)) state.prepare("UPDATE notices SET cleared_at = ? WHERE key = ?").run(at.toISOString(), key);
}

async function send(
  notice: Notice,
  trouble: Trouble,
  { spec, warehouse, clock }: SendOptions,
  environment: Environment,
  at: Date,
): Promise<"sent" | "outbox"> {
  const { to } = notice;
  const place = `notice ${notice.name}`;
  const subject = `${spec.title ?? spec.name}: ${trouble.job} ${trouble.kind === "failed" ? "failed" : "is stale"}`;
  const settings = to.kind === "email" ? [to.smtp] : [to.url, to.secret];
  if (settings.some((setting) => typeof setting !== "string" && !environment[setting.name])) {
    const outbox = outboxOf(warehouse);
    mkdirSync(outbox, { recursive: true });
    const line = JSON.stringify({ at: at.toISOString(), notice: notice.name, subject, ...trouble });
    appendFileSync(join(outbox, "notices.ndjson"), `${line}\n`);
    return "outbox";
  }
  if (to.kind === "email") {
    await sendMail(to, subject, trouble.message, environment, place);
    return "sent";
  }
  const { kind, job, message } = trouble;
  const body = JSON.stringify({ notice: notice.name, at: at.toISOString(), subject, kind, job, message });
  const id = `${notice.name} ${trouble.key}`.replaceAll(/[^\x20-\x7e]/g, "?");
  await postSigned(hookOf(to, environment, place, to.retries ?? WEBHOOK_RETRIES), body, id, place, clock);
  return "sent";
}
