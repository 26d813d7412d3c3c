/** Whom a campaign moves: learnt from random hold-outs on half of the members, judged on the other half beside a plain response model. */
import { TesseraError, phrase } from "../../errors/index.ts";
import { dimension, measure } from "../columns.ts";
import { cubeOf, dateRoleOf, factRows, parametersOf } from "../fact-rows.ts";
import { roleOver } from "../features.ts";
import { readTyped } from "../read-typed.ts";
import { defineTechnique, type Findings, type MiningContext, type ModelSpec } from "../technique.ts";
import { OUTPUTS } from "../outputs.ts";
import { qiniBand, upliftTenths } from "./qini.ts";
import { fitTLearner } from "./t-learner.ts";

/** `assignments`: the cube with one row a draw; `treated` its truth value; `outcome` a plain sum, which counts where it is above zero; `features` numbers known before the draw: plain sums and attributes. */
export interface UpliftModel extends ModelSpec {
  readonly technique: "uplift";
  readonly assignments: string;
  readonly treated: string;
  readonly outcome: string;
  readonly features: readonly string[];
}

export interface UpliftFit {
  readonly members: number;
  readonly rows: number;
  readonly judged: ReturnType<typeof qiniBand>;
  readonly tenths: ReturnType<typeof upliftTenths>;
  readonly effect: number;
  readonly titles: readonly string[];
}

const FEWEST = 500;

async function fit(context: MiningContext<UpliftModel>): Promise<UpliftFit> {
  const { engine, connection, model, asOf } = context;
  const place = `model ${model.name}`;
  const { catalog } = engine;
  context.onProgress("reading assignments");
  const date = dateRoleOf(cubeOf(engine, place, model.assignments), place);
  const printed = factRows(engine, place, {
    cube: model.assignments,
    until: asOf,
    columns: {
      key: { key: roleOver(context, model.over).name },
      day: { day: date },
      treated: { attribute: model.treated },
      outcome: { amount: model.outcome },
      ...Object.fromEntries(
        model.features.map((f, i) => [`f${i}`, catalog.measures.has(f) ? { amount: f } : { attribute: f }]),
      ),
    },
  });
  const own = model.features.map((_, i) => `f${i}::DOUBLE AS f${i}`).join(", ");
  await connection.run(
    `CREATE OR REPLACE TEMP TABLE uplift_rows AS SELECT key, day, treated, outcome, ${own} FROM (${printed.sql}) WHERE key IS NOT NULL AND treated IS NOT NULL`,
    parametersOf(printed),
  );
  // a member lies on one side whole, whatever the number of his draws
  const read = await readTyped(
    connection,
    `SELECT (hash(key) % 2)::INTEGER, treated::INTEGER, (outcome > 0)::INTEGER::DOUBLE, ${model.features.map((_, i) => `f${i}`).join(", ")} FROM uplift_rows ORDER BY key, day, treated, outcome, ${model.features.map((_, i) => `f${i}`).join(", ")}`,
  );
  const [half, arm, y] = read as unknown as [Int32Array, Int32Array, Float64Array];
  const columns = read.slice(3) as Float64Array[];
  const pick = (side: number) => {
    const rows = [...half.keys()].filter((i) => half[i] === side);
    return {
      columns: columns.map((c) => Float64Array.from(rows, (i) => c[i]!)),
      treated: Uint8Array.from(rows, (i) => arm[i]!),
      y: Float64Array.from(rows, (i) => y[i]!),
    };
  };
  const [learnt, unseen] = [pick(0), pick(1)];
  for (const side of [0, 1]) {
    const n = learnt.treated.reduce((a, t, i) => a + (t === side && learnt.y[i]! > 0 ? 1 : 0), 0);
    if (learnt.treated.length < FEWEST || n < 30)
      throw new TesseraError(
        "too-little-data",
        phrase`model ${model.name}: ${n} outcomes among the ${side ? "treated" : "held out"}`,
        { place, remedy: "it needs campaigns with a hold-out and thirty outcomes on either side" },
      );
  }
  context.onProgress("learning whom it moves");
  const learner = fitTLearner(learnt.columns, learnt.treated, learnt.y, { l2: 1 });
  context.onProgress("judging on unseen members");
  const score = learner.uplift(unseen.columns);
  const judged = qiniBand(score, learner.response(unseen.columns), unseen.treated, unseen.y, model.seed ?? 1);
  const rate = (side: number): number => {
    let [n, s] = [0, 0];
    for (let i = 0; i < arm.length; i++)
      if (arm[i] === side) {
        n++;
        s += y[i]!;
      }
    return s / n;
  };

  await connection.run(
    `CREATE OR REPLACE TEMP TABLE uplift_latest AS SELECT key, ${model.features.map((_, i) => `last(f${i} ORDER BY day) AS f${i}`).join(", ")} FROM uplift_rows GROUP BY key`,
  );
  const latest = (await readTyped(
    connection,
    `SELECT ${model.features.map((_, i) => `f${i}`).join(", ")} FROM uplift_latest ORDER BY key`,
  )) as Float64Array[];
  const scores = learner.uplift(latest);
  await connection.run("CREATE OR REPLACE TEMP TABLE uplift_numbers (position INTEGER, uplift DOUBLE)");
  const appender = await connection.createAppender("uplift_numbers", "main", "temp");
  scores.forEach((v, i) => {
    appender.appendInteger(i);
    appender.appendDouble(v);
    appender.endRow();
  });
  appender.closeSync();
  const titles = model.features.map(
    (f) =>
      catalog.measures.get(f)?.title ??
      catalog.roles.get(f.split(".")[0] ?? "")?.dimension.attributes.get(f.split(".")[1] ?? "")?.title ??
      f,
  );
  return {
    members: scores.length,
    rows: arm.length,
    judged,
    tenths: upliftTenths(score, unseen.treated, unseen.y),
    effect: rate(1) - rate(0),
    titles,
  };
}

