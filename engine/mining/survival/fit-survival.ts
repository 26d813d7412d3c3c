/** How long members stay: survival curves by group with numbers at risk, what goes with leaving sooner, and each one's chance to be still there. */
import { TesseraError, phrase } from "../../errors/index.ts";
import { toIso } from "../../model/time/calendar.ts";
import type { Row } from "../../model/query.ts";
import { resolveAttribute } from "../../query/binding/member.ts";
import { dimension, measure } from "../columns.ts";
import { eventDays } from "../event-days.ts";
import { roleOver } from "../features.ts";
import { cubeOf, factRows, parametersOf } from "../fact-rows.ts";
import { seeded } from "../random.ts";
import { defineTechnique, type Findings, type MiningContext, type ModelSpec } from "../technique.ts";
import { OUTPUTS } from "../outputs.ts";
import { concordance, fitCox, type Cox } from "./cox.ts";
import { atRiskAt, kaplanMeier, logRank, medianOf, survivalAt, type SurvivalStep } from "./kaplan-meier.ts";

/** A member is gone who had no event for `inactive.days`; `by` cuts the curves; `features` are attributes known from the start, numbers or groups. */
export interface SurvivalModel extends ModelSpec {
  readonly technique: "survival";
  readonly events: string;
  readonly inactive: { readonly days: number };
  readonly by?: string;
  readonly features?: readonly string[];
}

interface Members {
  readonly times: Float64Array;
  readonly events: Uint8Array;
  readonly attributes: readonly (readonly (string | number | boolean | null)[])[];
}
export interface SurvivalFit {
  readonly members: Members;
  readonly whole: readonly SurvivalStep[];
  readonly groups: readonly {
    readonly name: string;
    readonly n: number;
    readonly times: Float64Array;
    readonly steps: readonly SurvivalStep[];
  }[];
  readonly test: { readonly chi2: number; readonly degrees: number; readonly p: number } | null;
  readonly cox: {
    readonly fitted: Cox;
    readonly names: readonly string[];
    readonly unseen: number;
    readonly interval: readonly [number, number];
  } | null;
}

const FEWEST = 100;
const MOST_GROUPS = 8;
const WEEK = 7;
const SAMPLED = 2000;
const REPETITIONS = 200;

async function fit(context: MiningContext<SurvivalModel>): Promise<SurvivalFit> {
  const { engine, connection, model, asOf } = context;
  const place = `model ${model.name}`;
  context.onProgress("reading events");
  await eventDays(context, "survival_days");
  const wanted = [...new Set([...(model.by === undefined ? [] : [model.by]), ...(model.features ?? [])])];
  const role = roleOver(context, model.over).name;
  cubeOf(engine, `${place} › events`, model.events);
  const printed = factRows(engine, place, {
    cube: model.events,
    distinct: true,
    columns: { key: { key: role }, ...Object.fromEntries(wanted.map((m, i) => [`a${i}`, { attribute: m }])) },
    until: asOf,
  });
  await connection.run(
    `CREATE OR REPLACE TEMP TABLE survival_known AS SELECT key${wanted.map((_, i) => `, min(a${i}) AS a${i}`).join("")} FROM (${printed.sql}) WHERE key IS NOT NULL GROUP BY key`,
    parametersOf(printed),
  );
  const day = `DATE '${toIso(asOf)}'`;
  // gone is known only after the silence: until then a member is still watched
  await connection.run(
    `CREATE OR REPLACE TEMP TABLE survival_members AS SELECT key, least(max(day) + ${model.inactive.days}, ${day}) - min(day) AS days, max(day) + ${model.inactive.days} <= ${day} AS gone FROM survival_days GROUP BY key HAVING min(day) < ${day}`,
  );
  const read = await engine.serving.run(
    `SELECT m.days::DOUBLE, m.gone::INTEGER${wanted.map((_, i) => `, k.a${i}`).join("")} FROM survival_members AS m JOIN survival_known AS k USING (key) ORDER BY m.key`,
  );
  const members: Members = {
    times: Float64Array.from(read.columns[0]!, Number),
    events: Uint8Array.from(read.columns[1]!, Number),
    attributes: read.columns.slice(2),
  };
  const gone = members.events.reduce((a, b) => a + b, 0);
  if (gone < FEWEST)
    throw new TesseraError(
      "too-little-data",
      phrase`model ${model.name}: ${gone} of ${members.times.length} members are gone`,
      { place, remedy: phrase`it needs ${FEWEST}; load more, or change inactive.days` },
    );

  context.onProgress("drawing curves");
  const by =
    model.by === undefined
      ? null
      : members.attributes[wanted.indexOf(model.by)]!.map((v) => (v === null ? "(unknown)" : String(v)));
  const sizes = new Map<string, number>();
  for (const name of by ?? []) sizes.set(name, (sizes.get(name) ?? 0) + 1);
  const names = [...sizes]
    .sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0]))
    .slice(0, MOST_GROUPS)
    .map(([name]) => name);
  const groups = names.map((name) => {
    const rows = [...by!.keys()].filter((i) => by![i] === name);
    const times = Float64Array.from(rows, (i) => members.times[i]!);
    return {
      name,
      n: rows.length,
      times,
      steps: kaplanMeier(
        times,
        Uint8Array.from(rows, (i) => members.events[i]!),
      ),
    };
  });
  const kept = by === null ? [] : [...by.keys()].filter((i) => names.includes(by[i]!));
  const test =
    names.length < 2
      ? null
      : logRank(
          Float64Array.from(kept, (i) => members.times[i]!),
          Uint8Array.from(kept, (i) => members.events[i]!),
          Int32Array.from(kept, (i) => names.indexOf(by![i]!)),
          names.length,
        );
  context.onProgress("finding what goes with leaving");
  return {
    members,
    whole: kaplanMeier(members.times, members.events),
    groups,
    test,
    cox: hazards(context, members, wanted),
  };
}

