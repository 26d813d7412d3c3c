/** A finished list to its target, or to the outbox while the target is not set up. */
import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { RestClock } from "../extract/rest-clock.ts";
import { resolveSetting, type Environment, type Setting } from "../declare/secret.ts";
import type { ListDestination, Target } from "../declare/destination.ts";
import { csvOf, objectOf, type MadeList } from "./entries.ts";
import { postSigned } from "./webhook.ts";

export interface Delivery {
  readonly dry: boolean;
  /** where it went, without secrets: a file, a table, a host */
  readonly where: string;
  readonly delivered: number;
}

export interface DeliverContext {
  /** the project's folder */
  readonly folder: string;
  readonly warehouse: string;
  readonly environment: Environment;
  readonly clock?: RestClock;
  /** told after each part that arrived */
  readonly onDelivered?: (entries: number) => void;
}

const BATCH = 100;

const settingsOf = (target: Target): readonly Setting[] =>
  target.kind === "csv"
    ? [target.folder]
    : target.kind === "webhook"
      ? [target.url, target.secret]
      : [target.in.kind === "sqlite" ? target.in.path : target.in.url];

/** Environment variables that the target names and that are not set: while there is one, lists stay here. */
export const missingSettings = (target: Target, environment: Environment): readonly string[] =>
  settingsOf(target).flatMap((setting) =>
    typeof setting !== "string" && !environment[setting.name] ? [setting.name] : [],
  );

export const outboxOf = (warehouse: string): string => join(warehouse, "outbox");

/** @param dry write to the outbox whatever is set */
export async function deliver(
  destination: ListDestination,
  list: MadeList,
  context: DeliverContext,
  dry = false,
): Promise<Delivery> {
  const { to } = destination;
  const place = `destination ${destination.name}`;
  if (dry || missingSettings(to, context.environment).length > 0)
    return { dry: true, where: writeFile(outboxOf(context.warehouse), list), delivered: 0 };
  const all = list.entries.length;
  if (to.kind === "csv")
    return {
      dry: false,
      where: writeFile(resolve(context.folder, resolveSetting(to.folder, context.environment, place)), list),
      delivered: all,
    };
  if (to.kind === "table") {
    const { upsert } = await import("./upsert.ts");
    await upsert(to, list, context.folder, context.environment, place);
    return { dry: false, where: `${to.in.name}: ${to.table}`, delivered: all };
  }
  const hook = {
    url: resolveSetting(to.url, context.environment, place),
    secret: resolveSetting(to.secret, context.environment, place),
    ...(to.hosts && { hosts: to.hosts }),
    ...(to.retries !== undefined && { retries: to.retries }),
    ...(to.timeout && { timeout: to.timeout }),
  };
  const size = to.batch ?? BATCH;
  const batches = Math.ceil(all / size);
  for (let i = 0; i < batches; i++) {
    const part = list.entries.slice(i * size, (i + 1) * size);
    const body = JSON.stringify({
      list: list.id,
      destination: list.name,
      batch: i + 1,
      of: batches,
      entries: part.map((entry) => objectOf(list, entry)),
    });
    await postSigned(hook, body, `${list.id}-${i + 1}`, place, context.clock);
    context.onDelivered?.(part.length);
  }
  return { dry: false, where: new URL(hook.url).host, delivered: all };
}

/** Whole or not at all: who watches the folder sees no half file. */
function writeFile(folder: string, list: MadeList): string {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${list.id}.csv`);
  writeFileSync(`${path}.part`, csvOf(list), { mode: 0o600 });
  renameSync(`${path}.part`, path);
  return path;
}
