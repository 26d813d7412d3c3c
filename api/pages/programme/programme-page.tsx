/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** `/programme`: goals and whether they will be met, what the programme costs and brings, judgements, adoption, readiness. */
import type { HtmlEscapedString } from "hono/utils/html";
import { TesseraError } from "../../../engine/errors/index.ts";
import { listJudgements, usageByWeek, withState, JUDGED_VERDICTS, type Judgement } from "../../../etl/index.ts";
import { formatCompact, formatNumber, NOTHING, type ChartSpec } from "../../charts/index.ts";
import { formatDate } from "../../charts/format-date.ts";
import type { Reader } from "../../http/reader.ts";
import type { Services } from "../../http/services.ts";
import { overOf } from "../campaigns/plan-page.tsx";
import { count } from "../data/status.tsx";
import { membersIn } from "../explore/state-query.ts";
import { goalStates } from "../goals/goal-state.ts";
import { ChartFigure, Empty } from "../parts/chart-figure.tsx";
import { frameOf } from "../parts/frame-of.ts";
import { documentOf, Head, Layout } from "../parts/layout.tsx";
import { goalOutlooks } from "./goal-outlooks.ts";
import { readinessOf } from "./readiness.ts";
import { scenarioOf, type Flow, type Scenario } from "./scenario.ts";

const WORDS: { readonly [verdict: string]: string } = {
  reached: "reached",
  partly: "partly",
  missed: "missed",
  too_early: "too early to say",
};
const TONE: { readonly [words: string]: string } = {
  reached: "good",
  "on the way": "good",
  partly: "warn",
  uncertain: "warn",
  missed: "bad",
  "not on the way": "bad",
};

/** Nobody knows the last hundredths. */
const chanceWords = (chance: number): string =>
  chance < 0.02
    ? "under 2%"
    : chance > 0.98
      ? "over 98%"
      : formatNumber(chance, { format: "percent" }).replace(/\.\d+/, "");

/** Months of the cube that has a cost and a benefit; null where none is declared. */
async function flowsOf(reader: Reader): Promise<readonly Flow[] | null> {
  const cube = reader.catalog.cubes.find((c) =>
    ["cost", "benefit"].every((name) => c.measures.some((m) => m.member === `${c.name}.${name}`)),
  );
  const role = reader.catalog.roles.find((r) => r.kind === "date" && cube?.roles.includes(r.name))?.name;
  if (!cube || !role) return null;
  const { rows } = await reader.query({
    measures: [`${cube.name}.cost`, `${cube.name}.benefit`],
    dimensions: [`${role}.month`],
    order: [{ member: `${role}.month`, direction: "asc" }],
    limit: 600,
  });
  return rows
    .filter((row) => row[`${role}.month`] !== null)
    .map((row) => ({
      month: String(row[`${role}.month`]),
      cost: Number(row[`${cube.name}.cost`] ?? 0),
      benefit: Number(row[`${cube.name}.benefit`] ?? 0),
    }));
}

