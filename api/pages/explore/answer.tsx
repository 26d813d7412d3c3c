/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** The explorer's answer: chart, table, and what can be done with it. */
import { first } from "../../../engine/lookup.ts";
import type { CatalogView } from "../../../engine/model/catalog-view.ts";
import type { Result, Row, Value } from "../../../engine/model/query.ts";
import { chooseChart, type ChartSpec } from "../../charts/index.ts";
import { titleOfQuery } from "../../exports/title-of-query.ts";
import { duration } from "../parts/ago.ts";
import { Empty } from "../parts/card.tsx";
import { ChartFigure } from "../parts/chart-figure.tsx";
import { Prose } from "../parts/prose.tsx";
import { useWords } from "../parts/words.ts";
import { GridTable } from "./grid-table.tsx";
import type { Grid } from "./grid.ts";
import { rowLinks } from "./row-links.ts";
import { shownGrid, type ShownGrid } from "./shown-grid.ts";
import { CHARTS, stateHref, type ExploreState } from "./state.ts";
import { whyOf } from "./why-link.ts";

/** Members that a bar chart draws. */
const MOST_BARS = 30;

export interface AnswerProps {
  readonly state: ExploreState;
  readonly result: Result;
  readonly catalog: CatalogView;
  /** draws every row and column */
  readonly showsAll: boolean;
}

interface ChartCardProps {
  readonly state: ExploreState;
  readonly title: string;
  readonly spec: ChartSpec | null;
}

/** The rows in the order of the grid, so that chart and table agree. */
const inGridOrder = (grid: Grid, result: Result): readonly Row[] => {
  const name = grid.dimensions[0]?.name;
  if (name === undefined) return result.rows;
  const order = new Map<Value, number>();
  for (const { members } of grid.rows)
    if (members.length > 0 && !order.has(first(members))) order.set(first(members), order.size);
  const place = (row: Row): number => order.get(row[name] ?? null) ?? order.size;
  return [...result.rows].sort((a, b) => place(a) - place(b));
};

const barsOf = ({ kind, rows, x }: ChartSpec): number =>
  kind === "bar" || kind === "stacked_bar" ? new Set(rows.map((row) => row[x])).size : 0;

const ChartContent = ({ spec }: { readonly spec: ChartSpec | null }) => {
  const { explore, charts } = useWords();
  if (!spec) return <Empty title={explore.charts.unsuited}>{explore.charts.unsuitedHint}</Empty>;
  return (
    <>
      <ChartFigure spec={spec} width={1130} height={280} table={false} />
      {barsOf(spec) > MOST_BARS ? <p class="faint small">{charts.firstMembers(MOST_BARS)}</p> : null}
    </>
  );
};

const ChartCard = ({ state, title, spec }: ChartCardProps) => {
  const words = useWords().explore.charts;
  const shown = state.chart ?? spec?.kind;
  return (
    <article class="card">
      <header>
        <h2 class="clip">{title}</h2>
        <nav class="segmented no-print" aria-label={words.name}>
          {[...CHARTS, "none" as const].map((kind) => (
            <a href={stateHref({ ...state, chart: kind })} {...(shown === kind ? { "aria-current": "true" } : {})}>
              {words[kind]}
            </a>
          ))}
        </nav>
      </header>
      {state.chart === "none" ? (
        <div class="body slim" />
      ) : (
        <div class="body">
          <ChartContent spec={spec} />
        </div>
      )}
    </article>
  );
};

const RowCount = ({ grid }: { readonly grid: ShownGrid }) => {
  const { shared } = useWords();
  return <span>{grid.whole === null ? shared.firstRows(grid.drawn) : shared.rows(grid.whole)}</span>;
};

interface FooterProps {
  readonly state: ExploreState;
  readonly result: Result;
  readonly grid: ShownGrid;
}

const Footer = ({ state, result, grid }: FooterProps) => {
  const { explore } = useWords();
  const { meta } = result;
  const why = whyOf(state);
  const toggled = stateHref({ ...state, explain: !state.explain });
  return (
    <footer class="meta">
      <RowCount grid={grid} />
      <span>{duration(meta.elapsedMs)}</span>
      {meta.rollup ? (
        <span>
          <Prose text={explore.fromRollup} slots={{ rollup: <code>{meta.rollup}</code> }} />
        </span>
      ) : null}
      {result.columns.some(({ overlapping }) => overlapping) ? (
        <span class="badge warn" title={explore.overlappingHint}>
          {explore.overlapping}
        </span>
      ) : null}
      <span class="grow" />
      {why ? (
        <a class="link no-print" href={why}>
          {explore.whyDidItChange}
        </a>
      ) : null}
      <a class="link no-print" href={stateHref({ ...state, totals: !state.totals })}>
        {state.totals ? explore.withoutTotals : explore.withTotals}
      </a>
      <a class="link no-print" href={state.explain ? toggled : `${toggled}#explain`}>
        {state.explain ? explore.hideExplanation : explore.explain}
      </a>
    </footer>
  );
};

const chartOf = (state: ExploreState, result: Result, grid: Grid, title: string, catalog: CatalogView) => {
  if (state.chart === "none") return null;
  const rows = inGridOrder(grid, result);
  const chosen = chooseChart({ columns: result.columns, rows }, title, state.chart ?? undefined);
  if (!chosen) return null;
  const dimensions = result.columns.filter(({ kind }) => kind === "dimension").map(({ name }) => name);
  return { ...chosen, links: rowLinks(rows, dimensions, { ...state, across: null, by: dimensions }, catalog) };
};

export const Answer = ({ state, result, catalog, showsAll }: AnswerProps) => {
  const { explore, shared, charts } = useWords();
  const grid = shownGrid(result, state, showsAll, catalog, charts);
  const dimensions = [...state.by, ...(state.across ? [state.across] : [])];
  const title = titleOfQuery({ measures: state.measures, dimensions }, result);
  return (
    <>
      {result.columns.some(({ kind }) => kind === "dimension") ? (
        <ChartCard state={state} title={title} spec={chartOf(state, result, grid, title, catalog)} />
      ) : null}
      <article class="card">
        {grid.rows.length === 0 ? (
          <Empty title={shared.noRows}>{explore.noRowsHint}</Empty>
        ) : (
          <GridTable grid={grid} state={state} catalog={catalog} showsAll={showsAll} />
        )}
        <Footer state={state} result={result} grid={grid} />
      </article>
    </>
  );
};
