/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** The grid's heads: members that lead down, members across, and measures; each sorts. */
import { formatMember } from "../../charts/index.ts";
import { useWords } from "../parts/words.ts";
import type { Grid } from "./grid.ts";
import { stateHref, type ExploreState } from "./state.ts";

const sortHref = (state: ExploreState, member: string): string => {
  const current = state.sort?.member === member ? state.sort.direction : null;
  return stateHref({ ...state, sort: { member, direction: current === "desc" ? "asc" : "desc" } });
};

interface ArrowProps {
  readonly state: ExploreState;
  readonly member: string;
  /** the grid is sorted by it unless the state says otherwise */
  readonly byDefault: boolean;
}

const directionOf = ({ state, member, byDefault }: ArrowProps): "asc" | "desc" | null => {
  if (state.sort) return state.sort.member === member ? state.sort.direction : null;
  return byDefault ? "desc" : null;
};

const Arrow = (props: ArrowProps) => {
  const { explore } = useWords();
  const direction = directionOf(props);
  return direction === null ? null : (
    <span class="arrow" aria-label={direction === "desc" ? explore.sortedDown : explore.sortedUp}>
      {direction === "desc" ? "↓" : "↑"}
    </span>
  );
};

/** Columns of one member across; 0 in a plain table. */
export const columnsPerMember = (grid: Grid, state: ExploreState): number =>
  grid.acrossColumn ? grid.columns.length / Math.max(1, grid.acrossMembers.length + (state.totals ? 1 : 0)) : 0;

/** True for the first column of a member across, which has a line before it. */
export const isEdge = (perMember: number, column: number): boolean => perMember > 0 && column % perMember === 0;

const MemberHeads = ({ grid, state }: { readonly grid: Grid; readonly state: ExploreState }) => {
  const rowspan = grid.acrossColumn ? 2 : 1;
  if (grid.tree || grid.dimensions.length === 0)
    return (
      <th scope="col" rowspan={rowspan}>
        {grid.dimensions.map(({ title }) => title).join(" › ")}
      </th>
    );
  return (
    <>
      {grid.dimensions.map(({ name, title }) => (
        <th scope="col" rowspan={rowspan}>
          <a href={sortHref(state, name)}>
            {title}
            <Arrow state={state} member={name} byDefault={false} />
          </a>
        </th>
      ))}
    </>
  );
};

export const GridHeader = ({ grid, state }: { readonly grid: Grid; readonly state: ExploreState }) => {
  const { shared } = useWords();
  const first = grid.columns.find((c) => !c.shown.derived)?.shown.column.name;
  const perMember = columnsPerMember(grid, state);
  const { acrossColumn } = grid;
  const measures = grid.columns.map((c, i) => (
    <th
      scope="col"
      class={`num${c.shown.derived ? " derived" : ""}${isEdge(perMember, i) ? " edge" : ""}`}
      title={c.shown.column.description ?? c.shown.column.name}
    >
      <a href={sortHref(state, c.shown.column.name)}>
        {c.shown.title}
        {!grid.acrossColumn || c.isTotal ? (
          <Arrow
            state={state}
            member={c.shown.column.name}
            byDefault={c.shown.column.name === first && !grid.ownOrder}
          />
        ) : null}
      </a>
    </th>
  ));
  if (!acrossColumn)
    return (
      <thead>
        <tr>
          <MemberHeads grid={grid} state={state} />
          {measures}
        </tr>
      </thead>
    );
  return (
    <thead>
      <tr>
        <MemberHeads grid={grid} state={state} />
        {grid.acrossMembers.map((m) => (
          <th scope="colgroup" class="across" colspan={perMember}>
            {formatMember(m, acrossColumn)}
          </th>
        ))}
        {state.totals ? (
          <th scope="colgroup" class="across" colspan={perMember}>
            {shared.total}
          </th>
        ) : null}
      </tr>
      <tr class="second">{measures}</tr>
    </thead>
  );
};
