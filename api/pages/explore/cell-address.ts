/** Where a number of the grid leads: to the rows behind it. */
import { at } from "../../../engine/lookup.ts";
import type { Value } from "../../../engine/model/query.ts";
import type { Reader } from "../../services/reader.ts";
import type { Services } from "../../services/services.ts";
import type { Grid, GridRow } from "./grid.ts";
import { answerOf, shownGrid } from "./shown-grid.ts";
import { printCondition, stateHref, type ExploreState } from "./state.ts";

const asText = (value: Value): string | null => (value === null ? null : String(value));

/** The address of a cell by what it is of. */
export const cellHref = (
  state: ExploreState,
  grid: Grid,
  row: GridRow,
  across: Value | undefined,
  measure: string,
): string => {
  const cell = row.members.map((value, i) => ({
    member: at(grid.dimensions, i).name,
    operator: "equals" as const,
    values: [asText(value)],
  }));
  if (grid.acrossColumn && across !== undefined)
    cell.push({ member: grid.acrossColumn.name, operator: "equals", values: [asText(across)] });
  const base = stateHref(
    {
      ...state,
      measures: [measure],
      calculations: [],
      compare: null,
      sort: null,
      chart: null,
      explain: false,
      limit: null,
      more: {},
    },
    "/explore/rows",
  );
  return `${base}${cell.map((c) => `&cell=${encodeURIComponent(printCondition(c))}`).join("")}`;
};

/** A cell by its row and column in the grid as drawn. */
export interface CellPlace {
  readonly row: number;
  readonly column: number;
}

/** `12.3`; null for anything else */
export const placeOf = (text: string | null): CellPlace | null => {
  const [, row, column] = /^(\d{1,6})\.(\d{1,6})$/.exec(text ?? "") ?? [];
  return row === undefined || column === undefined ? null : { row: Number(row), column: Number(column) };
};

/**
 * The address of a cell of a large grid, whose buttons name their place alone. The version of the data travels with
 * the form, so that the place means the same cell.
 */
export const cellAddress = async (
  state: ExploreState,
  place: CellPlace,
  showsAll: boolean,
  reader: Reader,
  { words }: Services,
): Promise<string> => {
  const grid = shownGrid(await answerOf(state, showsAll, reader), state, showsAll, reader.catalog, words.charts);
  const row = grid.rows[place.row];
  const column = grid.columns[place.column];
  return row && column ? cellHref(state, grid, row, column.across, column.shown.column.name) : stateHref(state);
};
