/** Who will stop buying: logistic regression on what was known at a day, judged on the next period, which it has not seen. */
import { TesseraError } from "../../errors.ts";
import { toIso, type Day } from "../../model/calendar.ts";
import type { Column, Row } from "../../query/query.ts";
import { FactSource } from "../../query/fact-source.ts";
import { column } from "../../sql/tree.ts";
import { printDuckdb } from "../../sql/print-duckdb.ts";
import { featureTable, readMatrix, roleOver } from "../features.ts";
import { defineTechnique, type Fitted, type MiningContext, type ModelSpec } from "../technique.ts";
import { auc, brier, fitLogistic, scoresOf, topDecileLift, type Logistic } from "./logistic.ts";

/** Who was active and will not buy within `label.inactive.days`; recency and purchase days are always among the features. */
export interface ChurnModel extends ModelSpec { readonly technique: "logistic"; readonly events: string; readonly label: { readonly inactive: { readonly days: number } }; readonly features: readonly string[] }


interface Population { readonly columns: readonly Float64Array[]; readonly y: Float64Array; readonly n: number }
interface Scaling { readonly mean: number; readonly deviation: number; readonly logged: boolean; readonly median: number }

const FEWEST = 200;
const LEAK = 0.95;

async function fitChurn(context: MiningContext<ChurnModel>): Promise<Fitted> {
  const { model, asOf, engine } = context;
  const days = model.label.inactive.days;
  const titles = ["Days since the last purchase", "Purchase days", ...model.features.map((f) => engine.catalog.measures.get(f)?.title ?? engine.catalog.dimensions.get(model.over)?.attributes.get(f.split(".")[1] ?? "")?.title ?? f)];
  // what is known at the first day teaches, the second day judges, today is scored: no fact is used on both sides
  context.onProgress("learning from an earlier day");
  const learnt = await population(context, asOf - 2 * days, days);
  context.onProgress("judging on the next period");
  const unseen = await population(context, asOf - days, days);
  context.onProgress("scoring today's customers");
  const today = await population(context, asOf, 0);
  const lost = learnt.y.reduce((a, b) => a + b, 0);
  if (lost < FEWEST || learnt.n - lost < FEWEST) throw new TesseraError("too-little-data", `model ${model.name}: of ${learnt.n} active customers on ${toIso(asOf - 2 * days)}, ${lost} left`, { place: `model ${model.name}`, remedy: `it needs ${FEWEST} who left and ${FEWEST} who stayed; load more, or change label.inactive.days` });

  const scaling = learnt.columns.map(scalingOf);
  const scaled = (p: Population): Float64Array[] => p.columns.map((c, j) => scale(c, scaling[j]!));
  const used = learnt.columns.map((_, j) => scaling[j]!.deviation > 0);
  const keep = (columns: readonly Float64Array[]): Float64Array[] => columns.filter((_, j) => used[j]);
  const fitted = fitLogistic(keep(scaled(learnt)), learnt.y, { l2: 1 });
  const judged = scoresOf(fitted, keep(scaled(unseen)));
  const rival = scoresOf(fitLogistic([scaled(learnt)[0]!], learnt.y), [scaled(unseen)[0]!]);
  const quality = { auc: auc(judged, unseen.y), rival: auc(rival, unseen.y), brier: brier(judged, unseen.y), lift: topDecileLift(judged, unseen.y) };
  const margin = aucMargin(quality.auc, unseen.y);
  const leaks = learnt.columns.map((_, j) => ({ title: titles[j]!, auc: strength(scaled(learnt)[j]!, learnt.y) })).filter((f) => f.auc > LEAK);

  const names = titles.filter((_, j) => used[j]);
  await writeScores(context, scoresOf(fitted, keep(scaled(today))), keep(scaled(today)), fitted, names);
  const share = (y: Float64Array): number => y.reduce((a, b) => a + b, 0) / y.length;
  const measure = (name: string, title: string, format: Column["format"] = "decimal"): Column => ({ name, kind: "measure", type: "number", title, ...(format && { format }) });
  return {
    labels: "SELECT key, score, decile, reason FROM churn_scores",
    report: {
      members: today.n,
      parameters: { inactive: `${days} days`, learntOn: toIso(asOf - 2 * days), judgedOn: toIso(asOf - days), scoredOn: toIso(asOf), features: names },
      figures: [
        { title: "AUC on unseen customers", value: quality.auc, format: "decimal", interval: [quality.auc - margin, quality.auc + margin], note: `days since the last purchase alone: ${quality.rival.toFixed(3)}; ${quality.auc - margin > quality.rival ? "beats it" : "does not beat it"}` },
        { title: "Lift of the top tenth", value: quality.lift, format: "decimal", note: "how much oftener they left than all" },
        { title: "Brier score", value: quality.brier, format: "decimal", note: `always saying ${(100 * share(learnt.y)).toFixed(0)} % gives ${brier(new Float64Array(unseen.n).fill(share(learnt.y)), unseen.y).toFixed(3)}` },
        { title: "Left, of the unseen", value: share(unseen.y), format: "percent", note: `${unseen.n.toLocaleString("en")} active customers on ${toIso(asOf - days)}` },
      ],
      sections: [
        { title: "Calibration on unseen customers", chart: "line", note: "Tenths by score: what was said beside what came.", columns: [{ name: "tenth", kind: "dimension", type: "integer", title: "Tenth by score" }, measure("said", "Said", "percent"), measure("came", "Came", "percent")], rows: calibration(judged, unseen.y) },
        { title: "What goes with leaving", note: "Odds ratios for one standard deviation more; learnt, not caused.", columns: [{ name: "feature", kind: "dimension", type: "string", title: "Feature" }, measure("odds", "Odds ratio"), measure("low", "95 % from"), measure("high", "to"), measure("z", "z")], rows: oddsRows(fitted, names) },
      ],
      notes: [
        `A customer counts as active who bought within ${days} days before, and as gone who did not buy within ${days} days after.`,
        ...leaks.map((l) => `Leak alarm: ${l.title} alone tells who leaves (AUC ${l.auc.toFixed(3)}). It probably knows what happened afterwards; leave it out.`),
        ...(quality.auc - margin <= quality.rival ? ["The naive rival is no worse on unseen customers: use days since the last purchase."] : []),
        ...titles.filter((_, j) => !used[j]).map((t) => `${t} was left out: it does not differ.`),
      ],
    },
  };
}

