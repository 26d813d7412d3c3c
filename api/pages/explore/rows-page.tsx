/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** The fact rows behind one number, as a page and as CSV. */
import type { HtmlEscapedString } from "hono/utils/html";
import { TesseraError } from "../../../engine/errors/index.ts";
import type { CatalogView } from "../../../engine/model/catalog-view.ts";
import type { Column, Result, Value } from "../../../engine/model/query.ts";
import type { DrillthroughRequest } from "../../../etl/project/open-project.ts";
import { csv } from "../../exports/csv.ts";
import type { Reader } from "../../services/reader.ts";
import type { Services } from "../../services/services.ts";
import { Empty } from "../parts/card.tsx";
import { DataTable } from "../parts/data-table.tsx";
import { frameOf } from "../parts/frame-of.ts";
import { Icon } from "../parts/icon.tsx";
import { documentOf, Head, Layout } from "../parts/layout.tsx";
import { settled } from "../../services/settled.ts";
import { PartFailed } from "../parts/problems.tsx";
import { statedPeriod } from "../parts/stated.ts";
import { useWords } from "../parts/words.ts";
import { conditionValues, dimensionTitle, memberTitle, operatorWords } from "./member-words.ts";
import { parseCondition, stateHref, type Condition, type ExploreState } from "./state.ts";
import { membersIn, ownerOf } from "../../services/catalog-index.ts";
import { conditionFilter, stateDate, stateFilters } from "./state-query.ts";

/** Rows on the page. */
const SHOWN = 200;
/** Rows of the CSV. */
const EXPORTED = 100_000;

/** The columns of a fact row: its day, the labels of its dimensions, its own attributes. */
const attributesOfRows = (measure: string, catalog: CatalogView, date: string | undefined): string[] => {
  const cube = catalog.cubes.find((each) => each.name === ownerOf(measure));
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

/** The request for the rows of a cell. @throws TesseraError `bad-request` without a measure */
export const rowsRequest = (
  state: ExploreState,
  cell: readonly Condition[],
  catalog: CatalogView,
  limit: number,
): DrillthroughRequest => {
  const measure = state.measures[0];
  if (measure === undefined)
    throw new TesseraError("bad-request", "the measure is missing", {
      place: "?measures",
      remedy: "follow the link of a number in the explorer",
    });
  const { attributes } = membersIn(catalog);
  // exact texts address the cell; the unknown member and all else become filters
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

/** The cell of an address. */
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

/** Day, amounts, then the rest: the number that the reader followed stays in sight. */
const amountsFirst = (columns: readonly Column[]): Column[] => [
  ...columns.slice(0, 1),
  ...columns.slice(1).filter((c) => c.kind === "measure"),
  ...columns.slice(1).filter((c) => c.kind !== "measure"),
];

const Rows = ({ result }: { readonly result: Result }) => {
  const { explore, shared } = useWords();
  const words = explore.rowsPage;
  if (result.rows.length === 0) return <Empty title={shared.noRows}>{words.empty}</Empty>;
  return (
    <>
      <div class="long">
        <DataTable
          unknown="–"
          columns={amountsFirst(result.columns)}
          rows={result.rows}
          {...(result.meta.truncated ? { whole: null } : {})}
        />
      </div>
      <footer class="meta">
        <span>
          {shared.rows(result.rows.length)}
          {result.meta.truncated ? ` ${words.cut}` : ""}
        </span>
      </footer>
    </>
  );
};

export const rowsPage = async (
  state: ExploreState,
  cell: readonly Condition[],
  address: URL,
  reader: Reader,
  services: Services,
): Promise<HtmlEscapedString> => {
  const { explore, shared } = services.words;
  const words = explore.rowsPage;
  const { catalog } = reader;
  const request = rowsRequest(state, cell, catalog, SHOWN);
  const [frame, found] = await Promise.all([
    frameOf(services, words.name, "/explore", reader.manifest),
    settled(reader.run((options) => services.project.drillthrough(request, options))),
  ]);
  const conditions = [...cell, ...state.where].map(
    (condition) =>
      `${dimensionTitle(condition.member, catalog)} ${operatorWords(condition.operator, explore)} ` +
      conditionValues(condition, catalog),
  );
  const measure = request.measures.map((each) => (typeof each === "string" ? memberTitle(each, catalog) : each.name));
  return documentOf(
    <Layout frame={frame}>
      <Head
        title={words.title(measure.join())}
        description={conditions.join(" · ") || undefined}
        stated={[
          statedPeriod(state.period, found instanceof TesseraError ? null : found.meta.range, services.words),
          ...conditions,
        ]}
      >
        <a class="button" href={`${address.pathname}${address.search}&format=csv`} download="">
          <Icon name="download" />
          {words.csv}
        </a>
        <a class="button" href={stateHref(state)}>
          {shared.explore}
        </a>
      </Head>
      <div class="card">{found instanceof TesseraError ? <PartFailed error={found} /> : <Rows result={found} />}</div>
    </Layout>,
  );
};
