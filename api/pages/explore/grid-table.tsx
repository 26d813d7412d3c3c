/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** The grid as a table: members lead down, numbers lead to the rows behind them. */
import { at } from "../../../engine/lookup.ts";
import type { CatalogView } from "../../../engine/model/catalog-view.ts";
import type { Value } from "../../../engine/model/query.ts";
import { formatMember, formatValue, measureOf } from "../../charts/index.ts";
import { membersIn } from "../../services/catalog-index.ts";
import { changeClass } from "../parts/data-table.tsx";
import { useWords } from "../parts/words.ts";
import { drillDown } from "./drill.ts";
import { columnsPerMember, GridHeader, isEdge } from "./grid-header.tsx";
import type { Grid, GridRow } from "./grid.ts";
import { printCondition, stateHref, type ExploreState } from "./state.ts";

/** Rows on the page; exports have all of them. */
export const MOST_ROWS = 500;

const asText = (value: Value): string | null => (value === null ? null : String(value));

const cellHref = (
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
    },
    "/explore/rows",
  );
  return `${base}${cell.map((c) => `&cell=${encodeURIComponent(printCondition(c))}`).join("")}`;
};

interface MembersProps {
  readonly grid: Grid;
  readonly row: GridRow;
  readonly before: GridRow | undefined;
  readonly state: ExploreState;
  readonly catalog: CatalogView;
}

/** A member that leads one level down. */
const MemberLink = ({
  grid,
  row,
  index,
  state,
  catalog,
}: Omit<MembersProps, "before"> & { readonly index: number }) => {
  const dimension = at(grid.dimensions, index);
  const value = at(row.members, index);
  const outer = row.members.slice(0, index).map((member, i) => [at(grid.dimensions, i).name, member] as const);
  return (
    <a href={stateHref(drillDown(state, dimension.name, value, catalog, outer))} data-drill>
      {formatMember(value, dimension)}
    </a>
  );
};

const Members = ({ grid, row, before, state, catalog }: MembersProps) => {
  const { shared } = useWords();
  if (grid.dimensions.length === 0) return <td>{row.kind === "row" ? shared.all : ""}</td>;
  if (row.kind === "total" || row.kind === "others")
    return (
      <td colspan={grid.tree ? 1 : grid.dimensions.length}>{row.kind === "total" ? shared.total : shared.others}</td>
    );
  const link = (index: number) => <MemberLink grid={grid} row={row} index={index} state={state} catalog={catalog} />;
  if (grid.tree) return <td class={`member depth-${Math.min(4, row.depth)}`}>{link(row.depth)}</td>;
  const repeats = (index: number): boolean =>
    before?.kind === "row" &&
    index < grid.dimensions.length - 1 &&
    row.members.slice(0, index + 1).every((member, i) => member === before.members[i]);
  return (
    <>
      {grid.dimensions.map((_, i) => (
        <td class={`member${repeats(i) ? " repeat" : ""}`}>{link(i)}</td>
      ))}
    </>
  );
};

const KINDS = { row: "", subtotal: "subtotal", total: "total", others: "others" } as const;

const inCatalog = (catalog: CatalogView, column: string): boolean => membersIn(catalog).measures.has(measureOf(column));

interface CellProps {
  readonly grid: Grid;
  readonly row: GridRow;
  readonly index: number;
  readonly state: ExploreState;
  readonly catalog: CatalogView;
}

/** A number that leads to the rows behind it. */
const Cell = ({ grid, row, index, state, catalog }: CellProps) => {
  const { explore } = useWords();
  const { shown, across } = at(grid.columns, index);
  const { column, derived } = shown;
  const value = row.cells[index];
  const missing = value === null || value === undefined;
  const text = formatValue(value, column);
  const leads = row.kind !== "others" && !derived && !missing && inCatalog(catalog, column.name);
  const edge = isEdge(columnsPerMember(grid, state), index) ? " edge" : "";
  return (
    <td class={`num ${changeClass(value, column)}${missing ? " faint" : ""}${edge}`}>
      {leads ? (
        <a href={cellHref(state, grid, row, across, column.name)} title={explore.rowsBehind}>
          {text}
        </a>
      ) : (
        text
      )}
    </td>
  );
};

/** The first rows, and the total if there is one. */
const shownRows = ({ rows }: Grid): readonly GridRow[] => {
  if (rows.length <= MOST_ROWS) return rows;
  return [...rows.slice(0, MOST_ROWS - 1), ...rows.slice(-1).filter((row) => row.kind === "total")];
};

export interface GridTableProps {
  readonly grid: Grid;
  readonly state: ExploreState;
  readonly catalog: CatalogView;
}

export const GridTable = ({ grid, state, catalog }: GridTableProps) => {
  const rows = shownRows(grid);
  return (
    <div class="table-wrap tall">
      <table class="data grid-table">
        <GridHeader grid={grid} state={state} />
        <tbody>
          {rows.map((row, r) => (
            <tr class={KINDS[row.kind]}>
              <Members grid={grid} row={row} before={rows[r - 1]} state={state} catalog={catalog} />
              {row.cells.map((_, i) => (
                <Cell grid={grid} row={row} index={i} state={state} catalog={catalog} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
};
