/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** The explorer: a query put together by hand, its chart and its table. */
import type { HtmlEscapedString } from "hono/utils/html";
import { TesseraError } from "../../../engine/errors/index.ts";
import type { CatalogView } from "../../../engine/model/catalog-view.ts";
import type { Result, Value } from "../../../engine/model/query.ts";
import type { Provenance } from "../../../etl/project/open-project.ts";
import type { Catalogue } from "../../i18n/index.ts";
import { membersIn } from "../../services/catalog-index.ts";
import type { Reader } from "../../services/reader.ts";
import type { Services } from "../../services/services.ts";
import { settled } from "../../services/settled.ts";
import { Empty } from "../parts/card.tsx";
import { frameOf } from "../parts/frame-of.ts";
import { documentOf, Head, Layout } from "../parts/layout.tsx";
import { PartFailed } from "../parts/problems.tsx";
import { statedConditions, statedPeriod } from "../parts/stated.ts";
import { useWords } from "../parts/words.ts";
import { yearsOf } from "../parts/years.ts";
import { Answer } from "./answer.tsx";
import { ExplainPanel } from "./explain-panel.tsx";
import { ExportsMenu } from "./exports-menu.tsx";
import { FilterEditor } from "./filter-editor.tsx";
import { Shelves } from "./shelves.tsx";
import { dimensionTitle, memberTitle } from "./member-words.ts";
import { answerOf } from "./shown-grid.ts";
import { stateQuery } from "./state-query.ts";
import { stateHref, type ExploreState } from "./state.ts";
import { suited, type LeftOutMeasure } from "./suited.ts";
import { Trails } from "./trails.tsx";

/** Members listed in the filter editor. */
const LISTED = 120;

interface FilterMembers {
  readonly values: readonly Value[];
  readonly truncated: boolean;
}

/** The members of the filter that is being edited; none for measures and numbers. */
const pickedMembers = async (pick: string | null, reader: Reader, { project }: Services): Promise<FilterMembers> => {
  const none = { values: [], truncated: false };
  const type = membersIn(reader.catalog).attributes.get(pick ?? "")?.type;
  if (pick === null || type === undefined || type === "number") return none;
  const found = await settled(project.members(pick, { limit: LISTED }, reader.options));
  return found instanceof TesseraError ? none : found;
};

interface ContentProps {
  readonly state: ExploreState;
  readonly answer: Result | TesseraError | null;
  readonly explanation: Provenance | TesseraError | null;
  readonly showsAll: boolean;
  readonly reader: Reader;
}

const Explanation = ({ explanation, reader }: Pick<ContentProps, "explanation" | "reader">) => {
  if (explanation === null) return null;
  if (explanation instanceof TesseraError) return <PartFailed error={explanation} />;
  return <ExplainPanel explanation={explanation} catalog={reader.catalog} />;
};

const Content = ({ state, answer, explanation, showsAll, reader }: ContentProps) => {
  const { explore } = useWords();
  if (answer === null)
    return (
      <div class="card">
        <Empty title={explore.chooseMeasure}>{explore.chooseMeasureHint}</Empty>
      </div>
    );
  if (answer instanceof TesseraError)
    return (
      <div class="card">
        <PartFailed error={answer} />
      </div>
    );
  return (
    <div class="stack">
      <Answer state={state} result={answer} catalog={reader.catalog} showsAll={showsAll} />
      <Explanation explanation={explanation} reader={reader} />
    </div>
  );
};

interface LeftOutMeasuresProps {
  readonly state: ExploreState;
  readonly leftOut: readonly LeftOutMeasure[];
  readonly catalog: CatalogView;
}

/** Measures that the dimensions do not suit, with the reason. */
const LeftOutMeasures = ({ state, leftOut, catalog }: LeftOutMeasuresProps) => {
  const { explore } = useWords();
  return (
    <>
      {leftOut.map(({ measure, lack }) => (
        <div class="notice warn">
          <span>
            {explore.leftOutMeasure(
              memberTitle(measure, catalog),
              explore.lacks(lack.cube.title, lack.members.map((member) => dimensionTitle(member, catalog)).join(", ")),
            )}{" "}
            <a class="link" href={stateHref({ ...state, measures: state.measures.filter((each) => each !== measure) })}>
              {explore.leaveOut}
            </a>
          </span>
        </div>
      ))}
    </>
  );
};

/** All that decides the answer but the shelves do not print. */
const statedOf = (
  state: ExploreState,
  range: readonly [string, string] | null | undefined,
  catalog: CatalogView,
  words: Catalogue,
): string[] => [
  statedPeriod(state.period, range, words),
  ...(state.compare === null ? [] : [words.explore.compare[state.compare]]),
  ...statedConditions(state.where, catalog, words),
  ...state.segments.map((name) => catalog.segments.find((each) => each.name === name)?.title ?? name),
  ...state.filters.map((filter) => JSON.stringify(filter)),
];

/** @param pick the member whose filter is edited @param showsAll draws every row */
export const explorePage = async (
  state: ExploreState,
  pick: string | null,
  showsAll: boolean,
  reader: Reader,
  services: Services,
): Promise<HtmlEscapedString> => {
  const { explore } = services.words;
  const { catalog } = reader;
  const { state: asked, leftOut } = suited(state, catalog);
  const asks = asked.measures.length + asked.calculations.length > 0;
  const [frame, answer, explanation, members] = await Promise.all([
    frameOf(services, explore.title, "/explore", reader.manifest),
    asks ? settled(answerOf(asked, showsAll, reader)) : null,
    asks && state.explain
      ? settled(reader.run((options) => services.project.explain(stateQuery(asked, catalog), options)))
      : null,
    pickedMembers(pick, reader, services),
  ]);
  const range = answer === null || answer instanceof TesseraError ? null : answer.meta.range;
  return documentOf(
    <Layout frame={frame}>
      <Head title={explore.title} stated={statedOf(state, range, catalog, services.words)}>
        {asks ? <ExportsMenu query={stateQuery(asked, catalog)} /> : null}
        <a class="button" href="/explore">
          {explore.newQuery}
        </a>
      </Head>
      <Shelves state={state} catalog={catalog} years={yearsOf(services, reader)} range={range} />
      {pick ? <FilterEditor member={pick} state={state} catalog={catalog} {...members} /> : null}
      <Trails state={state} catalog={catalog} />
      <LeftOutMeasures state={state} leftOut={leftOut} catalog={catalog} />
      <Content state={asked} answer={answer} explanation={explanation} showsAll={showsAll} reader={reader} />
    </Layout>,
  );
};
