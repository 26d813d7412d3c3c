/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** The fact rows behind one number. */
import type { HtmlEscapedString } from "hono/utils/html";
import { TesseraError } from "../../../engine/errors/index.ts";
import type { CatalogView } from "../../../engine/model/catalog-view.ts";
import type { Column, Result, Value } from "../../../engine/model/query.ts";
import type { DrillthroughRequest } from "../../../etl/project/open-project.ts";
import { csv } from "../../exports/csv.ts";
import type { Reader } from "../../http/reader.ts";
import type { Services } from "../../http/services.ts";
import { Empty } from "../parts/chart-figure.tsx";
import { DataTable } from "../parts/data-table.tsx";
import { frameOf } from "../parts/frame-of.ts";
import { Icon } from "../parts/icon.tsx";
import { documentOf, Head, Layout } from "../parts/layout.tsx";
import { PartFailed } from "../parts/problems.tsx";
import { conditionWords, dimensionTitle, operatorWords } from "./shelves.tsx";
import { parseCondition, stateHref, type Condition, type ExploreState } from "./state.ts";
import { membersIn, conditionFilter, stateDate, stateFilters } from "./state-query.ts";

const SHOWN = 200;
const EXPORTED = 100_000;

/** What is shown of a fact row: when, whose names, and the fact's own attributes. */
const attributesOfRows = (measure: string, catalog: CatalogView, date: string | undefined): string[] => {
  const cube = catalog.cubes.find((c) => c.name === measure.split(".")[0]);
  if (!cube) return [];
  const roles = catalog.roles.filter((r) => cube.roles.includes(r.name));
  const labels = roles
    .filter((r) => r.kind === "dimension")
    .flatMap((r) => {
      const label = r.attributes.find((a) => a.isLabel) ?? r.attributes.find((a) => a.isKey) ?? r.attributes[0];
      return label ? [label.member] : [];
    });
  return [
    ...new Set([
      ...(date ? [`${date}.day`] : []),
      ...labels.slice(0, 5),
      ...cube.attributes.map((a) => a.member).slice(0, 8),
    ]),
  ];
};

export const rowsRequest = (
  state: ExploreState,
  cell: readonly Condition[],
  catalog: CatalogView,
  limit: number,
): DrillthroughRequest => {
  const measure = state.measures[0];
  if (measure === undefined)
    throw new TesseraError("bad-request", "rows of which measure?", {
      place: "?measures",
      remedy: "come here by a number of the explorer",
    });
  const { attributes } = membersIn(catalog);
  // a member that is known exactly is the cell's; the unknown one and all else filter
  const exact = cell.filter(
    (c) => c.operator === "equals" && c.values.length === 1 && attributes.get(c.member)?.type === "string",
  );
  return {
    measures: [measure],
    dimensions: attributesOfRows(measure, catalog, stateDate(state, catalog)),
    filters: [
      ...stateFilters(state, catalog),
      ...cell.filter((c) => !exact.includes(c)).map((c) => conditionFilter(c, catalog)),
    ],
    ...(exact.length > 0 && {
      cell: Object.fromEntries(exact.map((c): [string, Value] => [c.member, c.values[0] ?? null])),
    }),
    limit,
  };
};

export const cellOf = (parameters: URLSearchParams): Condition[] =>
  parameters.getAll("cell").flatMap((text) => {
    const c = parseCondition(text);
    return c ? [c] : [];
  });

/** All rows of the cell as CSV. */
export const rowsCsv = async (
  state: ExploreState,
  cell: readonly Condition[],
  reader: Reader,
  services: Services,
): Promise<string> =>
  csv(await reader.run((o) => services.project.drillthrough(rowsRequest(state, cell, reader.catalog, EXPORTED), o)), {
    titles: true,
  });

/** When, how much, then the rest: the number one came for stands in sight. */
const amountsFirst = (columns: readonly Column[]): Column[] => [
  ...columns.slice(0, 1),
  ...columns.slice(1).filter((c) => c.kind === "measure"),
  ...columns.slice(1).filter((c) => c.kind !== "measure"),
];

export const rowsPage = async (
  state: ExploreState,
  cell: readonly Condition[],
  address: URL,
  reader: Reader,
  services: Services,
): Promise<HtmlEscapedString> => {
  const request = rowsRequest(state, cell, reader.catalog, SHOWN);
  const measure = membersIn(reader.catalog).measures.get(state.measures[0]!);
  let result: Result | null = null,
    failed: unknown = null;
  const frame = await frameOf(services, "Rows", "/explore", reader.manifest);
  try {
    result = await reader.run((o) => services.project.drillthrough(request, o));
  } catch (error) {
    if (!(error instanceof TesseraError) || error.code === "cancelled") throw error;
    failed = error;
  }
  const all = [...cell, ...state.where];
  const exported = `${address.pathname}${address.search}&format=csv`;
  return documentOf(
    <Layout frame={frame}>
      <Head
        title={`The rows behind ${measure?.title ?? state.measures[0]!}`}
        description={
          all
            .map(
              (c) =>
                `${dimensionTitle(c.member, reader.catalog)} ${operatorWords(c.operator)} ${conditionWords(c, reader.catalog)}`,
            )
            .join(" · ") || undefined
        }
      >
        <a class="button" href={exported} download="">
          <Icon name="download" />
          CSV
        </a>
        <a class="button" href={stateHref({ ...state, where: state.where })}>
          Explore
        </a>
      </Head>
      <div class="card">
        {result === null ? (
          <PartFailed error={failed} />
        ) : result.rows.length === 0 ? (
          <Empty title="No rows">No fact belongs to this cell.</Empty>
        ) : (
          <div class="long">
            <DataTable unknown="–" columns={amountsFirst(result.columns)} rows={result.rows} />
          </div>
        )}
        {result && result.rows.length > 0 ? (
          <footer class="meta">
            <span>
              {result.rows.length} {result.rows.length === 1 ? "row" : "rows"}
              {result.meta.truncated ? " shown, there are more: the CSV has them" : ""}
            </span>
          </footer>
        ) : null}
      </div>
    </Layout>,
  );
};
