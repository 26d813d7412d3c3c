/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** The explorer: a question put together by hand, its chart and its table. */
import type { HtmlEscapedString } from "hono/utils/html";
import { TesseraError } from "../../../engine/errors/index.ts";
import type { Query, Result, Row, Value } from "../../../engine/model/query.ts";
import { chooseChart, formatMember } from "../../charts/index.ts";
import { titleOfQuery } from "../../exports/respond.ts";
import type { Reader } from "../../http/reader.ts";
import type { Services } from "../../http/services.ts";
import { rowLinks } from "../dashboard/chart-tile.tsx";
import { duration } from "../parts/ago.ts";
import { ChartFigure, Empty } from "../parts/chart-figure.tsx";
import { frameOf } from "../parts/frame-of.ts";
import { Icon } from "../parts/icon.tsx";
import { documentOf, Head, Layout } from "../parts/layout.tsx";
import { Caret, Picker } from "../parts/picker.tsx";
import { PartFailed } from "../parts/problems.tsx";
import { yearsOf } from "../parts/years.ts";
import { trails } from "./drill.ts";
import { ExplainPanel } from "./explain-panel.tsx";
import { FilterEditor } from "./filter-editor.tsx";
import { buildGrid, type Grid } from "./grid.ts";
import { GridTable, MOST_ROWS } from "./grid-table.tsx";
import { Shelves } from "./shelves.tsx";
import { CHARTS, stateHref, type ExploreState } from "./state.ts";
import { membersIn, stateQuery } from "./state-query.ts";
import { whyOf } from "../why/why-state.ts";

/** Rows a page asks for where the state names no limit. */
const PAGE_ROWS = 5000;
/** Members listed in the filter editor. */
const LISTED = 120;

const KIND_TITLES = {
  line: "Line",
  area: "Area",
  bar: "Bar",
  stacked_bar: "Stacked",
  heatmap: "Heat",
  scatter: "Scatter",
  none: "None",
} as const;

const settled = async <T,>(work: Promise<T>): Promise<{ readonly value: T | null; readonly error: unknown }> => {
  try {
    return { value: await work, error: null };
  } catch (error) {
    if (!(error instanceof TesseraError) || error.code === "cancelled") throw error;
    return { value: null, error };
  }
};

export const Exports = ({ query }: { readonly query: Query }) => {
  const href = (format: string): string =>
    `/v1/query?q=${encodeURIComponent(JSON.stringify(query))}&format=${format}${format === "csv" ? "&titles=1" : ""}`;
  return (
    <Picker
      name="Export"
      class="right"
      label={
        <>
          <Icon name="download" />
          Export
          <Caret />
        </>
      }
    >
      {(
        [
          ["csv", "CSV", "text, opens in every spreadsheet"],
          ["xlsx", "Excel", "typed cells, totals in bold"],
          ["parquet", "Parquet", "a file for Python, R, DuckDB and lakes"],
          ["arrow", "Arrow", "columns, streamed into a program"],
          ["json", "JSON", "what the API answers"],
        ] as const
      ).map(([format, title, what]) => (
        <a class="option" href={href(format)} {...(format === "json" ? {} : { download: "" })}>
          <span>
            {title}
            <span class="what">{what}</span>
          </span>
        </a>
      ))}
    </Picker>
  );
};

const Trails = ({ state, reader }: { readonly state: ExploreState; readonly reader: Reader }) => {
  const all = trails(state, reader.catalog);
  const { attributes } = membersIn(reader.catalog);
  if (all.length === 0) return null;
  return (
    <>
      {all.map((trail) => (
        <nav class="trail" aria-label={`Where in ${trail.title}`}>
          {trail.crumbs.map((crumb, i) => {
            const attribute = attributes.get(crumb.member);
            const words =
              i === 0
                ? `All ${trail.title.toLowerCase()}`
                : formatMember(crumb.value, {
                    type: attribute?.type ?? "string",
                    name: crumb.member,
                    ...(attribute?.level && { level: attribute.level }),
                  });
            return (
              <>
                {i > 0 ? (
                  <span class="faint" aria-hidden="true">
                    ›
                  </span>
                ) : null}
                {crumb.state ? (
                  <a class="link" href={stateHref(crumb.state)} data-crumb>
                    {words}
                  </a>
                ) : (
                  <b>{words}</b>
                )}
              </>
            );
          })}
        </nav>
      ))}
    </>
  );
};

/** The chart shows members in the order of the table. */
const inOrderOf = (grid: Grid, result: Result): readonly Row[] => {
  const first = grid.dimensions[0]?.name;
  if (first === undefined) return result.rows;
  const order = new Map<Value, number>();
  for (const row of grid.rows)
    if (row.members.length > 0 && !order.has(row.members[0]!)) order.set(row.members[0]!, order.size);
  const at = (row: Row): number => order.get(row[first] ?? null) ?? order.size;
  return [...result.rows].sort((a, b) => at(a) - at(b));
};