const Money = ({ scenario, currency }: { readonly scenario: Scenario; readonly currency: string | undefined }) => {
  const column = { format: "currency" as const, ...(currency && { currency }) };
  const money = (v: number): string => formatCompact(v, column);
  const measure = (name: string, title: string) => ({
    name,
    title,
    kind: "measure" as const,
    type: "number" as const,
    ...column,
  });
  const spec: ChartSpec = {
    kind: "line",
    title: "Net benefit so far",
    x: "month",
    y: ["net", "cautious"],
    columns: [
      { name: "month", title: "Month", kind: "dimension", type: "date", level: "month" },
      measure("net", "As it is booked"),
      measure("cautious", "Expectations discounted"),
    ],
    rows: scenario.months.map((m) => ({ ...m })),
  };
  const month = (iso: string | null): string =>
    iso === null ? "not within these months" : formatDate(iso).replace(/^\d+ /, "");
  return (
    <article class="card wide">
      <header>
        <h2>Cost and benefit</h2>
        <span class="faint small">{scenario.months.length} months</span>
      </header>
      <div class="body">
        <ChartFigure spec={spec} width={1130} height={260} table={false} />
      </div>
      <div class="table-wrap">
        <table class="data">
          <thead>
            <tr>
              <th></th>
              <th class="num">Cost</th>
              <th class="num">Benefit</th>
              <th class="num">Net</th>
              <th class="num">Return</th>
              <th>Paid back for good since</th>
            </tr>
          </thead>
          <tbody>
            {(
              [
                ["As it is booked", scenario.plan],
                ["Expectations discounted", scenario.cautious],
              ] as const
            ).map(([title, s]) => (
              <tr>
                <td>{title}</td>
                <td class="num">{money(s.cost)}</td>
                <td class="num">{money(s.benefit)}</td>
                <td class={`num ${s.net < 0 ? "down" : "up"}`}>{money(s.net)}</td>
                <td class="num">{s.cost === 0 ? NOTHING : formatNumber(s.net / s.cost, { format: "percent" })}</td>
                <td>{month(s.payback)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <footer>
        Discounted: every cost twice, every benefit half, and each benefit taking twice as long to come. A programme
        that pays even so needs no luck.
      </footer>
    </article>
  );
};

export const programmePage = async (reader: Reader, services: Services): Promise<HtmlEscapedString> => {
  const { project } = services;
  const goals = project.spec.goals ?? [];
  const { measures } = membersIn(reader.catalog);
  const measure = reader.catalog.cubes[0]?.measures[0]?.member;
  const today =
    (measure ? (await reader.query({ measures: [measure], limit: 1 })).meta.now : undefined) ??
    services.clock().toISOString().slice(0, 10);
  const [frame, states, flows, readiness] = await Promise.all([
    frameOf(services, "Programme", "/programme", reader.manifest),
    goalStates(goals, reader),
    flowsOf(reader).catch((error: unknown) => {
      if (error instanceof TesseraError && error.code !== "cancelled") return null;
      throw error;
    }),
    readinessOf(overOf(services), reader, services),
  ]);
  const outlooks = await goalOutlooks(goals, reader, project);
  const { judged, weeks } = withState(project.warehouse, (state) => ({
    judged: listJudgements(state),
    weeks: usageByWeek(state, services.clock()),
  }));
  const say = (value: number, member: string): string => {
    const column = {
      format: measures.get(member)?.format ?? ("number" as const),
      ...(reader.catalog.currency && { currency: reader.catalog.currency }),
    };
    return Math.abs(value) >= 10_000 ? formatCompact(value, column) : formatNumber(value, column);
  };
  const integers = (name: string, title: string) => ({
    name,
    title,
    kind: "measure" as const,
    type: "integer" as const,
    format: "integer" as const,
  });
  const requests = weeks.reduce((sum, w) => sum + w.requests, 0);
  const use: ChartSpec = {
    kind: "bar",
    title: "Requests by week",
    x: "week",
    y: ["requests"],
    columns: [
      { name: "week", title: "Week from", kind: "dimension", type: "date", level: "week" },
      integers("requests", "Requests"),
    ],
    rows: weeks.map((w) => ({ week: w.week, requests: w.requests })),
  };
  return documentOf(
    <Layout frame={frame}>
      <Head
        title="Programme"
        description="What the CRM was to achieve, whether it will, what it costs and brings, and whether it is used."
      />
      <div class="grid">
        <article class="card wide">
          <header>
            <h2>Shall we make it?</h2>
            <span class="faint small">data until {formatDate(today)}</span>
          </header>
          {goals.length === 0 ? (
            <Empty title="No goal is declared">
              Declare one with <code>defineGoal</code>: a measure, a baseline, a target, a date.
            </Empty>
          ) : (
            <div class="table-wrap">
              <table class="data">
                <thead>
                  <tr>
                    <th>Goal</th>
                    <th class="num">From</th>
                    <th class="num">Now</th>
                    <th class="num">Target</th>
                    <th class="num">Way made</th>
                    <th class="num">Expected at the end</th>
                    <th class="num">Chance</th>
                    <th class="num">Needed from now</th>
                    <th>Verdict</th>
                  </tr>
                </thead>
                <tbody>
                  {states.map((g, i) => {
                    const o = outlooks[i];
                    return (
                      <tr>
                        <td>
                          {g.title}
                          <div class="range text">
                            {g.owner ?? ""}
                            {g.owner ? ", " : ""}by {formatDate(g.by)}
                          </div>
                        </td>
                        <td class="num dim">{say(g.baseline, g.measure)}</td>
                        <td class="num">
                          {g.value === null ? (
                            <span title={g.problem}>{NOTHING}</span>
                          ) : (
                            <b>{say(g.value, g.measure)}</b>
                          )}
                        </td>
                        <td class="num">{say(g.target, g.measure)}</td>
                        <td class="num">
                          {g.progress === null ? NOTHING : formatNumber(g.progress, { format: "percent" })}
                        </td>
                        <td class="num" title={o?.by ?? ""}>
                          {!o || o.expected === null ? (
                            <span class="faint">{NOTHING}</span>
                          ) : (
                            say(o.expected, g.measure)
                          )}
                          {o?.interval ? (
                            <div class="range">
                              {say(o.interval[0], g.measure)} to {say(o.interval[1], g.measure)}
                            </div>
                          ) : null}
                        </td>
                        <td class="num">{!o || o.chance === null ? NOTHING : chanceWords(o.chance)}</td>
                        <td class="num">
                          {!o || o.needed === null ? (
                            NOTHING
                          ) : (
                            <>
                              {say(o.needed, g.measure)} <span class="faint">a {o.unit}</span>
                            </>
                          )}
                          {o?.pace ? <div class="range">so far {say(o.pace, g.measure)}</div> : null}
                        </td>
                        <td>
                          <span class={`badge ${TONE[o?.words ?? "open"] ?? ""}`}>{o?.words ?? "open"}</span>
                        </td>
                      </tr>
                    );
                  })}
                </tbody>
              </table>
            </div>
          )}
          {goals.length === 0 ? null : (
            <footer>
              Expected by the forecaster that did best from earlier origins, with the interval that held in four of five
              cases; rest the pointer on a figure to see which.
            </footer>
          )}
        </article>
        {flows && flows.length > 0 ? (
          <Money scenario={scenarioOf(flows)} currency={reader.catalog.currency ?? undefined} />
        ) : null}
        <article class="card">
          <header>
            <h2>Adoption</h2>
            <span class="faint small">requests, twelve weeks</span>
          </header>
          <div class="body">
            {requests === 0 ? (
              <Empty title="Nobody has asked yet">Each question and page is counted here.</Empty>
            ) : (
              <>
                <ChartFigure spec={use} width={540} height={190} table={false} />
                <p class="dim small">
                  {count(requests)} requests, at most {count(Math.max(...weeks.map((w) => w.callers)))}{" "}
                  {Math.max(...weeks.map((w) => w.callers)) === 1 ? "caller" : "callers"} a week,{" "}
                  {formatNumber(weeks.reduce((sum, w) => sum + w.failed, 0) / requests, { format: "percent" })} could
                  not be answered.
                </p>
              </>
            )}
          </div>
        </article>
        <article class="card">
          <header>
            <h2>Readiness of the data</h2>
            {readiness ? (
              <span class="faint small">
                {count(readiness.members)} × {readiness.dimension.toLowerCase()}
              </span>
            ) : null}
          </header>
          {readiness === null ? (
            <div class="body faint">No dimension to look at.</div>
          ) : (
            <>
              <div class="table-wrap">
                <table class="data">
                  <thead>
                    <tr>
                      <th>Known of them</th>
                      <th></th>
                      <th class="num">Share</th>
                    </tr>
                  </thead>
                  <tbody>
                    {readiness.known.slice(0, 8).map((k) => (
                      <tr>
                        <td>{k.title}</td>
                        <td>
                          <svg width="120" height="6" viewBox="0 0 120 6" aria-hidden="true">
                            <rect class="meter-track" width="120" height="6" rx="3" />
                            <rect
                              class={`meter-fill ${k.share > 0.95 ? "good" : k.share < 0.5 ? "bad" : ""}`}
                              width={k.share * 120}
                              height="6"
                              rx="3"
                            />
                          </svg>
                        </td>
                        <td class="num">{formatNumber(k.share, { format: "percent" })}</td>
                      </tr>
                    ))}
                  </tbody>
                </table>
              </div>
              <footer>
                The least known first.{" "}
                {readiness.unmined.length > 0 ? `Not mined yet: ${readiness.unmined.join(", ")}. ` : ""}
                {readiness.stale.length > 0 ? `Older than the data: ${readiness.stale.join(", ")}.` : ""}
              </footer>
            </>
          )}
        </article>
        <article class="card wide" id="judged">
          <header>
            <h2>Judged by people</h2>
          </header>
          {judged.length === 0 ? (
            <div class="body faint">
              Nothing was judged yet. Goals that no figure decides are judged here, with a name and a date.
            </div>
          ) : (
            <div class="table-wrap">
              <table class="data">
                <thead>
                  <tr>
                    <th>On</th>
                    <th>Goal</th>
                    <th>Verdict</th>
                    <th>Why</th>
                    <th>By</th>
                  </tr>
                </thead>
                <tbody>
                  {judged.slice(0, 50).map((j: Judgement) => (
                    <tr>
                      <td class="dim">{formatDate(j.judgedOn)}</td>
                      <td>{j.goal}</td>
                      <td>
                        <span class={`badge ${TONE[j.verdict] ?? ""}`}>{WORDS[j.verdict]}</span>
                      </td>
                      <td class="text">{j.words}</td>
                      <td class="dim">{j.assessor}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )}
          <form method="post" action="/programme/judgements">
            <div class="body fields across">
              <label class="field">
                <span>Goal</span>
                <input type="text" class="text" name="goal" list="goals" required maxlength={200} autocomplete="off" />
              </label>
              <datalist id="goals">
                {goals.map((g) => (
                  <option value={g.title} />
                ))}
              </datalist>
              <label class="field">
                <span>Verdict</span>
                <select name="verdict">
                  {JUDGED_VERDICTS.map((v) => (
                    <option value={v}>{WORDS[v]}</option>
                  ))}
                </select>
              </label>
              <label class="field">
                <span>On</span>
                <input type="date" name="judged_on" value={services.clock().toISOString().slice(0, 10)} required />
              </label>
              <label class="field">
                <span>By</span>
                <input type="text" class="text" name="assessor" required maxlength={200} autocomplete="off" />
              </label>
              <label class="field">
                <span>Why</span>
                <input type="text" class="text" name="words" required maxlength={4000} size={44} autocomplete="off" />
              </label>
              <button class="button" type="submit">
                Note it
              </button>
            </div>
          </form>
        </article>
      </div>
    </Layout>,
  );
};
