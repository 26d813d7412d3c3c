/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** A dashboard: key figures, charts and tables of one period, all from one data version. */
import type { HtmlEscapedString } from "hono/utils/html";
import { TesseraError } from "../../../engine/errors/index.ts";
import type { AttributeView } from "../../../engine/model/catalog-view.ts";
import type { DashboardSpec } from "../../../engine/model/declarations.ts";
import type { Value } from "../../../engine/model/query.ts";
import { membersIn } from "../../services/catalog-index.ts";
import { goalStates } from "../../services/goal-state.ts";
import type { Reader } from "../../services/reader.ts";
import type { Services } from "../../services/services.ts";
import { Goals } from "../goals/goals.tsx";
import { frameOf } from "../parts/frame-of.ts";
import { documentOf, Head, Layout } from "../parts/layout.tsx";
import { PeriodPicker } from "../parts/period-picker.tsx";
import { statedConditions, statedPeriod } from "../parts/stated.ts";
import { yearsOf } from "../parts/years.ts";
import { ChartTile, TableTile } from "./chart-tile.tsx";
import { dashboardHref, dashboardParameters, parseDashboardState, type DashboardState } from "./dashboard-state.ts";
import { KpiTile } from "./kpi-tile.tsx";
import { MemberFilter } from "./member-filter.tsx";
import { tileData, type TileData } from "./tile-data.ts";

/** Members listed in a filter before the server is asked for others. */
const LISTED = 60;

interface FilterMembers {
  readonly attribute: AttributeView;
  readonly values: readonly Value[];
  readonly truncated: boolean;
}

/** Half-width tiles that would be alone in their row take all of it. */
const filled = (tiles: readonly TileData[]): TileData[] => {
  const isWide = ({ tile }: TileData): boolean => tile.kind !== "kpi" && tile.wide === true;
  let half = false;
  return tiles.map((data, i) => {
    if (isWide(data)) {
      half = false;
      return data;
    }
    const next = tiles[i + 1];
    half = !half;
    const alone = half && (next === undefined || isWide(next));
    return alone && data.tile.kind !== "kpi" ? { ...data, tile: { ...data.tile, wide: true } } : data;
  });
};

const filterMembers = (dashboard: DashboardSpec, reader: Reader, { project }: Services): Promise<FilterMembers[]> => {
  const { attributes } = membersIn(reader.catalog);
  const filters = (dashboard.filters ?? []).flatMap((member) => attributes.get(member) ?? []);
  return Promise.all(
    filters.map(async (attribute) => {
      try {
        return { attribute, ...(await project.members(attribute.member, { limit: LISTED }, reader.options)) };
      } catch (error) {
        if (error instanceof TesseraError) return { attribute, values: [], truncated: false };
        throw error;
      }
    }),
  );
};

const rangeOf = (tiles: readonly TileData[]): readonly [string, string] | null | undefined => {
  const keyFigure = tiles.find(({ tile }) => tile.kind === "kpi")?.result?.meta.range;
  return keyFigure ?? tiles.find(({ result }) => result?.meta.range)?.result?.meta.range;
};

/** The class of the key figures' row: so many columns that no row is ragged. */
const columnsClass = (count: number): string => {
  if (count === 5) return "kpis five";
  return count === 3 || count === 6 ? "kpis three" : "kpis";
};

interface ControlsProps {
  readonly dashboard: DashboardSpec;
  readonly path: string;
  readonly state: DashboardState;
  readonly filters: readonly FilterMembers[];
}

const Filters = ({ dashboard, path, state, filters }: ControlsProps) => (
  <>
    {filters.map(({ attribute, values, truncated }) => {
      const chosen = state.conditions.find((condition) => condition.member === attribute.member)?.values ?? [];
      const conditions = state.conditions.filter((condition) => condition.member !== attribute.member);
      const rest = { ...state, conditions };
      return (
        <MemberFilter
          attribute={attribute}
          values={values}
          truncated={truncated}
          chosen={chosen}
          action={path}
          hidden={dashboardParameters(dashboard, rest)}
          clear={dashboardHref(dashboard, path, rest)}
        />
      );
    })}
  </>
);

/** @param withGoals adds the project's goals below the tiles */
export const dashboardPage = async (
  dashboard: DashboardSpec,
  path: string,
  parameters: URLSearchParams,
  reader: Reader,
  services: Services,
  withGoals: boolean,
): Promise<HtmlEscapedString> => {
  const state = parseDashboardState(dashboard, parameters);
  const [frame, tiles, filters, goals] = await Promise.all([
    frameOf(services, dashboard.title, path, reader.manifest),
    Promise.all(dashboard.tiles.map((tile) => tileData(tile, dashboard, state, reader))),
    filterMembers(dashboard, reader, services),
    withGoals ? goalStates(services.project.spec.goals ?? [], reader) : [],
  ]);
  const keyFigures = tiles.filter(({ tile }) => tile.kind === "kpi");
  const others = filled(tiles.filter(({ tile }) => tile.kind !== "kpi"));
  return documentOf(
    <Layout frame={frame}>
      <Head
        title={dashboard.title}
        description={dashboard.description}
        stated={[
          statedPeriod(state.period, rangeOf(tiles), services.words),
          ...statedConditions(state.conditions, reader.catalog, services.words),
        ]}
      >
        <Filters dashboard={dashboard} path={path} state={state} filters={filters} />
        <PeriodPicker
          period={state.period}
          range={rangeOf(tiles)}
          years={yearsOf(services, reader)}
          action={path}
          href={(period) => dashboardHref(dashboard, path, { ...state, period: period ?? dashboard.period })}
          hidden={dashboardParameters(dashboard, { ...state, period: dashboard.period })}
        />
      </Head>
      {keyFigures.length > 0 ? (
        <section class={columnsClass(keyFigures.length)} aria-label={services.words.shared.keyFigures}>
          {keyFigures.map((data) => (
            <KpiTile data={data} />
          ))}
        </section>
      ) : null}
      <section class="grid">
        {others.map((data) => (
          <>
            <ChartTile data={data} catalog={reader.catalog} />
            <TableTile data={data} catalog={reader.catalog} />
          </>
        ))}
        {goals.length > 0 ? <Goals goals={goals} catalog={reader.catalog} now={services.clock()} /> : null}
      </section>
    </Layout>,
  );
};
