/** Lists that were made, as the state knows them. */
import { TesseraError, phrase } from "../../engine/errors/index.ts";
import type { State } from "../../engine/warehouse/index.ts";

export type ListStatus = "making" | "dry" | "delivered" | "failed";

export interface ListView {
  readonly id: string;
  /** the segment, or `a query` */
  readonly audience: string;
  readonly destination: string;
  readonly madeAt: string;
  readonly madeBy: string;
  readonly version: number;
  readonly status: ListStatus;
  /** members that the rule found */
  readonly found: number;
  /** of these, without consent or on the do-not-contact list */
  readonly withheld: number;
  readonly entries: number;
  /** entries that the target took */
  readonly delivered: number;
  /** where it went, or why it did not */
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

/** The newest first. */
export const listLists = (state: State, limit = 50): readonly ListView[] =>
  (state.prepare("SELECT * FROM lists ORDER BY made_at DESC, id LIMIT ?").all(limit) as ListRow[]).map(view);

/** @throws TesseraError `not-found` */
export function getList(state: State, id: string): ListView {
  const row = state.prepare("SELECT * FROM lists WHERE id = ?").get(id) as ListRow | undefined;
  if (row === undefined)
    throw new TesseraError("not-found", phrase`there is no list ${id.slice(0, 100)}`, {
      remedy: "`tessera export --lists` and /lists show them",
    });
  return view(row);
}

/** Entries a person; null for nobody's. */
export const assigneesOf = (
  state: State,
  id: string,
): readonly { readonly assignee: string | null; readonly entries: number }[] =>
  state
    .prepare(
      "SELECT assignee, count(*) AS entries FROM list_entries WHERE list = ? GROUP BY assignee ORDER BY entries DESC, assignee",
    )
    .all(id) as { readonly assignee: string | null; readonly entries: number }[];
