/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** The grid as a table: members lead down, numbers lead to the rows behind them. */
import type { Child } from "hono/jsx";
import { at } from "../../../engine/lookup.ts";
import type { CatalogView } from "../../../engine/model/catalog-view.ts";
import { evenColumn, formatMember, formatValue, measureOf, type EvenColumn } from "../../charts/index.ts";
import { membersIn } from "../../services/catalog-index.ts";
import { changeClass, widthClass } from "../parts/data-table.tsx";
import { useSetting } from "../parts/setting.ts";
import { useWords } from "../parts/words.ts";
import { cellHref } from "./cell-address.ts";
import { Hidden } from "./choices.tsx";
import { drillDown } from "./drill.ts";
import { columnsPerMember, GridHeader, isEdge } from "./grid-header.tsx";
import type { Grid, GridRow } from "./grid.ts";
import type { ShownGrid } from "./shown-grid.ts";
import { stateHref, type ExploreState } from "./state.ts";

/** Beyond so many cells a number names its place in the grid instead of its whole address: a tenth of the bytes. */
const MOST_LINKS = 1500;

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
  /** its row in the grid */
  readonly place: number;
  readonly index: number;
  readonly column: EvenColumn;
  readonly state: ExploreState;
  readonly leads: boolean;
  readonly edge: boolean;
  readonly isLarge: boolean;
}

/** A number that leads to the rows behind it. */
const Cell = ({ grid, row, place, index, column, state, leads, edge, isLarge }: CellProps) => {
  const value = row.cells[index];
  const missing = value === null || value === undefined;
  const text = formatValue(value, column);
  const link = leads && row.kind !== "others" && !missing;
  const class_ = `num ${changeClass(value, column)}${missing ? " faint" : ""}${edge ? " edge" : ""}`;
  if (!link) return <td class={class_}>{text}</td>;
  return (
    <td class={class_}>
      {isLarge ? (
        <button name="at" value={`${place}.${index}`}>
          {text}
        </button>
      ) : (
        <a href={cellHref(state, grid, row, at(grid.columns, index).across, column.name)}>{text}</a>
      )}
    </td>
  );
};

export interface GridTableProps {
  readonly grid: ShownGrid;
  readonly state: ExploreState;
  readonly catalog: CatalogView;
  /** all rows are shown already */
  readonly showsAll: boolean;
}

const Left = ({ grid, state, showsAll }: Omit<GridTableProps, "catalog">) => {
  const { explore, shared } = useWords();
  const { drawn, whole, acrossLeft } = grid;
  if (drawn === whole && acrossLeft === 0) return null;
  const across = grid.acrossMembers.length;
  const parts = [
    ...(drawn === whole ? [] : [whole === null ? shared.firstRows(drawn) : shared.rowsOf(drawn, whole)]),
    ...(acrossLeft > 0 ? [explore.acrossOf(across, across + acrossLeft)] : []),
    explore.totalsCoverAll,
  ];
  return (
    <p class="left-out" data-left-out>
      {parts.join(" ")}{" "}
      {showsAll ? null : (
        <a class="link no-print" href={`${stateHref({ ...state, limit: null })}&rows=all`}>
          {shared.showAll}
        </a>
      )}
    </p>
  );
};

/** Grids with many cells are a form, whose buttons are the numbers. */
const Sheet = ({
  isLarge,
  state,
  showsAll,
  children,
}: {
  readonly isLarge: boolean;
  readonly state: ExploreState;
  readonly showsAll: boolean;
  readonly children?: Child;
}) => {
  const { version } = useSetting();
  if (!isLarge) return <>{children}</>;
  return (
    <form method="get" action="/explore">
      <Hidden state={state} />
      {showsAll ? <input type="hidden" name="rows" value="all" /> : null}
      {version === null ? null : <input type="hidden" name="version" value={String(version)} />}
      {children}
    </form>
  );
};

export const GridTable = ({ grid, state, catalog, showsAll }: GridTableProps) => {
  const { rows } = grid;
  const perMember = columnsPerMember(grid, state);
  const columns = grid.columns.map(({ shown }, i) => ({
    column: evenColumn(
      shown.column,
      rows.map((row) => row.cells[i]),
    ),
    leads: !shown.derived && inCatalog(catalog, shown.column.name),
    edge: isEdge(perMember, i),
  }));
  const isLarge = rows.length * columns.length > MOST_LINKS;
  return (
    <>
      <Sheet isLarge={isLarge} state={state} showsAll={showsAll}>
        <div class="table-wrap tall">
          <table
            class={`data grid-table ${widthClass(columns.length + grid.dimensions.length)}`}
            data-rows={String(grid.whole ?? grid.drawn + 1)}
          >
            <GridHeader grid={grid} state={state} />
            <tbody>
              {rows.map((row, r) => (
                <tr class={KINDS[row.kind]} {...(row.kind === "row" ? {} : { "data-extra": true })}>
                  <Members grid={grid} row={row} before={rows[r - 1]} state={state} catalog={catalog} />
                  {columns.map((column, i) => (
                    <Cell {...column} grid={grid} row={row} place={r} index={i} state={state} isLarge={isLarge} />
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </Sheet>
      <Left grid={grid} state={state} showsAll={showsAll} />
    </>
  );
};