/** Customers active on a day with what was known of them then; y: 1 where they did not buy in the `ahead` days after. */
async function population(context: MiningContext<ChurnModel>, day: Day, ahead: number): Promise<Population> {
  const { connection, model } = context;
  await purchases(context);
  const within = model.label.inactive.days;
  await featureTable(context, "churn_known", model.features, day);
  const iso = `DATE '${toIso(day)}'`;
  const features = model.features.map((_, i) => `k.f${i}`);
  await connection.run(`CREATE OR REPLACE TEMP TABLE churn_population AS
    SELECT p.key, date_diff('day', p.last, ${iso})::DOUBLE AS recency, p.days::DOUBLE AS days, ${features.map((f, i) => `${f} AS g${i}`).join(", ")}${features.length > 0 ? ", " : ""}
      (NOT EXISTS (SELECT 1 FROM churn_days AS a WHERE a.key = p.key AND a.day > ${iso} AND a.day <= ${iso} + ${ahead}))::INTEGER::DOUBLE AS y
    FROM (SELECT key, max(day) AS last, count(*) AS days FROM churn_days WHERE day <= ${iso} GROUP BY key) AS p LEFT JOIN churn_known AS k USING (key) WHERE p.last > ${iso} - ${within}`);
  const columns = await readMatrix(context, "churn_population", ["recency", "days", ...model.features.map((_, i) => `g${i}`), "y"]);
  const y = columns.pop()!;
  return { columns, y, n: y.length };
}

/** Temporary table `churn_days`: the days on which each customer bought. */
async function purchases(context: MiningContext<ChurnModel>): Promise<void> {
  const { engine, connection, model, asOf } = context;
  const cube = engine.catalog.cubes.get(model.events);
  const role = roleOver(context, model.over);
  const on = cube?.roles.get(role.name);
  if (!cube || !on || "through" in on || cube.dateRole === null) throw new TesseraError("mining-invalid", `model ${model.name}: ${model.events} is no cube with ${role.name} and a date`, { place: `model ${model.name} › events`, remedy: "`events` names the cube of purchases" });
  const source = new FactSource(engine.context("as_is", null, asOf).subplan, cube);
  source.within(cube.dateRole, { from: Number.NEGATIVE_INFINITY, until: asOf });
  const printed = printDuckdb({ t: "select", distinct: true, columns: [{ expr: column("f", on.on), as: "key" }, { expr: source.day(cube.dateRole), as: "day" }], ...source.parts() });
  await connection.run(`CREATE OR REPLACE TEMP TABLE churn_days AS SELECT * FROM (${printed.sql}) WHERE key IS NOT NULL`, printed.parameters.map((p) => p.value));
}

