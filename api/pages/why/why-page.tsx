/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** `/why`: a measure beside what was to be expected of it, and what a change between two periods is made of. */
import type { HtmlEscapedString } from "hono/utils/html";
import { TesseraError } from "../../../engine/errors/index.ts";
import { FORECAST_PERIODS } from "../../../engine/mining/forecast/forecast-series.ts";
import type { Bands, Findings } from "../../../engine/mining/index.ts";
import type { Column } from "../../../engine/model/query.ts";
import { formatNumber, formatRange } from "../../charts/index.ts";
import type { Reader } from "../../http/reader.ts";
import type { Services } from "../../http/services.ts";
import { membersIn } from "../explore/state-query.ts";
import { printCondition, stateHref, EMPTY_STATE } from "../explore/state.ts";
import { dateRoleOf } from "../goals/goal-state.ts";
import { Empty } from "../parts/chart-figure.tsx";
import { frameOf } from "../parts/frame-of.ts";
import { documentOf, Head, Layout } from "../parts/layout.tsx";
import { PartFailed } from "../parts/problems.tsx";
import { Section } from "../segments/report-section.tsx";
import { daysOfPeriod, rightBefore, whyFilters, whyHref, yearBefore, type Days, type WhyState } from "./why-state.ts";

const LAST: { readonly [per: string]: number } = { day: 42, week: 26, month: 18, quarter: 12 };

const settled = async <T,>(work: Promise<T>): Promise<T | TesseraError> => {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof TesseraError) || error.code === "cancelled") throw error;
    return error;
  }
};

/** The days that the state's period means; the last odd period of the band, or its last, where none was chosen. */
async function periodsOf(
  state: WhyState,
  bands: Bands | TesseraError,
  reader: Reader,
): Promise<{ readonly before: Days; readonly after: Days } | null> {
  const role = dateRoleOf(reader.catalog, state.measure);
  const { period, compare } = state.explore;
  let after: Days | null = null;
  if (period !== null && role) {
    const exact = /^(\d{4}-\d{2}-\d{2})\.\.(\d{4}-\d{2}-\d{2})$/.exec(period);
    after = exact
      ? [exact[1]!, exact[2]!]
      : ((
          await reader.query({
            measures: [state.measure],
            filters: [{ member: role, operator: "in_range", values: [period] }],
          })
        ).meta.range ?? null);
  } else if (!(bands instanceof TesseraError)) {
    const point = bands.points.filter((p) => p.odd !== null).at(-1) ?? bands.points.at(-1);
    after = point ? daysOfPeriod(point.day, bands.period) : null;
  }
  return (
    after && { after, before: state.before ?? (compare === "previous_period" ? rightBefore(after) : yearBefore(after)) }
  );
}

