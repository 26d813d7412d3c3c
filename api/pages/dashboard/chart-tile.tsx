/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** Charts and tables of a dashboard; every mark and member leads into the explorer. */
import type { CatalogView } from "../../../engine/model/catalog-view.ts";
import type { Query, Row } from "../../../engine/model/query.ts";
import { chooseChart, type ChartSpec } from "../../charts/index.ts";
import { drillDown } from "../explore/drill.ts";
import { stateHref, type ExploreState } from "../explore/state.ts";
import { stateOfQuery } from "../explore/state-query.ts";
import { ChartFigure, Empty } from "../parts/chart-figure.tsx";
import { DataTable } from "../parts/data-table.tsx";
import { PartFailed } from "../parts/problems.tsx";
import type { TileData } from "./tile-data.ts";

const plainState = (query: Query): ExploreState => stateOfQuery({ ...query, limit: undefined }, {});

/** Where a row's mark leads: its innermost member, with the outer ones as filters. */
export const rowLinks = (
  rows: readonly Row[],
  dimensions: readonly string[],
  state: ExploreState,
  catalog: CatalogView,
): string[] => {
  const inner = dimensions.at(-1);
  return rows.map((row) => {
    if (inner === undefined) return stateHref(state);
    let next = state;
    for (const outer of dimensions.slice(0, -1))
      next = {
        ...next,
        where: [
          ...next.where.filter((c) => c.member !== outer),
          {
            member: outer,
            operator: "equals",
            values: [row[outer] === null || row[outer] === undefined ? null : String(row[outer])],
          },
        ],
      };
    return stateHref(drillDown(next, inner, row[inner] ?? null, catalog));
  });
};

const Note = ({ data }: { readonly data: TileData }) =>
  data.unfiltered.length > 0 ? (
    <p class="note">Not filtered by {data.unfiltered.join(", ")}: these facts have no such dimension.</p>
  ) : null;

export const ChartTile = ({ data, catalog }: { readonly data: TileData; readonly catalog: CatalogView }) => {
  const { tile, result } = data;
  if (tile.kind !== "chart") return null;
  const state = plainState(data.query);
  const chosen = result ? chooseChart(result, tile.title, tile.chart) : null;
  const spec: ChartSpec | null = chosen && {
    ...chosen,
    links: rowLinks(result!.rows, data.query.dimensions ?? [], state, catalog),
  };
  return (
    <article class={`card${tile.wide ? " wide" : ""}`}>
      <header>
        <h2>{tile.title}</h2>
        <a class="link no-print" href={stateHref({ ...state, chart: tile.chart })}>
          Explore
        </a>
      </header>
      <div class="body">
        {data.error ? (
          <PartFailed error={data.error} />
        ) : spec ? (
          <ChartFigure spec={spec} width={tile.wide ? 1130 : 540} {...(tile.wide ? { height: 280 } : {})} />
        ) : (
          <Empty title="Nothing to draw">A chart needs a measure and one or two dimensions.</Empty>
        )}
        {result?.meta.truncated && tile.query.limit === undefined ? (
          <p class="faint small">Only the first {result.rows.length} rows are drawn.</p>
        ) : null}
      </div>
      {tile.note ? <p class="note">{tile.note}</p> : null}
      <Note data={data} />
    </article>
  );
};

export const TableTile = ({ data, catalog }: { readonly data: TileData; readonly catalog: CatalogView }) => {
  const { tile, result } = data;
  if (tile.kind !== "table") return null;
  const state = plainState(data.query);
  const dimensions = data.query.dimensions ?? [];
  const links = result ? rowLinks(result.rows, dimensions, state, catalog) : [];
  const inner = dimensions.at(-1);
  return (
    <article class={`card table-tile${tile.wide ? " wide" : ""}`}>
      <header>
        <h2>{tile.title}</h2>
        <a class="link no-print" href={stateHref({ ...state, chart: "none" })}>
          Explore
        </a>
      </header>
      {data.error ? (
        <div class="body">
          <PartFailed error={data.error} />
        </div>
      ) : !result || result.rows.length === 0 ? (
        <Empty title="No rows">Nothing in this period passes the filters.</Empty>
      ) : (
        <DataTable
          compact
          columns={result.columns}
          rows={result.rows.slice(0, 200)}
          total={result.totals?.find((t) => t.level.length === 0)?.row}
          others={result.others?.find((t) => t.level.length === 0)?.row}
          link={(_row, column, i) => (column.name === inner ? (links[i] ?? null) : null)}
        />
      )}
      <Note data={data} />
    </article>
  );
};