/** Cox's model of the features; learnt on every second member, judged on the others, then fitted to all. */
function hazards(
  { engine, model }: MiningContext<SurvivalModel>,
  { times, events, attributes }: Members,
  wanted: readonly string[],
): SurvivalFit["cox"] {
  const columns: Float64Array[] = [];
  const names: string[] = [];
  for (const feature of model.features ?? []) {
    const values = attributes[wanted.indexOf(feature)]!;
    const ref = resolveAttribute(engine.catalog, engine.binding, feature, `model ${model.name} › features`);
    if (ref.type === "integer" || ref.type === "number") {
      const known = values.filter((v) => v !== null).map(Number);
      if (known.length === 0) continue;
      const mean = known.reduce((a, b) => a + b, 0) / known.length;
      const deviation = Math.sqrt(known.reduce((a, b) => a + (b - mean) ** 2, 0) / known.length);
      if (!(deviation > 0)) continue;
      columns.push(Float64Array.from(values, (v) => (v === null ? 0 : (Number(v) - mean) / deviation)));
      names.push(`${ref.title} (one standard deviation more)`);
      continue;
    }
    const sizes = new Map<string, number>();
    for (const v of values) if (v !== null) sizes.set(String(v), (sizes.get(String(v)) ?? 0) + 1);
    const ordered = [...sizes].sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0])).map(([name]) => name);
    // against the most frequent member; rare ones are not told apart
    for (const name of ordered.slice(1, MOST_GROUPS)) {
      columns.push(Float64Array.from(values, (v) => (String(v) === name ? 1 : 0)));
      names.push(`${ref.title}: ${name} (against ${ordered[0]})`);
    }
  }
  if (columns.length === 0) return null;
  const half = (odd: number): number[] => [...times.keys()].filter((i) => i % 2 === odd);
  const pick = (rows: readonly number[]) => ({
    times: Float64Array.from(rows, (i) => times[i]!),
    events: Uint8Array.from(rows, (i) => events[i]!),
    columns: columns.map((c) => Float64Array.from(rows, (i) => c[i]!)),
  });
  const learnt = pick(half(0));
  const early = fitCox(learnt.times, learnt.events, learnt.columns);
  const odd = half(1);
  const step = Math.max(1, Math.floor(odd.length / SAMPLED));
  const held = pick(odd.filter((_, i) => i % step === 0));
  const risk = held.times.map((_, i) => early.coefficients.reduce((sum, b, j) => sum + b * held.columns[j]![i]!, 0));
  const unseen = concordance(risk, held.times, held.events);
  const random = seeded(model.seed ?? 1);
  // drawn anew within a fifth of the sample: the square of members is what takes the time
  const size = Math.min(held.times.length, 400);
  const draws = Array.from({ length: REPETITIONS }, () => {
    const rows = Int32Array.from({ length: size }, () => random.below(held.times.length));
    return concordance(
      Float64Array.from(rows, (i) => risk[i]!),
      Float64Array.from(rows, (i) => held.times[i]!),
      Uint8Array.from(rows, (i) => held.events[i]!),
    );
  });
  const mean = draws.reduce((a, b) => a + b, 0) / REPETITIONS;
  const error =
    Math.sqrt(draws.reduce((a, b) => a + (b - mean) ** 2, 0) / (REPETITIONS - 1)) * Math.sqrt(size / held.times.length);
  return {
    fitted: fitCox(times, events, columns),
    names,
    unseen,
    interval: [unseen - 1.96 * error, unseen + 1.96 * error],
  };
}

async function score({ connection }: MiningContext<SurvivalModel>, { whole, members }: SurvivalFit): Promise<string> {
  // the chance to be there a quarter from now, given that a member is there now
  const AHEAD = 91;
  await connection.run("CREATE OR REPLACE TEMP TABLE survival_curve (days DOUBLE, stay DOUBLE)");
  const appender = await connection.createAppender("survival_curve", "main", "temp");
  const last = members.times.reduce((m, t) => Math.max(m, t), 0);
  for (const days of new Set(members.times)) {
    const now = survivalAt(whole, days);
    if (days + AHEAD > last || now === 0) continue;
    appender.appendDouble(days);
    appender.appendDouble(survivalAt(whole, days + AHEAD) / now);
    appender.endRow();
  }
  appender.closeSync();
  return "SELECT m.key, CASE WHEN m.gone THEN 'gone' ELSE 'there' END AS state, m.days::INTEGER AS days, CASE WHEN m.gone THEN 0 ELSE c.stay END AS stay FROM survival_members AS m LEFT JOIN survival_curve AS c ON c.days = m.days::DOUBLE";
}