function scalingOf(values: Float64Array): Scaling {
  const known = values.filter((v) => !Number.isNaN(v)).sort();
  const median = known.length === 0 ? 0 : known[Math.floor(known.length / 2)]!;
  const filled = values.map((v) => (Number.isNaN(v) ? median : v));
  const mean = (of: Float64Array): number => of.reduce((a, b) => a + b, 0) / of.length;
  const m = mean(filled);
  const spread = Math.sqrt(mean(filled.map((v) => (v - m) ** 2)));
  // skewed amounts in logarithms: one large order must not outweigh a thousand customers
  const logged = (known[0] ?? -1) >= 0 && spread > 0 && mean(filled.map((v) => ((v - m) / spread) ** 3)) > 2;
  const used = logged ? filled.map((v) => Math.log1p(v)) : filled;
  const centre = mean(used);
  return { mean: centre, deviation: Math.sqrt(mean(used.map((v) => (v - centre) ** 2))), logged, median };
}
const scale = (values: Float64Array, s: Scaling): Float64Array => values.map((v) => { const filled = Number.isNaN(v) ? s.median : v; return s.deviation === 0 ? 0 : ((s.logged ? Math.log1p(Math.max(0, filled)) : filled) - s.mean) / s.deviation; });

/** AUC of one feature, whichever way it points. */
function strength(values: Float64Array, y: Float64Array): number { const a = auc(values, y); return Math.max(a, 1 - a); }

/** Half of the 95 % interval of an AUC (Hanley and McNeil 1982). */
function aucMargin(a: number, y: Float64Array): number {
  const [p, n] = [y.reduce((s, v) => s + v, 0), y.length];
  const [q1, q2] = [a / (2 - a), (2 * a * a) / (1 + a)];
  return 1.96 * Math.sqrt((a * (1 - a) + (p - 1) * (q1 - a * a) + (n - p - 1) * (q2 - a * a)) / (p * (n - p)));
}

function calibration(scores: Float64Array, y: Float64Array): Row[] {
  const order = Array.from(scores.keys()).sort((a, b) => scores[b]! - scores[a]!);
  return Array.from({ length: 10 }, (_, t) => {
    const part = order.slice(Math.floor((t * order.length) / 10), Math.floor(((t + 1) * order.length) / 10));
    return { tenth: t + 1, said: part.reduce((s, i) => s + scores[i]!, 0) / part.length, came: part.reduce((s, i) => s + y[i]!, 0) / part.length };
  });
}

const oddsRows = ({ coefficients, standardErrors }: Logistic, names: readonly string[]): Row[] =>
  names.map((feature, j) => ({ feature, b: coefficients[j + 1]!, se: standardErrors[j + 1]! })).sort((p, q) => Math.abs(q.b) - Math.abs(p.b))
    .map(({ feature, b, se }) => ({ feature, odds: Math.exp(b), low: Math.exp(b - 1.96 * se), high: Math.exp(b + 1.96 * se), z: b / se }));

/** The score, its tenth (1 the most at risk), and the feature that raises it most against the average customer. */
async function writeScores({ connection }: MiningContext, scores: Float64Array, columns: readonly Float64Array[], { coefficients }: Logistic, names: readonly string[]): Promise<void> {
  await connection.run("CREATE OR REPLACE TEMP TABLE churn_numbers (position INTEGER, score DOUBLE, reason VARCHAR)");
  const appender = await connection.createAppender("churn_numbers", "main", "temp");
  for (let i = 0; i < scores.length; i++) {
    let best = -1;
    let most = 0;
    for (const [j, c] of columns.entries()) { const part = coefficients[j + 1]! * c[i]!; if (part > most) [best, most] = [j, part]; }
    appender.appendInteger(i);
    appender.appendDouble(scores[i]!);
    if (best < 0) appender.appendVarchar("nothing in particular"); else appender.appendVarchar(`${columns[best]![i]! > 0 ? "high" : "low"} ${names[best]!.toLowerCase()}`);
    appender.endRow();
  }
  appender.closeSync();
  await connection.run(`CREATE OR REPLACE TEMP TABLE churn_scores AS SELECT k.key, n.score, (1 + least(9, (rank() OVER (ORDER BY n.score DESC) - 1) * 10 // count(*) OVER ()))::INTEGER AS decile, n.reason
    FROM (SELECT key, (row_number() OVER (ORDER BY key) - 1)::INTEGER AS position FROM churn_population) AS k JOIN churn_numbers AS n USING (position)`);
}

export const churn = defineTechnique<ChurnModel>()({
  name: "logistic", title: "Churn by logistic regression", main: "decile",
  outputs: {
    score: { type: "number", title: "Risk of leaving", description: "Chance, 0 to 1, of no purchase in the label's period." },
    decile: { type: "integer", title: "Risk tenth", description: "1 the tenth most at risk, 10 the least." },
    reason: { type: "string", title: "Main reason", description: "What raises the risk most against the average customer." },
  },
  fit: fitChurn,
  score: (_, fitted) => fitted.labels,
  report: (_, fitted) => fitted.report,
});
