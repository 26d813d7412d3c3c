/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** Charts and tables of a dashboard. Every mark and member leads into the explorer. */
import type { CatalogView } from "../../../engine/model/catalog-view.ts";
import type { Query, Result } from "../../../engine/model/query.ts";
import { chooseChart, formatDate } from "../../charts/index.ts";
import { rowLinks } from "../explore/row-links.ts";
import { stateOfQuery } from "../explore/state-query.ts";
import { stateHref, type ExploreState } from "../explore/state.ts";
import { Card, Empty } from "../parts/card.tsx";
import { ChartFigure } from "../parts/chart-figure.tsx";
import { DataTable } from "../parts/data-table.tsx";
import { AsOf } from "../parts/freshness.tsx";
import { PartFailed } from "../parts/problems.tsx";
import { useWords } from "../parts/words.ts";
import type { TileData } from "./tile-data.ts";

const MOST_ROWS = 200;

interface TileProps {
  readonly data: TileData;
  readonly catalog: CatalogView;
}

/** The tile's question without its cut, from which marks lead on. */
const plainState = (query: Query): ExploreState => stateOfQuery({ ...query, limit: undefined, top: undefined });

const Aside = ({ state, query }: { readonly state: ExploreState; readonly query: Query }) => (
  <>
    <AsOf measures={query.measures} />
    <a class="link no-print" href={stateHref(state)}>
      {useWords().shared.explore}
    </a>
  </>
);

const Unfiltered = ({ titles }: { readonly titles: readonly string[] }) => {
  const words = useWords().dashboard;
  return titles.length > 0 ? <p class="note">{words.notFilteredBy(titles.join(", "))}</p> : null;
};

const Unfinished = ({ from }: { readonly from: string | null }) => {
  const words = useWords().dashboard;
  return from === null ? null : <p class="note unfinished">{words.unfinished(formatDate(from))}</p>;
};

const ChartContent = ({ data, catalog }: TileProps) => {
  const { shared } = useWords();
  const { tile, result, query } = data;
  if (data.error) return <PartFailed error={data.error} />;
  const chosen = tile.kind === "chart" && result ? chooseChart(result, tile.title, tile.chart) : null;
  if (!chosen || !result || tile.kind !== "chart")
    return <Empty title={shared.notDrawable}>{shared.notDrawableHere}</Empty>;
  const links = rowLinks(result.rows, query.dimensions ?? [], plainState(query), catalog);
  return (
    <ChartFigure spec={{ ...chosen, links }} width={tile.wide ? 1130 : 540} {...(tile.wide ? { height: 280 } : {})} />
  );
};

export const ChartTile = ({ data, catalog }: TileProps) => {
  const { charts } = useWords();
  const { tile, result } = data;
  if (tile.kind !== "chart") return null;
  const cut = result?.meta.truncated && tile.query.limit === undefined ? result.rows.length : null;
  return (
    <Card
      title={tile.title}
      aside={<Aside state={stateOfQuery(data.query, { chart: tile.chart ?? null })} query={data.query} />}
      {...(tile.wide ? { size: "wide" } : {})}
    >
      <div class="body">
        <ChartContent data={data} catalog={catalog} />
        {cut === null ? null : <p class="faint small">{charts.firstRows(cut)}</p>}
      </div>
      {tile.note ? <p class="note">{tile.note}</p> : null}
      <Unfinished from={data.unfinished} />
      <Unfiltered titles={data.unfiltered} />
    </Card>
  );
};

interface ResultTableProps {
  readonly result: Result;
  readonly query: Query;
  readonly catalog: CatalogView;
}

const ResultTable = ({ result, query, catalog }: ResultTableProps) => {
  const dimensions = query.dimensions ?? [];
  const links = rowLinks(result.rows, dimensions, plainState(query), catalog);
  const inner = dimensions.at(-1);
  return (
    <DataTable
      compact
      columns={result.columns}
      rows={result.rows}
      most={MOST_ROWS}
      {...(result.meta.truncated ? { whole: null } : {})}
      all={stateHref({ ...plainState(query), chart: "none" })}
      total={result.totals?.find((total) => total.level.length === 0)?.row}
      others={result.others?.find((other) => other.level.length === 0)?.row}
      link={(_row, column, i) => (column.name === inner ? (links[i] ?? null) : null)}
    />
  );
};

const TableContent = ({ data, catalog }: TileProps) => {
  const { shared } = useWords();
  if (data.error)
    return (
      <div class="body">
        <PartFailed error={data.error} />
      </div>
    );
  if (!data.result || data.result.rows.length === 0) return <Empty title={shared.noRows}>{shared.noRowsHere}</Empty>;
  return <ResultTable result={data.result} query={data.query} catalog={catalog} />;
};

export const TableTile = ({ data, catalog }: TileProps) => {
  const { tile } = data;
  if (tile.kind !== "table") return null;
  return (
    <Card
      title={tile.title}
      aside={<Aside state={stateOfQuery(data.query, { chart: "none" })} query={data.query} />}
      size={tile.wide ? "table-tile wide" : "table-tile"}
    >
      <TableContent data={data} catalog={catalog} />
      <Unfinished from={data.unfinished} />
      <Unfiltered titles={data.unfiltered} />
    </Card>
  );
};
