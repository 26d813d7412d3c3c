/** How much of an answer the page draws, and what it says about the rest. Exports have all of it. */
import type { CatalogView } from "../../../engine/model/catalog-view.ts";
import type { Result } from "../../../engine/model/query.ts";
import type { Catalogue } from "../../i18n/index.ts";
import { inMemberOrder } from "../../services/member-order.ts";
import type { Reader } from "../../services/reader.ts";
import { buildGrid, MOST_ACROSS, type Grid, type GridRow } from "./grid.ts";
import { hasOrder, stateQuery } from "./state-query.ts";
import type { ExploreState } from "./state.ts";

/** Rows that a page asks for: the cells of a table that lays a dimension out across count as rows here. */
const ASKED_ROWS = 5000;
const ASKED_ROWS_ALL = 100_000;
/** Cells that a page draws, unless the reader wants all. */
const MOST_CELLS = 5000;
const MOST_ROWS = 500;
const LEAST_ROWS = 40;

export interface ShownGrid extends Grid {
  /** rows drawn: of the answer's own, not counting subtotals */
  readonly drawn: number;
  /** rows of the answer; null where the answer itself was cut */
  readonly whole: number | null;
}

const isRow = ({ kind }: GridRow): boolean => kind === "row";
const isEnd = ({ kind }: GridRow): boolean => kind === "total" || kind === "others";

/**
 * Answers the state's query. A cut answer with a dimension across may lack cells of any row, so it is asked again in
 * the order of its rows: then only the last row may lack some.
 */
export const answerOf = async (state: ExploreState, showsAll: boolean, reader: Reader): Promise<Result> => {
  const limit = Math.min(state.limit ?? Infinity, showsAll ? ASKED_ROWS_ALL : ASKED_ROWS);
  const query = { ...stateQuery(state, reader.catalog), limit };
  const answer = inMemberOrder(await reader.query(query), query, reader.catalog);
  if (!answer.meta.truncated || state.across === null || state.by.length === 0) return answer;
  const ordered = await reader.query({ ...query, order: state.by.map((member) => ({ member })) });
  const last = ordered.rows.at(-1);
  const isLast = (row: Result["rows"][number]): boolean => state.by.every((name) => row[name] === last?.[name]);
  return { ...ordered, rows: ordered.rows.filter((row) => !isLast(row)) };
};

/** Whole rows from the top, the ends last. A subtotal without any of its rows is left out. */
const firstRows = (rows: readonly GridRow[], most: number): readonly GridRow[] => {
  const body = rows.filter((row) => !isEnd(row)).slice(0, most);
  while (body.at(-1)?.kind === "subtotal") body.pop();
  return [...body, ...rows.filter(isEnd)];
};

/** The part of an answer that the page draws. */
export const shownGrid = (
  result: Result,
  state: ExploreState,
  showsAll: boolean,
  catalog: CatalogView,
  words?: Catalogue["charts"],
): ShownGrid => {
  const grid = buildGrid(result, state, words, showsAll ? Infinity : MOST_ACROSS, ({ name }) =>
    hasOrder(name, catalog),
  );
  const fitting = Math.floor(MOST_CELLS / Math.max(1, grid.columns.length));
  const most = showsAll ? Infinity : Math.max(LEAST_ROWS, Math.min(MOST_ROWS, fitting));
  const body = grid.rows.filter((row) => !isEnd(row)).length;
  const rows = body <= most ? grid.rows : firstRows(grid.rows, most);
  return {
    ...grid,
    rows,
    drawn: rows.filter(isRow).length,
    whole: result.meta.truncated ? null : grid.rows.filter(isRow).length,
  };
};
