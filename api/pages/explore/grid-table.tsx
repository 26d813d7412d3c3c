/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** The grid on screen: members lead down, headers sort, numbers lead to the rows behind them. */
import type { CatalogView } from "../../../engine/model/catalog-view.ts";
import type { Value } from "../../../engine/model/query.ts";
import { formatMember, formatValue, measureOf } from "../../charts/index.ts";
import { changeClass } from "../parts/data-table.tsx";
import { drillDown } from "./drill.ts";
import type { Grid, GridRow } from "./grid.ts";
import { printCondition, stateHref, type ExploreState } from "./state.ts";

/** Rows on a page; exports have all of them. */
export const MOST_ROWS = 500;

const asText = (value: Value): string | null => (value === null ? null : String(value));

const sortHref = (state: ExploreState, member: string): string => {
  const current = state.sort?.member === member ? state.sort.direction : null;
  return stateHref({ ...state, sort: { member, direction: current === "desc" ? "asc" : "desc" } });
};

const Arrow = ({
  state,
  member,
  byDefault,
}: {
  readonly state: ExploreState;
  readonly member: string;
  readonly byDefault: boolean;
}) => {
  const direction = state.sort
    ? state.sort.member === member
      ? state.sort.direction
      : null
    : byDefault
      ? "desc"
      : null;
  return direction === null ? null : (
    <span class="arrow" aria-label={direction === "desc" ? "sorted, largest first" : "sorted, smallest first"}>
      {direction === "desc" ? "↓" : "↑"}
    </span>
  );
};

const cellHref = (
  state: ExploreState,
  grid: Grid,
  row: GridRow,
  across: Value | undefined,
  measure: string,
): string => {
  const cell = grid.dimensions
    .slice(0, row.members.length)
    .map((d, i) => ({ member: d.name, operator: "equals" as const, values: [asText(row.members[i]!)] }));
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

const Header = ({ grid, state }: { readonly grid: Grid; readonly state: ExploreState }) => {
  const first = grid.columns.find((c) => !c.shown.derived)?.shown.column.name;
  const perMember = grid.acrossColumn
    ? grid.columns.length / Math.max(1, grid.acrossMembers.length + (state.totals ? 1 : 0))
    : 0;
  const lead =
    grid.tree || grid.dimensions.length === 0
      ? [
          <th scope="col" rowspan={grid.acrossColumn ? 2 : 1}>
            {grid.dimensions.map((d) => d.title).join(" › ")}
          </th>,
        ]
      : grid.dimensions.map((d) => (
          <th scope="col" rowspan={grid.acrossColumn ? 2 : 1}>
            <a href={sortHref(state, d.name)}>
              {d.title}
              <Arrow state={state} member={d.name} byDefault={false} />
            </a>
          </th>
        ));
  const measures = grid.columns.map((c, i) => (
    <th
      scope="col"
      class={`num${c.shown.derived ? " derived" : ""}${perMember > 0 && i % perMember === 0 ? " edge" : ""}`}
      title={c.shown.column.description ?? c.shown.column.name}
    >
      <a href={sortHref(state, c.shown.column.name)}>
        {c.shown.title}
        {!grid.acrossColumn || c.isTotal ? (
          <Arrow
            state={state}
            member={c.shown.column.name}
            byDefault={c.shown.column.name === first && !grid.dimensions[0]?.level}
          />
        ) : null}
      </a>
    </th>
  ));
  if (!grid.acrossColumn)
    return (
      <thead>
        <tr>
          {lead}
          {measures}
        </tr>
      </thead>
    );
  return (
    <thead>
      <tr>
        {lead}
        {grid.acrossMembers.map((m) => (
          <th scope="colgroup" class="across" colspan={perMember}>
            {formatMember(m, grid.acrossColumn!)}
          </th>
        ))}
        {state.totals ? (
          <th scope="colgroup" class="across" colspan={perMember}>
            Total
          </th>
        ) : null}
      </tr>
      <tr class="second">{measures}</tr>
    </thead>
  );
};

const Members = ({
  grid,
  row,
  before,
  state,
  catalog,
}: {
  readonly grid: Grid;
  readonly row: GridRow;
  readonly before: GridRow | undefined;
  readonly state: ExploreState;
  readonly catalog: CatalogView;
}) => {
  if (grid.dimensions.length === 0) return <td>{row.kind === "row" ? "All" : ""}</td>;
  if (row.kind === "total" || row.kind === "others")
    return <td colspan={grid.tree ? 1 : grid.dimensions.length}>{row.kind === "total" ? "Total" : "(all others)"}</td>;
  const link = (index: number) => {
    const dimension = grid.dimensions[index]!;
    const value = row.members[index]!;
    const outer = grid.dimensions.slice(0, index).map((d, i) => [d.name, row.members[i]!] as const);
    return (
      <a href={stateHref(drillDown(state, dimension.name, value, catalog, outer))} data-drill>
        {formatMember(value, dimension)}
      </a>
    );
  };
  if (grid.tree) return <td class={`member depth-${Math.min(4, row.depth)}`}>{link(row.depth)}</td>;
  return (
    <>
      {grid.dimensions.map((_, i) => {
        const repeats =
          before !== undefined &&
          before.kind === "row" &&
          row.members.slice(0, i + 1).every((m, j) => m === before.members[j]) &&
          i < grid.dimensions.length - 1;
        return <td class={`member${repeats ? " repeat" : ""}`}>{link(i)}</td>;
      })}
    </>
  );
};

const KINDS = { row: "", subtotal: "subtotal", total: "total", others: "others" } as const;

export const GridTable = ({
  grid,
  state,
  catalog,
}: {
  readonly grid: Grid;
  readonly state: ExploreState;
  readonly catalog: CatalogView;
}) => {
  const perMember = grid.acrossColumn
    ? grid.columns.length / Math.max(1, grid.acrossMembers.length + (state.totals ? 1 : 0))
    : 0;
  const total = grid.rows.at(-1)?.kind === "total" ? grid.rows.at(-1) : undefined;
  const shown =
    grid.rows.length > MOST_ROWS ? [...grid.rows.slice(0, MOST_ROWS - 1), ...(total ? [total] : [])] : grid.rows;
  return (
    <div class="table-wrap tall">
      <table class="data grid-table">
        <Header grid={grid} state={state} />
        <tbody>
          {shown.map((row, r) => (
            <tr class={KINDS[row.kind]}>
              <Members grid={grid} row={row} before={shown[r - 1]} state={state} catalog={catalog} />
              {row.cells.map((value, i) => {
                const { shown: column, across } = grid.columns[i]!;
                const text = formatValue(value, column.column);
                const tone = `${changeClass(value, column.column)}${value === null || value === undefined ? " faint" : ""}${perMember > 0 && i % perMember === 0 ? " edge" : ""}`;
                const leads =
                  row.kind !== "others" &&
                  !column.derived &&
                  value !== null &&
                  value !== undefined &&
                  catalogHas(catalog, measureOf(column.column.name));
                return (
                  <td class={`num ${tone}`}>
                    {leads ? (
                      <a
                        href={cellHref(state, grid, row, across, column.column.name)}
                        title="The rows behind this number"
                      >
                        {text}
                      </a>
                    ) : (
                      text
                    )}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
};

const catalogHas = (catalog: CatalogView, measure: string): boolean =>
  catalog.cubes.some((c) => c.measures.some((m) => m.member === measure));
