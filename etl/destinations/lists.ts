/** Lists as the state records them. */
import { TesseraError, phrase } from "../../engine/errors/index.ts";
import type { State } from "../../engine/warehouse/index.ts";

/** Status of a list; `dry`: written to the outbox. */
export type ListStatus = "making" | "dry" | "delivered" | "failed";

/** A list without its entries. */
export interface ListView {
  readonly id: string;
  /** the segment, or a description of the query */
  readonly audience: string;
  readonly destination: string;
  readonly madeAt: string;
  readonly madeBy: string;
  readonly version: number;
  readonly status: ListStatus;
  /** members that the rule found */
  readonly found: number;
  /** of these: without consent, or on the do-not-contact list */
  readonly withheld: number;
  readonly entries: number;
  /** entries that the target took */
  readonly delivered: number;
  /** where it went, or why it failed */
  readonly detail: string | null;
}

interface ListRow {
  readonly id: string;
  readonly name: string;
  readonly target: string;
  readonly made_at: string;
  readonly made_by: string;
  readonly version: number;
  readonly status: ListStatus;
  readonly found: number;
  readonly withheld: number;
  readonly delivered: number;
  readonly detail: string | null;
}

const view = (row: ListRow): ListView => ({
  id: row.id,
  audience: row.name,
  destination: row.target,
  madeAt: row.made_at,
  madeBy: row.made_by,
  version: row.version,
  status: row.status,
  found: row.found,
  withheld: row.withheld,
  entries: row.found - row.withheld,
  delivered: row.delivered,
  detail: row.detail,
});

/** Lists, newest first. */
export const listLists = (state: State, limit = 50): readonly ListView[] =>
  (state.prepare("SELECT * FROM lists ORDER BY made_at DESC, id LIMIT ?").all(limit) as ListRow[]).map(view);

/** A list. @throws TesseraError `not-found` */
export function getList(state: State, id: string): ListView {
  const row = state.prepare("SELECT * FROM lists WHERE id = ?").get(id) as ListRow | undefined;
  if (row === undefined)
    throw new TesseraError("not-found", phrase`list "${id.slice(0, 100)}" not found`, {
      remedy: { action: "list-lists" },
    });
  return view(row);
}

/** How many entries each person has; null for unassigned ones. */
export const assigneesOf = (state: State, id: string): readonly AssigneeCount[] =>
  state
    .prepare(
      `SELECT assignee, count(*) AS entries FROM list_entries
       WHERE list = ? GROUP BY assignee ORDER BY entries DESC, assignee`,
    )
    .all(id) as AssigneeCount[];

interface AssigneeCount {
  readonly assignee: string | null;
  readonly entries: number;
}
