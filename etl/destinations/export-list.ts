/** Makes a list: finds its members, assigns them, records the list and delivers it. */
import { randomBytes } from "node:crypto";
import { TesseraError, didYouMean, phrase } from "../../engine/errors/index.ts";
import type { ProjectSpec } from "../../engine/model/project.ts";
import { immediately, openState, type State } from "../../engine/warehouse/index.ts";
import type { RestClock } from "../extract/rest/rest-clock.ts";
import type { OpenProject, QueryOptions } from "../project/open-project.ts";
import { redactor, redactError } from "../declare/redact.ts";
import type { Environment } from "../declare/secret.ts";
import { assign } from "./assign.ts";
import { deliver, type DeliverContext } from "./deliver.ts";
import type { ListDestination } from "../declare/destination.ts";
import { destinationsOf } from "../declare/project-parts.ts";
import type { ListEntry, MadeList } from "./entries.ts";
import { findMembers, type Audience, type FoundMembers } from "./members.ts";
import { getList, type ListView } from "./lists.ts";

/** What to list, and where to. */
export interface ExportOptions extends QueryOptions {
  /** name of a segment, or a query whose filters apply */
  readonly audience: Audience;
  /** description of the audience, for a query; default `a query` */
  readonly what?: string;
  /** name of a destination */
  readonly to: string;
  /** default that of this process */
  readonly environment?: Environment;
  /** who makes the list; default `owner` */
  readonly by?: string;
  /** write to the outbox in any case; default false */
  readonly dry?: boolean;
  readonly now?: () => Date;
  readonly clock?: RestClock;
}

/** The named destination. @throws TesseraError `not-found` */
export function destinationOf(spec: ProjectSpec, name: string): ListDestination {
  const all = destinationsOf(spec);
  const found = all.find((each) => each.name === name);
  if (found) return found;
  const names = all.map((each) => each.name);
  throw new TesseraError(
    "not-found",
    phrase`destination "${name.slice(0, 100)}" not found${didYouMean(name.slice(0, 100), names)}`,
    { remedy: names.length > 0 ? phrase`use one of ${names.join(", ")}` : "declare one with defineDestination" },
  );
}

/**
 * Makes a list, records it in the state and delivers it.
 * @throws TesseraError of the target; the list is then recorded as failed
 * @example await exportList(project, { audience: "churn_risk", to: "calls" })
 */
export async function exportList(project: OpenProject, options: ExportOptions): Promise<ListView> {
  const { now = () => new Date(), by = "owner" } = options;
  const destination = destinationOf(project.spec, options.to);
  const found = await findMembers(project, destination, options.audience, options);
  const at = now();
  const state = openState(project.warehouse);
  try {
    const list = makeList(destination, found, openEntries(state, at), at);
    record(state, list, {
      target: destination.name,
      at,
      by,
      version: found.version,
      found: found.rows.length + found.withheld,
      withheld: found.withheld,
      what: typeof options.audience === "string" ? options.audience : (options.what ?? "a query").slice(0, 300),
    });
    await deliverRecorded(project, destination, list, state, options);
    return getList(state, list.id);
  } finally {
    state.close();
  }
}

function makeList(
  destination: ListDestination,
  { key, rows }: FoundMembers,
  open: ReadonlyMap<string, number>,
  at: Date,
): MadeList {
  const day = at.toISOString().slice(0, 10).replaceAll("-", "");
  const id = `${destination.name}-${day}-${randomBytes(4).toString("hex")}`;
  const people = assign(rows, destination.assign, open);
  const members = Object.values(destination.columns);
  return {
    id,
    name: destination.name,
    columns: Object.keys(destination.columns),
    entries: rows.map(
      (row, i): ListEntry => ({
        entry: `${id}:${String(row[key])}`,
        member: String(row[key]),
        assignee: people[i] ?? null,
        values: members.map((member) => row[member] ?? null),
      }),
    ),
  };
}

/** Delivers a list and records how that ended. */
async function deliverRecorded(
  project: OpenProject,
  destination: ListDestination,
  list: MadeList,
  state: State,
  { environment = process.env, clock, dry }: ExportOptions,
): Promise<void> {
  const finish = (status: "dry" | "delivered" | "failed", delivered: number, detail: string): void => {
    state
      .prepare("UPDATE lists SET status = ?, delivered = ?, detail = ? WHERE id = ?")
      .run(status, delivered, detail, list.id);
  };
  let arrived = 0;
  const context: DeliverContext = {
    folder: project.folder,
    warehouse: project.warehouse,
    environment,
    ...(clock && { clock }),
    onDelivered: (entries) => {
      arrived += entries;
    },
  };
  try {
    const delivery = await deliver(destination, list, context, dry);
    finish(delivery.dry ? "dry" : "delivered", delivery.delivered, delivery.where);
  } catch (thrown) {
    const error = redactError(thrown, redactor(project.spec, environment));
    finish("failed", arrived, error instanceof TesseraError ? error.message : "the target failed");
    if (!(error instanceof TesseraError)) throw error;
    throw new TesseraError(error.code, error.message, {
      place: `list ${list.id}`,
      ...(error.remedy && { remedy: error.remedy }),
    });
  }
}

/** What is recorded of a list. */
interface ListRecord {
  readonly target: string;
  readonly at: Date;
  readonly by: string;
  readonly version: number;
  readonly found: number;
  readonly withheld: number;
  readonly what: string;
}

/** Entries are recorded before they leave, so that every outcome that comes back belongs to a known one. */
function record(state: State, list: MadeList, { target, at, by, version, found, withheld, what }: ListRecord): void {
  immediately(state, () => {
    state
      .prepare(
        `INSERT INTO lists (id, name, target, made_at, made_by, version, status, found, withheld)
         VALUES (?, ?, ?, ?, ?, ?, 'making', ?, ?)`,
      )
      .run(list.id, what, target, at.toISOString(), by, version, found, withheld);
    const insert = state.prepare("INSERT INTO list_entries (list, entry, member, assignee) VALUES (?, ?, ?, ?)");
    for (const { entry, member, assignee } of list.entries) insert.run(list.id, entry, member, assignee);
  });
}

/** Days whose entries count for `load`. */
const DAYS = 30;

/** How many entries each person got lately. */
function openEntries(state: State, at: Date): ReadonlyMap<string, number> {
  const since = new Date(at.getTime() - DAYS * 86_400_000).toISOString();
  const rows = state
    .prepare(
      `SELECT e.assignee AS person, count(*) AS n FROM list_entries AS e JOIN lists AS l ON l.id = e.list
       WHERE e.assignee IS NOT NULL AND l.made_at >= ? AND l.status <> 'failed' GROUP BY e.assignee`,
    )
    .all(since) as { readonly person: string; readonly n: number }[];
  return new Map(rows.map(({ person, n }) => [person, n]));
}