const Answer = ({
  state,
  result,
  reader,
  explanation,
}: {
  readonly state: ExploreState;
  readonly result: Result;
  readonly reader: Reader;
  readonly explanation: {
    readonly value: Parameters<typeof ExplainPanel>[0]["explanation"] | null;
    readonly error: unknown;
  } | null;
}) => {
  const grid = buildGrid(result, state);
  const wanted = state.chart === "none" ? undefined : (state.chart ?? undefined);
  const title = titleOfQuery(
    { measures: state.measures, dimensions: [...state.by, ...(state.across ? [state.across] : [])] },
    result,
  );
  const rowsAsShown = inOrderOf(grid, result);
  const chosen =
    state.chart === "none" ? null : chooseChart({ columns: result.columns, rows: rowsAsShown }, title, wanted);
  const dimensions = result.columns.filter((c) => c.kind === "dimension").map((c) => c.name);
  const spec = chosen && {
    ...chosen,
    links: rowLinks(rowsAsShown, dimensions, { ...state, across: null, by: dimensions }, reader.catalog),
  };
  const rows = grid.rows.filter((r) => r.kind === "row").length;
  const { meta } = result;
  return (
    <div class="stack">
      {dimensions.length > 0 ? (
        <article class="card">
          <header>
            <h2 class="clip">{title}</h2>
            <nav class="segmented no-print" aria-label="Kind of chart">
              {[...CHARTS, "none" as const].map((kind) => (
                <a
                  href={stateHref({ ...state, chart: kind })}
                  {...((state.chart ?? chosen?.kind) === kind ? { "aria-current": "true" } : {})}
                >
                  {KIND_TITLES[kind]}
                </a>
              ))}
            </nav>
          </header>
          {state.chart === "none" ? (
            <div class="body slim" />
          ) : (
            <div class="body">
              {spec ? (
                <ChartFigure spec={spec} width={1130} height={280} table={false} />
              ) : (
                <Empty title="No chart for this">A chart shows one or two dimensions; the table below shows all.</Empty>
              )}
              {spec &&
              (spec.kind === "bar" || spec.kind === "stacked_bar") &&
              new Set(result.rows.map((r) => r[dimensions[0]!])).size > 30 ? (
                <p class="faint small">The first 30 are drawn.</p>
              ) : null}
            </div>
          )}
        </article>
      ) : null}
      <article class="card">
        {grid.rows.length === 0 ? (
          <Empty title="No rows">
            Nothing passes these filters in this period. Take a longer period, or take a filter off.
          </Empty>
        ) : (
          <GridTable grid={grid} state={state} catalog={reader.catalog} />
        )}
        <footer class="meta">
          <span>
            {rows.toLocaleString("en-US")} {rows === 1 ? "row" : "rows"}
            {meta.truncated ? ", cut by the limit" : ""}
            {rows > MOST_ROWS ? `, the first ${MOST_ROWS} shown; an export has all` : ""}
            {grid.acrossLeft > 0 ? `, ${grid.acrossLeft} more across` : ""}
          </span>
          <span>{duration(meta.elapsedMs)}</span>
          {meta.rollup ? (
            <span>
              from rollup <code>{meta.rollup}</code>
            </span>
          ) : null}
          {result.columns.some((c) => c.overlapping) ? (
            <span class="badge warn" title="A fact can belong to several of these members">
              groups overlap: they do not add up to the total
            </span>
          ) : null}
          <span class="grow" />
          {whyOf(state) ? (
            <a class="link no-print" href={whyOf(state)!}>
              Why did it move?
            </a>
          ) : null}
          <a class="link no-print" href={stateHref({ ...state, totals: !state.totals })}>
            {state.totals ? "Without totals" : "With totals"}
          </a>
          <a
            class="link no-print"
            href={`${stateHref({ ...state, explain: !state.explain })}${state.explain ? "" : "#explain"}`}
          >
            {state.explain ? "Hide explanation" : "Explain"}
          </a>
        </footer>
      </article>
      {explanation ? (
        explanation.value ? (
          <ExplainPanel explanation={explanation.value} catalog={reader.catalog} />
        ) : (
          <PartFailed error={explanation.error} />
        )
      ) : null}
    </div>
  );
};

export const explorePage = async (
  state: ExploreState,
  pick: string | null,
  reader: Reader,
  services: Services,
): Promise<HtmlEscapedString> => {
  const { attributes } = membersIn(reader.catalog);
  const query = stateQuery(state, reader.catalog, PAGE_ROWS);
  const asks = state.measures.length + state.calculations.length > 0;
  const [frame, answer, explanation, members] = await Promise.all([
    frameOf(services, "Explore", "/explore", reader.manifest),
    asks ? settled(reader.query(query)) : null,
    asks && state.explain ? settled(reader.run((o) => services.project.explain(query, o))) : null,
    pick && attributes.has(pick) && attributes.get(pick)!.type !== "number"
      ? settled(services.project.members(pick, { limit: LISTED }, reader.options))
      : null,
  ]);
  return documentOf(
    <Layout frame={frame}>
      <Head title="Explore">
        {asks ? <Exports query={stateQuery(state, reader.catalog)} /> : null}
        <a class="button" href="/explore">
          New
        </a>
      </Head>
      <Shelves
        state={state}
        catalog={reader.catalog}
        years={yearsOf(services, reader)}
        range={answer?.value?.meta.range}
      />
      {pick ? (
        <FilterEditor
          member={pick}
          state={state}
          catalog={reader.catalog}
          values={members?.value?.values ?? []}
          truncated={members?.value?.truncated ?? false}
        />
      ) : null}
      <Trails state={state} reader={reader} />
      {!asks ? (
        <div class="card">
          <Empty title="Choose a measure">Then say by what to see it, and for which period.</Empty>
        </div>
      ) : answer?.value ? (
        <Answer state={state} result={answer.value} reader={reader} explanation={explanation} />
      ) : (
        <div class="card">
          <PartFailed error={answer?.error} />
        </div>
      )}
    </Layout>,
  );
};
