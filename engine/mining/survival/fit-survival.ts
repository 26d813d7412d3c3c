/** How long members stay: survival curves by group, hazard ratios, and each member's probability of staying. */
import { TesseraError, phrase } from "../../errors/index.ts";
import { at } from "../../lookup.ts";
import { toIso } from "../../model/time/calendar.ts";
import { eventDays } from "../event-days.ts";
import { cubeOf, factRows, parametersOf } from "../fact-rows.ts";
import { roleOver } from "../features.ts";
import { largest, pick } from "../numeric/summary.ts";
import { u8 } from "../numeric/vector.ts";
import { OUTPUTS } from "../outputs/index.ts";
import { defineTechnique, type MiningContext } from "../technique.ts";
import { fitHazards, groupsBySize } from "./hazards.ts";
import { kaplanMeier, logRank, survivalAt } from "./kaplan-meier.ts";
import { survivalReport } from "./survival-report.ts";
import type { Members, SurvivalFit, SurvivalGroup, SurvivalModel } from "./survival-model.ts";

export type { SurvivalModel } from "./survival-model.ts";

const FEWEST = 100;
const MOST_GROUPS = 8;
/** The `stay` label looks this many days ahead. */
const QUARTER = 91;

async function fit(context: MiningContext<SurvivalModel>): Promise<SurvivalFit> {
  const { model } = context;
  context.onProgress("reading events");
  const wanted = [...new Set([...(model.by === undefined ? [] : [model.by]), ...(model.features ?? [])])];
  const members = await readMembers(context, wanted);
  const gone = members.events.reduce((a, b) => a + b, 0);
  if (gone < FEWEST)
    throw new TesseraError(
      "too-little-data",
      phrase`model "${model.name}": ${gone} of ${members.times.length} members left`,
      { place: `model ${model.name}`, remedy: phrase`load more, or change inactive.days: ${FEWEST} are needed` },
    );
  context.onProgress("drawing curves");
  const by = model.by === undefined ? null : at(members.attributes, wanted.indexOf(model.by));
  const { groups, test } = by === null ? { groups: [], test: null } : compareGroups(members, by);
  context.onProgress("fitting hazard ratios");
  return {
    members,
    whole: kaplanMeier(members.times, members.events),
    groups,
    test,
    cox: fitHazards(context, members, wanted),
  };
}

/** Creates the temporary table `survival_members` and reads it with the wanted attributes. */
async function readMembers(context: MiningContext<SurvivalModel>, wanted: readonly string[]): Promise<Members> {
  const { engine, connection, model, asOf } = context;
  const place = `model ${model.name}`;
  await eventDays(context, "survival_days");
  const role = roleOver(context, model.over).name;
  cubeOf(engine, `${place} › events`, model.events);
  const printed = factRows(engine, place, {
    cube: model.events,
    distinct: true,
    columns: { key: { key: role }, ...Object.fromEntries(wanted.map((m, i) => [`a${i}`, { attribute: m }])) },
    until: asOf,
  });
  await connection.run(
    `CREATE OR REPLACE TEMP TABLE survival_known AS
     SELECT key${wanted.map((_, i) => `, min(a${i}) AS a${i}`).join("")}
     FROM (${printed.sql}) WHERE key IS NOT NULL GROUP BY key`,
    parametersOf(printed),
  );
  const day = `DATE '${toIso(asOf)}'`;
  const { days } = model.inactive;
  // leaving is known only after the silence: until then a member is still observed
  await connection.run(
    `CREATE OR REPLACE TEMP TABLE survival_members AS
     SELECT key, least(max(day) + ${days}, ${day}) - min(day) AS days, max(day) + ${days} <= ${day} AS gone
     FROM survival_days GROUP BY key HAVING min(day) < ${day}`,
  );
  const { columns } = await engine.serving.run(
    `SELECT m.days::DOUBLE, m.gone::INTEGER${wanted.map((_, i) => `, k.a${i}`).join("")}
     FROM survival_members AS m JOIN survival_known AS k USING (key) ORDER BY m.key`,
  );
  return {
    times: Float64Array.from(at(columns, 0), Number),
    events: Uint8Array.from(at(columns, 1), Number),
    attributes: columns.slice(2),
  };
}

/** Curves of the largest groups, and whether they differ. */
function compareGroups(
  { times, events }: Members,
  values: Members["attributes"][number],
): { readonly groups: SurvivalGroup[]; readonly test: SurvivalFit["test"] } {
  const by = values.map((v) => (v === null ? "(unknown)" : String(v)));
  const names = groupsBySize(by).slice(0, MOST_GROUPS);
  const eventsOf = (rows: readonly number[]): Uint8Array => Uint8Array.from(rows, (i) => u8(events, i));
  const groups = names.map((name): SurvivalGroup => {
    const rows = [...by.keys()].filter((i) => by[i] === name);
    const own = pick(times, rows);
    return { name, n: rows.length, times: own, steps: kaplanMeier(own, eventsOf(rows)) };
  });
  if (names.length < 2) return { groups, test: null };
  const numbers = by.map((name) => names.indexOf(name));
  const kept = [...numbers.keys()].filter((i) => at(numbers, i) >= 0);
  const group = Int32Array.from(kept, (i) => at(numbers, i));
  return { groups, test: logRank(pick(times, kept), eventsOf(kept), group, names.length) };
}

/** The probability of staying a quarter from now, given that a member is there now. */
async function score({ connection }: MiningContext<SurvivalModel>, { whole, members }: SurvivalFit): Promise<string> {
  await connection.run("CREATE OR REPLACE TEMP TABLE survival_curve (days DOUBLE, stay DOUBLE)");
  const appender = await connection.createAppender("survival_curve", "main", "temp");
  const last = largest(members.times);
  for (const days of new Set(members.times)) {
    const now = survivalAt(whole, days);
    if (days + QUARTER > last || now === 0) continue;
    appender.appendDouble(days);
    appender.appendDouble(survivalAt(whole, days + QUARTER) / now);
    appender.endRow();
  }
  appender.closeSync();
  return `SELECT m.key, CASE WHEN m.gone THEN 'gone' ELSE 'there' END AS state, m.days::INTEGER AS days,
      CASE WHEN m.gone THEN 0 ELSE c.stay END AS stay
    FROM survival_members AS m LEFT JOIN survival_curve AS c ON c.days = m.days::DOUBLE`;
}

/** The technique `survival`. */
export const survival = defineTechnique<SurvivalModel>()({
  ...OUTPUTS.survival,
  fit,
  score,
  report: survivalReport,
});
