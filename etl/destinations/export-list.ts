/** Making a list: whom the rule finds and may be listed, who works on it, and its way to the target. */
import { randomBytes } from "node:crypto";
import { TesseraError, didYouMean, phrase } from "../../engine/errors/index.ts";
import type { ProjectSpec } from "../../engine/model/project.ts";
import { immediately, openState, type State } from "../../engine/warehouse/index.ts";
import type { RestClock } from "../extract/rest-clock.ts";
import type { OpenProject, QueryOptions } from "../project/open-project.ts";
import { redactor, redactError } from "../declare/redact.ts";
import type { Environment } from "../declare/secret.ts";
import { assign } from "./assign.ts";
import { deliver } from "./deliver.ts";
import type { ListDestination } from "../declare/destination.ts";
import { destinationsOf } from "../declare/project-parts.ts";
import type { ListEntry, MadeList } from "./entries.ts";
import { findMembers, type Audience } from "./members.ts";
import { getList, type ListView } from "./lists.ts";

export interface ExportOptions extends QueryOptions {
  /** whom: a segment's name, or a query whose filters count */
  readonly audience: Audience;
  /** what the list says of whom it is of, where the audience is a query */
  readonly what?: string;
  /** a destination's name */
  readonly to: string;
  readonly environment?: Environment;
  readonly by?: string;
  /** to the outbox, whatever is set */
  readonly dry?: boolean;
  readonly now?: () => Date;
  readonly clock?: RestClock;
}

/** @throws TesseraError `not-found` */
export function destinationOf(spec: ProjectSpec, name: string): ListDestination {
  const all = destinationsOf(spec);
  const found = all.find((each) => each.name === name);
  if (found) return found;
  const names = all.map((each) => each.name);
  throw new TesseraError(
    "not-found",
    phrase`there is no destination ${name.slice(0, 100)}${didYouMean(name.slice(0, 100), names)}`,
    { remedy: names.length > 0 ? `the project declares ${names.join(", ")}` : "declare one with defineDestination" },
  );
}

/** Makes the list, notes it in the state and delivers it. @throws TesseraError of the target; the list is noted as failed then */
export async function exportList(project: OpenProject, options: ExportOptions): Promise<ListView> {
  const { environment = process.env, now = () => new Date(), by = "owner" } = options;
  const destination = destinationOf(project.spec, options.to);
  const { key, rows, withheld, version } = await findMembers(project, destination, options.audience, options);
  const at = now();
  const id = `${destination.name}-${at.toISOString().slice(0, 10).replaceAll("-", "")}-${randomBytes(4).toString("hex")}`;
  const state = openState(project.warehouse);
  try {
    const people = assign(rows, destination.assign, openEntries(state, at));
    const members = Object.values(destination.columns);
    const list: MadeList = {
      id,
      name: destination.name,
      columns: Object.keys(destination.columns),
      entries: rows.map(
        (row, i): ListEntry => ({
          entry: `${id}:${String(row[key])}`,
          member: String(row[key]),
          assignee: people[i]!,
          values: members.map((member) => row[member] ?? null),
        }),
      ),
    };
    note(state, list, {
      target: destination.name,
      at,
      by,
      version,
      found: rows.length + withheld,
      withheld,
      what: typeof options.audience === "string" ? options.audience : (options.what ?? "a query").slice(0, 300),
    });
    const finish = (status: "dry" | "delivered" | "failed", delivered: number, detail: string): void =>
      void state
        .prepare("UPDATE lists SET status = ?, delivered = ?, detail = ? WHERE id = ?")
        .run(status, delivered, detail, id);
    let arrived = 0;
    try {
      const { dry, where, delivered } = await deliver(
        destination,
        list,
        {
          folder: project.folder,
          warehouse: project.warehouse,
          environment,
          ...(options.clock && { clock: options.clock }),
          onDelivered: (entries) => {
            arrived += entries;
          },
        },
        options.dry,
      );
      finish(dry ? "dry" : "delivered", delivered, where);
    } catch (thrown) {
      const error = redactError(thrown, redactor(project.spec, environment));
      finish("failed", arrived, error instanceof TesseraError ? error.message : "the target failed");
      throw error instanceof TesseraError
        ? new TesseraError(error.code, error.message, {
            place: `list ${id}`,
            ...(error.remedy && { remedy: error.remedy }),
          })
        : error;
    }
    return getList(state, id);
  } finally {
    state.close();
  }
}

interface Noted {
  readonly target: string;
  readonly at: Date;
  readonly by: string;
  readonly version: number;
  readonly found: number;
  readonly withheld: number;
  readonly what: string;
}

/** Entries are in the state before anything leaves: no outcome comes back to an unknown one. */
function note(state: State, list: MadeList, { target, at, by, version, found, withheld, what }: Noted): void {
  immediately(state, () => {
    state
      .prepare(
        "INSERT INTO lists (id, name, target, made_at, made_by, version, status, found, withheld) VALUES (?, ?, ?, ?, ?, ?, 'making', ?, ?)",
      )
      .run(list.id, what, target, at.toISOString(), by, version, found, withheld);
    const insert = state.prepare("INSERT INTO list_entries (list, entry, member, assignee) VALUES (?, ?, ?, ?)");
    for (const { entry, member, assignee } of list.entries) insert.run(list.id, entry, member, assignee);
  });
}

const DAYS = 30;

/** What people were given lately. */
function openEntries(state: State, at: Date): ReadonlyMap<string, number> {
  const since = new Date(at.getTime() - DAYS * 86_400_000).toISOString();
  const rows = state
    .prepare(
      "SELECT e.assignee AS person, count(*) AS n FROM list_entries AS e JOIN lists AS l ON l.id = e.list WHERE e.assignee IS NOT NULL AND l.made_at >= ? AND l.status <> 'failed' GROUP BY e.assignee",
    )
    .all(since) as { readonly person: string; readonly n: number }[];
  return new Map(rows.map(({ person, n }) => [person, n]));
}