function report(
  { engine, model }: MiningContext<SurvivalModel>,
  { members, whole, groups, test, cox }: SurvivalFit,
): Findings {
  const title =
    model.by === undefined
      ? ""
      : (engine.catalog.dimensions.get(model.over)?.attributes.get(model.by.split(".")[1] ?? "")?.title ?? model.by);
  const shown =
    groups.length > 0 ? groups : [{ name: "All", n: members.times.length, times: members.times, steps: whole }];
  const last = members.times.reduce((m, t) => Math.max(m, t), 0);
  const points = Array.from({ length: 53 }, (_, i) => Math.round((last * i) / 52));
  const curves: Row[] = shown.flatMap((g) =>
    points
      .filter((day) => atRiskAt(g.times, day) > 0)
      .map((day) => ({ group: g.name, weeks: day / WEEK, survival: survivalAt(g.steps, day) })),
  );
  const marks = Array.from({ length: 7 }, (_, i) => Math.round((last * i) / 6 / WEEK) * WEEK);
  const risk: Row[] = shown.flatMap((g) =>
    marks.map((day) => ({ group: g.name, weeks: day / WEEK, atRisk: atRiskAt(g.times, day) })),
  );
  const year = survivalAt(whole, 365);
  const beats = cox !== null && cox.interval[0] > 0.5;
  return {
    members: members.times.length,
    parameters: {
      events: model.events,
      inactive: `${model.inactive.days} days`,
      ...(model.by !== undefined && { by: model.by }),
      ...(model.features && { features: model.features }),
    },
    figures: [
      { title: "Still there after a year", value: year, format: "percent" },
      {
        title: "Half are gone after",
        value: medianOf(whole),
        format: "days",
        note: medianOf(whole) === null ? "more than half are still there at the end" : "",
      },
      {
        title: "Gone",
        value: members.events.reduce((a, b) => a + b, 0) / members.times.length,
        format: "percent",
        note: `no event for ${model.inactive.days} days`,
      },
      ...(test
        ? [
            {
              title: "Do the groups differ?",
              value: test.p,
              format: "decimal" as const,
              note: `log-rank p; chi2 ${test.chi2.toFixed(1)} on ${test.degrees} degrees of freedom`,
            },
          ]
        : []),
    ],
    ...(cox && {
      verdict: {
        beats,
        model: cox.unseen,
        rival: 0.5,
        against: "not knowing who leaves sooner",
        by: "concordance on members it has not seen",
        lead: [cox.interval[0] - 0.5, cox.interval[1] - 0.5] as const,
      },
    }),
    sections: [
      {
        title: "Still there",
        wide: true,
        plot: { kind: "curve", x: "weeks", y: ["survival"], ...(groups.length > 0 && { series: "group" }), step: true },
        columns: [
          dimension("group", title || "Group"),
          dimension("weeks", "Weeks after the first event", "number"),
          measure("survival", "Still there", "percent"),
        ],
        rows: curves,
        note: "Kaplan-Meier: members still watched count as long as they are watched, and no longer.",
      },
      {
        title: "At risk",
        chart: "heatmap",
        columns: [
          dimension("group", title || "Group"),
          dimension("weeks", "Weeks", "integer"),
          measure("atRisk", "Members at risk", "integer"),
        ],
        rows: risk,
        note: "Where few are left the curve says little.",
      },
      {
        title: "Medians",
        columns: [
          dimension("group", title || "Group"),
          measure("n", "Members", "integer"),
          measure("year", "There after a year", "percent"),
          measure("median", "Half gone after", "days"),
        ],
        rows: shown.map((g) => ({ group: g.name, n: g.n, year: survivalAt(g.steps, 365), median: medianOf(g.steps) })),
      },
      ...(cox
        ? [
            {
              title: "What goes with leaving sooner",
              wide: true,
              note: "Hazard ratios (Cox, ties after Efron): above 1 leaves sooner. Learnt, not caused.",
              columns: [
                dimension("feature", "Feature"),
                measure("ratio", "Hazard ratio"),
                measure("low", "95 % from"),
                measure("high", "to"),
                measure("z", "z"),
              ],
              rows: cox.names.map((feature, j) => {
                const [b, se] = [cox.fitted.coefficients[j]!, cox.fitted.standardErrors[j]!];
                return {
                  feature,
                  ratio: Math.exp(b),
                  low: Math.exp(b - 1.96 * se),
                  high: Math.exp(b + 1.96 * se),
                  z: b / se,
                };
              }),
            },
          ]
        : []),
    ],
    notes: [
      `A member counts as gone ${model.inactive.days} days after the last event, and as watched until then.`,
      ...(cox && !beats ? ["On members it has not seen the features do not tell who leaves sooner."] : []),
    ],
  };
}

export const survival = defineTechnique<SurvivalModel>()({
  ...OUTPUTS.survival,
  fit,
  score,
  report,
});
