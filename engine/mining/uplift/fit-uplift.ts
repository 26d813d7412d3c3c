/**
 * Whom a campaign influences: learnt from campaigns with a random control group, judged on the other half of members.
 */
import { TesseraError, phrase } from "../../errors/index.ts";
import { cubeOf, dateRoleOf, factRows, parametersOf } from "../fact-rows.ts";
import { featureColumns, roleOver } from "../features.ts";
import { f64, i32 } from "../numeric/vector.ts";
import { pick } from "../numeric/summary.ts";
import { OUTPUTS } from "../outputs/index.ts";
import { doubles, integers, readDoubles, readTyped } from "../read-typed.ts";
import { defineTechnique, type MiningContext } from "../technique.ts";
import { qiniBand, upliftTenths } from "./qini.ts";
import { fitTLearner } from "./t-learner.ts";
import type { UpliftFit, UpliftModel } from "./uplift-model.ts";
import { upliftReport } from "./uplift-report.ts";

/** Rows of the assignments: which half of the members, treated or not, outcome, features. */
interface Assignments {
  readonly half: Int32Array;
  readonly arm: Int32Array;
  readonly y: Float64Array;
  readonly columns: readonly Float64Array[];
}

const FEWEST = 500;
const FEWEST_OUTCOMES = 30;

async function fit(context: MiningContext<UpliftModel>): Promise<UpliftFit> {
  const { model } = context;
  context.onProgress("reading assignments");
  const all = await readAssignments(context);
  const half = (side: number) => {
    const rows = [...all.half.keys()].filter((i) => all.half[i] === side);
    return {
      columns: all.columns.map((c) => pick(c, rows)),
      treated: Uint8Array.from(rows, (i) => i32(all.arm, i)),
      y: pick(all.y, rows),
    };
  };
  const [learnt, unseen] = [half(0), half(1)];
  requireOutcomes(model, learnt);
  context.onProgress("learning whom contacts influence");
  const learner = fitTLearner(learnt.columns, learnt.treated, learnt.y, { l2: 1 });
  context.onProgress("judging on unseen members");
  const score = learner.uplift(unseen.columns);
  const judged = qiniBand(score, learner.response(unseen.columns), unseen.treated, unseen.y, model.seed ?? 1);
  return {
    members: await scoreLatest(context, learner.uplift),
    rows: all.arm.length,
    judged,
    tenths: upliftTenths(score, unseen.treated, unseen.y),
    effect: rateOf(all, 1) - rateOf(all, 0),
    titles: titlesOf(context),
  };
}

/** Creates the temporary table `uplift_rows`. A member belongs to one half with all assignments. */
async function readAssignments(context: MiningContext<UpliftModel>): Promise<Assignments> {
  const { engine, connection, model, asOf } = context;
  const place = `model ${model.name}`;
  const isMeasure = (name: string): boolean => engine.catalog.measures.has(name);
  const printed = factRows(engine, place, {
    cube: model.assignments,
    until: asOf,
    columns: {
      key: { key: roleOver(context, model.over).name },
      day: { day: dateRoleOf(cubeOf(engine, place, model.assignments), place) },
      treated: { attribute: model.treated },
      outcome: { amount: model.outcome },
      ...Object.fromEntries(model.features.map((f, i) => [`f${i}`, isMeasure(f) ? { amount: f } : { attribute: f }])),
    },
  });
  const features = featureColumns(model.features).join(", ");
  const casts = model.features.map((_, i) => `f${i}::DOUBLE AS f${i}`).join(", ");
  await connection.run(
    `CREATE OR REPLACE TEMP TABLE uplift_rows AS
     SELECT key, day, treated, outcome, ${casts}
     FROM (${printed.sql}) WHERE key IS NOT NULL AND treated IS NOT NULL`,
    parametersOf(printed),
  );
  const [half, arm, y, ...columns] = await readTyped(
    connection,
    `SELECT (hash(key) % 2)::INTEGER, treated::INTEGER, (outcome > 0)::INTEGER::DOUBLE, ${features}
     FROM uplift_rows ORDER BY key, day, treated, outcome, ${features}`,
  );
  return {
    half: integers(half, 0),
    arm: integers(arm, 1),
    y: doubles(y, 2),
    columns: columns.map((column, i) => doubles(column, 3 + i)),
  };
}

function requireOutcomes(model: UpliftModel, { treated, y }: { treated: Uint8Array; y: Float64Array }): void {
  for (const [side, group] of ["control group", "treated"].entries()) {
    const outcomes = treated.reduce((n, arm, i) => n + (arm === side && f64(y, i) > 0 ? 1 : 0), 0);
    if (treated.length >= FEWEST && outcomes >= FEWEST_OUTCOMES) continue;
    throw new TesseraError("too-little-data", phrase`model "${model.name}": ${outcomes} outcomes in the ${group}`, {
      place: `model ${model.name}`,
      remedy: phrase`load campaigns with a control group: each group needs ${FEWEST_OUTCOMES} outcomes`,
    });
  }
}

/** Scores members by their latest features into `uplift_numbers`. @returns how many there are */
async function scoreLatest(
  { connection, model }: MiningContext<UpliftModel>,
  uplift: (columns: readonly Float64Array[]) => Float64Array,
): Promise<number> {
  const latest = model.features.map((_, i) => `last(f${i} ORDER BY day) AS f${i}`).join(", ");
  await connection.run(
    `CREATE OR REPLACE TEMP TABLE uplift_latest AS SELECT key, ${latest} FROM uplift_rows GROUP BY key`,
  );
  const features = featureColumns(model.features).join(", ");
  const scores = uplift(await readDoubles(connection, `SELECT ${features} FROM uplift_latest ORDER BY key`));
  await connection.run("CREATE OR REPLACE TEMP TABLE uplift_numbers (position INTEGER, uplift DOUBLE)");
  const appender = await connection.createAppender("uplift_numbers", "main", "temp");
  for (const [i, score] of scores.entries()) {
    appender.appendInteger(i);
    appender.appendDouble(score);
    appender.endRow();
  }
  appender.closeSync();
  return scores.length;
}

function rateOf({ arm, y }: Assignments, side: number): number {
  let [n, outcomes] = [0, 0];
  for (const [i, own] of arm.entries()) {
    if (own !== side) continue;
    n++;
    outcomes += f64(y, i);
  }
  return outcomes / n;
}

const titlesOf = ({ engine: { catalog }, model }: MiningContext<UpliftModel>): string[] =>
  model.features.map((feature) => {
    const [owner = "", name = ""] = feature.split(".");
    const attribute = catalog.roles.get(owner)?.dimension.attributes.get(name);
    return catalog.measures.get(feature)?.title ?? attribute?.title ?? feature;
  });

const score = (): string =>
  `SELECT k.key, n.uplift,
     (1 + least(9, (rank() OVER (ORDER BY n.uplift DESC) - 1) * 10 // count(*) OVER ()))::INTEGER AS decile
   FROM (SELECT key, (row_number() OVER (ORDER BY key) - 1)::INTEGER AS position FROM uplift_latest) AS k
   JOIN uplift_numbers AS n USING (position)`;

/** The technique `uplift`. */
export const uplift = defineTechnique<UpliftModel>()({ ...OUTPUTS.uplift, fit, score, report: upliftReport });
