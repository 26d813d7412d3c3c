/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** A dashboard: key figures, charts and tables of one period, all asked at once of one data version. */
import type { HtmlEscapedString } from "hono/utils/html";
import { TesseraError } from "../../../engine/errors/index.ts";
import type { DashboardSpec } from "../../../engine/model/declarations.ts";
import type { Reader } from "../../http/reader.ts";
import type { Services } from "../../http/services.ts";
import { membersIn } from "../explore/state-query.ts";
import { goalStates } from "../goals/goal-state.ts";
import { Goals } from "../goals/goals.tsx";
import { frameOf } from "../parts/frame-of.ts";
import { documentOf, Head, Layout } from "../parts/layout.tsx";
import { PeriodPicker } from "../parts/period-picker.tsx";
import { yearsOf } from "../parts/years.ts";
import { ChartTile, TableTile } from "./chart-tile.tsx";
import { dashboardHref, dashboardParameters, parseDashboardState } from "./dashboard-state.ts";
import { KpiTile } from "./kpi-tile.tsx";
import { MemberFilter } from "./member-filter.tsx";
import { tileData, type TileData } from "./tile-data.ts";

/** Half-width tiles that would stand alone in their row take all of it. */
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
    return half && (next === undefined || isWide(next)) && data.tile.kind !== "kpi"
      ? { ...data, tile: { ...data.tile, wide: true } }
      : data;
  });
};

/** Members listed in a filter before the server is asked for others. */
const LISTED = 60;

export const dashboardPage = async (
  dashboard: DashboardSpec,
  path: string,
  parameters: URLSearchParams,
  reader: Reader,
  services: Services,
  withGoals: boolean,
): Promise<HtmlEscapedString> => {
  const state = parseDashboardState(dashboard, parameters);
  const { attributes } = membersIn(reader.catalog);
  const filters = (dashboard.filters ?? []).flatMap((member) => {
    const a = attributes.get(member);
    return a ? [a] : [];
  });
  const [frame, tiles, members, goals] = await Promise.all([
    frameOf(services, dashboard.title, path, reader.manifest),
    Promise.all(dashboard.tiles.map((tile) => tileData(tile, dashboard, state, reader))),
    Promise.all(
      filters.map((a) =>
        services.project.members(a.member, { limit: LISTED }, reader.options).catch((error: unknown) => {
          if (error instanceof TesseraError) return { values: [], truncated: false };
          throw error;
        }),
      ),
    ),
    withGoals ? goalStates(services.project.spec.goals ?? [], reader) : [],
  ]);
  const kpis = tiles.filter((t) => t.tile.kind === "kpi");
  const range = kpis[0]?.result?.meta.range ?? tiles.find((t) => t.result?.meta.range)?.result?.meta.range;
  const others = filled(tiles.filter((t) => t.tile.kind !== "kpi"));
  return documentOf(
    <Layout frame={frame}>
      <Head title={dashboard.title} description={dashboard.description}>
        {filters.map((attribute, i) => {
          const chosen = state.conditions.find((c) => c.member === attribute.member)?.values ?? [];
          const rest = { ...state, conditions: state.conditions.filter((c) => c.member !== attribute.member) };
          return (
            <MemberFilter
              attribute={attribute}
              values={members[i]!.values}
              truncated={members[i]!.truncated}
              chosen={chosen}
              action={path}
              hidden={dashboardParameters(dashboard, rest)}
              clear={dashboardHref(dashboard, path, rest)}
            />
          );
        })}
        <PeriodPicker
          period={state.period}
          range={range}
          years={yearsOf(services, reader)}
          action={path}
          href={(period) => dashboardHref(dashboard, path, { ...state, period: period ?? dashboard.period })}
          hidden={dashboardParameters(dashboard, { ...state, period: dashboard.period })}
        />
      </Head>
      {kpis.length > 0 ? (
        <section
          class={`kpis${kpis.length === 5 ? " five" : kpis.length === 3 || kpis.length === 6 ? " three" : ""}`}
          aria-label="Key figures"
        >
          {kpis.map((data) => (
            <KpiTile data={data} />
          ))}
        </section>
      ) : null}
      <section class="grid">
        {others.map((data) =>
          data.tile.kind === "chart" ? (
            <ChartTile data={data} catalog={reader.catalog} />
          ) : (
            <TableTile data={data} catalog={reader.catalog} />
          ),
        )}
        {goals.length > 0 ? <Goals goals={goals} catalog={reader.catalog} now={services.clock()} /> : null}
      </section>
    </Layout>,
  );
};