const score =
  (): string => `SELECT k.key, n.uplift, (1 + least(9, (rank() OVER (ORDER BY n.uplift DESC) - 1) * 10 // count(*) OVER ()))::INTEGER AS decile
  FROM (SELECT key, (row_number() OVER (ORDER BY key) - 1)::INTEGER AS position FROM uplift_latest) AS k JOIN uplift_numbers AS n USING (position)`;

function report(
  { model }: MiningContext<UpliftModel>,
  { members, rows, judged, tenths, effect, titles }: UpliftFit,
): Findings {
  const beats = judged.lead[0] > 0;
  return {
    members,
    parameters: {
      assignments: model.assignments,
      treated: model.treated,
      outcome: model.outcome,
      learner: "two logistic regressions (T-learner)",
      features: titles,
    },
    figures: [
      { title: "Assignments", value: rows, format: "integer" },
      {
        title: "Effect on all",
        value: effect,
        format: "percent",
        note: "rate of the treated less that of the held out",
      },
      {
        title: "Qini on unseen members",
        value: judged.own,
        format: "decimal",
        interval: judged.interval,
        note: "0 is chance, 1 perfection",
      },
      {
        title: "Qini of a plain response model",
        value: judged.rival,
        format: "decimal",
        note: beats ? "the uplift model finds more of those it moves" : "no worse: send to those most likely to answer",
      },
    ],
    verdict: {
      beats,
      model: judged.own,
      rival: judged.rival,
      against: "a plain response model",
      by: "Qini on unseen members",
      lead: judged.lead,
    },
    sections: [
      {
        title: "Qini curve",
        plot: { kind: "curve", x: "taken", y: ["chance", "extra"], band: ["low", "high"] },
        columns: [
          { ...dimension("taken", "Members taken, by score", "number"), format: "percent" },
          measure("chance", "By chance"),
          measure("extra", "Extra outcomes for 1,000 members"),
          measure("low", "95 % from"),
          measure("high", "to"),
        ],
        rows: judged.rows,
        note: "Above the straight line those moved come first. Band: members drawn anew.",
      },
      {
        title: "Uplift by tenth",
        plot: { kind: "curve", x: "tenth", y: ["said", "uplift"], band: ["low", "high"] },
        columns: [
          dimension("tenth", "Tenth by score", "integer"),
          measure("said", "Said", "percent"),
          measure("uplift", "Came", "percent"),
          measure("low", "95 % from", "percent"),
          measure("high", "to", "percent"),
          measure("treated", "Treated", "integer"),
          measure("control", "Held out", "integer"),
        ],
        rows: tenths,
        note: "The treated less the held out, on members that were not learnt from.",
      },
    ],
    notes: [
      "Members are on one side whole: what is learnt of a member is never judged on him.",
      ...(beats ? [] : ["The uplift model is not shown to beat a plain response model: choose by that."]),
    ],
  };
}

export const uplift = defineTechnique<UpliftModel>()({
  ...OUTPUTS.uplift,
  fit,
  score,
  report,
});