export const whyPage = async (state: WhyState, reader: Reader, services: Services): Promise<HtmlEscapedString> => {
  const { project } = services;
  const { measures, attributes } = membersIn(reader.catalog);
  const measure = measures.get(state.measure);
  const filters = whyFilters(state, reader.catalog);
  const asked = { measure: state.measure, filters, period: state.per, last: LAST[state.per]! };
  const bands = await settled(reader.remember(["bands", asked], (o) => project.bands(asked, o)));
  const periods = await settled(periodsOf(state, bands, reader));
  const request =
    periods instanceof TesseraError || periods === null
      ? null
      : { measure: state.measure, filters, before: periods.before, after: periods.after };
  const [frame, move] = await Promise.all([
    frameOf(services, "Why", "/explore", reader.manifest),
    request ? settled(reader.remember(["move", request], (o) => project.move(request, o))) : null,
  ]);
  const unit: Partial<Column> = {
    format: measure?.format ?? "number",
    ...(reader.catalog.currency && measure?.format === "currency" && { currency: reader.catalog.currency }),
  };
  const value = (name: string, title: string): Column => ({ name, kind: "measure", type: "number", title, ...unit });
  const after = request?.after,
    before = request?.before;
  const odd = bands instanceof TesseraError ? [] : bands.points.filter((p) => p.odd !== null);
  const title = measure?.title ?? state.measure;
  const words = [
    ...state.explore.where.map(
      (c) => `${attributes.get(c.member)?.title ?? c.member}: ${c.values.map((v) => v ?? "(unknown)").join(", ")}`,
    ),
    ...state.explore.segments,
  ];
  const say = (v: number): string => formatNumber(v, unit as Column);
  const findings: Findings | null = move && !(move instanceof TesseraError) ? move.told : null;
  return documentOf(
    <Layout frame={frame}>
      <Head
        title={`Why did it move? ${title}`}
        description={
          words.length > 0 ? words.join("; ") : "All of it, taken apart by every dimension and pair of them."
        }
      >
        <a
          class="button"
          href={stateHref({
            ...EMPTY_STATE,
            measures: [state.measure],
            where: state.explore.where,
            segments: state.explore.segments,
            filters: state.explore.filters,
            period: state.explore.period,
          })}
        >
          Explore
        </a>
      </Head>
      <form class="card why-form" method="get" action="/why">
        <div class="body fields across">
          {state.explore.where.map((c) => (
            <input type="hidden" name="where" value={printCondition(c)} />
          ))}
          {state.explore.segments.map((s) => (
            <input type="hidden" name="segment" value={s} />
          ))}
          {state.explore.filters.length > 0 ? (
            <input type="hidden" name="filters" value={JSON.stringify(state.explore.filters)} />
          ) : null}
          <label class="field">
            <span>Measure</span>
            <select name="measures">
              {reader.catalog.cubes.map((cube) => (
                <optgroup label={cube.title}>
                  {cube.measures.map((m) => (
                    <option value={m.member} selected={m.member === state.measure}>
                      {m.title}
                    </option>
                  ))}
                </optgroup>
              ))}
            </select>
          </label>
          <fieldset class="field">
            <legend>Before</legend>
            <span class="row">
              <input type="date" name="before_from" aria-label="Before, first day" value={before?.[0] ?? ""} />
              <span class="faint">–</span>
              <input type="date" name="before_until" aria-label="Before, last day" value={before?.[1] ?? ""} />
            </span>
          </fieldset>
          <fieldset class="field">
            <legend>After</legend>
            <span class="row">
              <input type="date" name="from" aria-label="After, first day" value={after?.[0] ?? ""} />
              <span class="faint">–</span>
              <input type="date" name="until" aria-label="After, last day" value={after?.[1] ?? ""} />
            </span>
          </fieldset>
          <label class="field">
            <span>Band by</span>
            <select name="per">
              {FORECAST_PERIODS.map((p) => (
                <option value={p} selected={p === state.per}>
                  {p}
                </option>
              ))}
            </select>
          </label>
          <button class="button primary" type="submit">
            Take it apart
          </button>
          {after ? (
            <span class="field">
              <a class="link" href={whyHref(state, { after, before: yearBefore(after) })}>
                against a year before
              </a>
              <a class="link" href={whyHref(state, { after, before: rightBefore(after) })}>
                against right before
              </a>
            </span>
          ) : null}
        </div>
      </form>
      {periods instanceof TesseraError ? (
        <div class="card">
          <PartFailed error={periods} />
        </div>
      ) : null}
      {move instanceof TesseraError ? (
        <div class="card">
          <PartFailed error={move} />
        </div>
      ) : null}
      {findings ? (
        <>
          <div class="notice">
            <ul class="notes dim">
              {findings.notes.map((note) => (
                <li>{note}</li>
              ))}
            </ul>
          </div>
          <section class="kpis">
            {findings.figures.map((f) => (
              <article class="card kpi">
                <h2>{f.title}</h2>
                <p class="value">
                  {f.value === null
                    ? "–"
                    : formatNumber(f.value, {
                        format: f.format,
                        ...(reader.catalog.currency && { currency: reader.catalog.currency }),
                      })}
                </p>
                {f.note ? <p class="change">{f.note}</p> : null}
              </article>
            ))}
          </section>
        </>
      ) : null}
      <section class="grid">
        {findings?.sections.map((section) => (
          <Section section={section} />
        ))}
        {bands instanceof TesseraError ? (
          <article class="card wide">
            <header>
              <h2>Expected and actual</h2>
            </header>
            <PartFailed error={bands} />
          </article>
        ) : (
          <>
            <Section
              section={{
                title: "Expected and actual",
                wide: true,
                plot: { kind: "curve", x: "day", y: ["actual", "expected"], band: ["low", "high"] },
                rows: bands.points.map(({ odd: _, ...p }) => p),
                columns: [
                  {
                    name: "day",
                    kind: "dimension",
                    type: "date",
                    level: state.per,
                    title: state.per[0]!.toUpperCase() + state.per.slice(1),
                  },
                  value("actual", "Actual"),
                  value("expected", "Expected a period before"),
                  value("low", "95 % from"),
                  value("high", "to"),
                ],
                note: `Each ${state.per} as ${bands.forecaster} told it from what was known before; the band is as wide as its errors in other ${state.per}s were. One in twenty lies outside by chance.${bands.left.length > 0 ? ` Left out, since only a part is loaded: ${bands.left.join(", ")}.` : ""}`,
              }}
            />
            <article class="card wide">
              <header>
                <h2>Not to be expected</h2>
              </header>
              {odd.length === 0 ? (
                <Empty title={`Every ${state.per} lay within its band`}>
                  Choose two periods above to take any change apart.
                </Empty>
              ) : (
                <div class="table-wrap">
                  <table class="data">
                    <thead>
                      <tr>
                        <th>Period</th>
                        <th class="num">Actual</th>
                        <th class="num">Expected</th>
                        <th class="num">95 % from</th>
                        <th class="num">to</th>
                        <th></th>
                      </tr>
                    </thead>
                    <tbody>
                      {[...odd].reverse().map((p) => {
                        const days = daysOfPeriod(p.day, bands.period);
                        return (
                          <tr>
                            <td>{formatRange(days[0], days[1])}</td>
                            <td class="num">
                              <b>{say(p.actual)}</b>
                            </td>
                            <td class="num">{say(p.expected)}</td>
                            <td class="num dim">{say(p.low)}</td>
                            <td class="num dim">{say(p.high)}</td>
                            <td>
                              <a
                                class="link"
                                href={whyHref(state, {
                                  after: days,
                                  before:
                                    bands.period === "day" || bands.period === "week"
                                      ? rightBefore(days)
                                      : yearBefore(days),
                                })}
                              >
                                why?
                              </a>
                            </td>
                          </tr>
                        );
                      })}
                    </tbody>
                  </table>
                </div>
              )}
            </article>
          </>
        )}
      </section>
    </Layout>,
  );
};
