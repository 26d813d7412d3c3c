/** Delivers a list to its target, or writes it to the outbox while a setting of the target is missing. */
import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { RestClock } from "../extract/rest/rest-clock.ts";
import { resolveSetting, type Environment, type Setting } from "../declare/secret.ts";
import type { ListDestination, Target, WebhookTarget } from "../declare/destination.ts";
import { csvOf, objectOf, type MadeList } from "./entries.ts";
import { hookOf, postSigned } from "./webhook.ts";

/** Where a list went. */
export interface Delivery {
  /** the list is in the outbox */
  readonly dry: boolean;
  /** a file, table or host, without secrets */
  readonly where: string;
  /** entries that the target took */
  readonly delivered: number;
}

/** What a delivery needs. */
export interface DeliverContext {
  /** the project's folder */
  readonly folder: string;
  /** folder of the warehouse */
  readonly warehouse: string;
  readonly environment: Environment;
  readonly clock?: RestClock;
  /** called after each batch that arrived */
  readonly onDelivered?: (entries: number) => void;
}

const BATCH = 100;

function settingsOf(target: Target): readonly Setting[] {
  switch (target.kind) {
    case "csv":
      return [target.folder];
    case "webhook":
      return [target.url, target.secret];
    case "table":
      return [target.in.kind === "sqlite" ? target.in.path : target.in.url];
  }
}

/** Environment variables of the target that are not set. */
export const missingSettings = (target: Target, environment: Environment): readonly string[] =>
  settingsOf(target).flatMap((setting) =>
    typeof setting !== "string" && !environment[setting.name] ? [setting.name] : [],
  );

/** Folder of the outbox. */
export const outboxOf = (warehouse: string): string => join(warehouse, "outbox");

/** Delivers a list. @param dry write to the outbox in any case @throws TesseraError of the target */
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
  return post(to, list, context, place);
}

async function post(to: WebhookTarget, list: MadeList, context: DeliverContext, place: string): Promise<Delivery> {
  const { environment, clock } = context;
  const hook = hookOf(to, environment, place, to.retries);
  const size = to.batch ?? BATCH;
  const batches = Math.ceil(list.entries.length / size);
  for (let i = 0; i < batches; i++) {
    const part = list.entries.slice(i * size, (i + 1) * size);
    const body = JSON.stringify({
      list: list.id,
      destination: list.name,
      batch: i + 1,
      of: batches,
      entries: part.map((entry) => objectOf(list, entry)),
    });
    await postSigned(hook, body, `${list.id}-${i + 1}`, place, clock);
    context.onDelivered?.(part.length);
  }
  return { dry: false, where: new URL(hook.url).host, delivered: list.entries.length };
}

/** Renamed when complete, so that watchers of the folder never see half a file. */
function writeFile(folder: string, list: MadeList): string {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${list.id}.csv`);
  writeFileSync(`${path}.part`, csvOf(list), { mode: 0o600 });
  renameSync(`${path}.part`, path);
  return path;
}
