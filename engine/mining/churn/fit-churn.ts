/** Who will stop buying: learnt on what was known at a day, judged on the next period, which it has not seen. */
import { TesseraError } from "../../errors.ts";
import { toIso } from "../../model/calendar.ts";
import { dimension, measure } from "../columns.ts";
import { defineTechnique, type Findings, type MiningContext } from "../technique.ts";
import { BOOSTING, LOGISTIC, type Classifier, type Learnt } from "./classifier.ts";
import { auc, brier, topDecileLift } from "./logistic.ts";
import { population, type LeavingModel, type Population } from "./population.ts";
import { compareAuc, gains, profits, tenths } from "./quality.ts";

/** Logistic regression: odds that can be read. */
export interface ChurnModel extends LeavingModel { readonly technique: "logistic" }
/** Gradient-boosted trees: bends and combinations that a straight line does not see. */
export interface BoostingModel extends LeavingModel { readonly technique: "boosting" }

interface ChurnFit { readonly titles: readonly string[]; readonly learnt: Learnt; readonly train: Population; readonly unseen: Population; readonly today: Population; readonly judged: Float64Array; readonly rival: Float64Array; readonly keys: readonly string[] }

const FEWEST = 200;
const LEAK = 0.95;
const EXPLAINED = 10;

async function fit(context: MiningContext<LeavingModel>, classifier: Classifier): Promise<ChurnFit> {
  const { model, asOf, engine } = context;
  const days = model.label.inactive.days;
  const titles = ["Days since the last purchase", "Purchase days", ...model.features.map((f) => engine.catalog.measures.get(f)?.title ?? engine.catalog.dimensions.get(model.over)?.attributes.get(f.split(".")[1] ?? "")?.title ?? f)];
  // what is known at the first day teaches, the second day judges, today is scored: no fact is used on both sides
  context.onProgress("learning from an earlier day");
  const train = await population(context, asOf - 2 * days, days);
  context.onProgress("judging on the next period");
  const unseen = await population(context, asOf - days, days);
  context.onProgress("scoring today's customers");
  const today = await population(context, asOf, 0);
  const lost = train.y.reduce((a, b) => a + b, 0);
  if (lost < FEWEST || train.n - lost < FEWEST) throw new TesseraError("too-little-data", `model ${model.name}: of ${train.n} active customers on ${toIso(asOf - 2 * days)}, ${lost} left`, { place: `model ${model.name}`, remedy: `it needs ${FEWEST} who left and ${FEWEST} who stayed; load more, or change label.inactive.days` });
  const learnt = classifier.learn(train.columns, train.y, titles);
  const naive = LOGISTIC.learn([train.columns[0]!], train.y, titles);
  const read = await engine.serving.run("SELECT key::VARCHAR FROM churn_population ORDER BY key");
  return { titles, learnt, train, unseen, today, judged: learnt.score(unseen.columns), rival: naive.score([unseen.columns[0]!]), keys: read.columns[0]!.map(String) };
}

/** The score, its tenth (1 the most at risk), and the feature that raises it most against the average customer. */
async function score({ connection }: MiningContext<LeavingModel>, { learnt, today, titles }: ChurnFit): Promise<string> {
  const scores = learnt.score(today.columns);
  const { parts } = learnt.explain(today.columns);
  const means = today.columns.map((c) => { let [n, sum] = [0, 0]; for (const v of c) if (!Number.isNaN(v)) { n++; sum += v; } return sum / Math.max(1, n); });
  await connection.run("CREATE OR REPLACE TEMP TABLE churn_numbers (position INTEGER, score DOUBLE, reason VARCHAR)");
  const appender = await connection.createAppender("churn_numbers", "main", "temp");
  for (let i = 0; i < scores.length; i++) {
    let best = -1;
    let most = 0;
    for (const [j, c] of parts.entries()) if (c[i]! > most) [best, most] = [j, c[i]!];
    appender.appendInteger(i);
    appender.appendDouble(scores[i]!);
    const value = best < 0 ? 0 : today.columns[best]![i]!;
    appender.appendVarchar(best < 0 ? "nothing in particular" : Number.isNaN(value) ? `no ${titles[best]!.toLowerCase()}` : `${value > means[best]! ? "high" : "low"} ${titles[best]!.toLowerCase()}`);
    appender.endRow();
  }
  appender.closeSync();
  await connection.run(`CREATE OR REPLACE TEMP TABLE churn_scores AS SELECT k.key, n.score, (1 + least(9, (rank() OVER (ORDER BY n.score DESC) - 1) * 10 // count(*) OVER ()))::INTEGER AS decile, n.reason
    FROM (SELECT key, (row_number() OVER (ORDER BY key) - 1)::INTEGER AS position FROM churn_population) AS k JOIN churn_numbers AS n USING (position)`);
  return "SELECT key, score, decile, reason FROM churn_scores";
}

function report({ model, asOf, engine }: MiningContext<LeavingModel>, { titles, learnt, train, unseen, today, judged, rival, keys }: ChurnFit, classifier: Classifier): Findings {
  const days = model.label.inactive.days;
  const quality = compareAuc(judged, rival, unseen.y);
  const beats = quality.lead[0] > 0;
  const share = (y: Float64Array): number => y.reduce((a, b) => a + b, 0) / y.length;
  const leaks = train.columns.map((c, j) => ({ title: titles[j]!, auc: strength(c, train.y) })).filter((f) => f.auc > LEAK);
  const rows = tenths(judged, unseen.y);
  const tenth = dimension("tenth", "Tenth by score", "integer");
  const { currency } = engine.catalog.project;
  const money = { format: "currency" as const, ...(currency && { currency }) };
  const paid = model.action && profits(judged, unseen.y, model.action);
  const { base, parts, logOdds } = learnt.explain(today.columns);
  const riskiest = Array.from(logOdds.keys()).sort((a, b) => logOdds[b]! - logOdds[a]! || a - b).slice(0, EXPLAINED);
  return {
    members: today.n,
    parameters: { learner: classifier.title, inactive: `${days} days`, learntOn: toIso(asOf - 2 * days), judgedOn: toIso(asOf - days), scoredOn: toIso(asOf), features: titles.filter((_, j) => !learnt.unused.includes(j)) },
    figures: [
      { title: "AUC on unseen customers", value: quality.auc, format: "decimal", interval: quality.interval, note: `days since the last purchase alone: ${quality.rival.toFixed(3)}; ${beats ? "beats it" : "does not beat it"}` },
      { title: "Lift of the top tenth", value: topDecileLift(judged, unseen.y), format: "decimal", interval: [Number(rows[0]!["lift_low"]), Number(rows[0]!["lift_high"])], note: "how much oftener they left than all" },
      { title: "Brier score", value: brier(judged, unseen.y), format: "decimal", note: `always saying ${(100 * share(train.y)).toFixed(0)} % gives ${brier(new Float64Array(unseen.n).fill(share(train.y)), unseen.y).toFixed(3)}` },
      { title: "Left, of the unseen", value: share(unseen.y), format: "percent", note: `${unseen.n.toLocaleString("en")} active customers on ${toIso(asOf - days)}` },
    ],
    verdict: { beats, model: quality.auc, rival: quality.rival, against: "days since the last purchase alone", by: "AUC on unseen customers", lead: quality.lead },
    sections: [
      { title: "Calibration on unseen customers", plot: { kind: "curve", x: "said", y: ["came"], band: ["low", "high"], diagonal: true }, note: "Tenths by score: what was said across, what came up, with 95 % intervals. On the line both are the same.", columns: [dimension("said", "Said", "number"), measure("came", "Came", "percent"), measure("low", "95 % from", "percent"), measure("high", "to", "percent"), measure("tenth", "Tenth", "integer")].map((c) => (c.name === "said" ? { ...c, format: "percent" as const } : c)), rows: [...rows].reverse() },
      { title: "Leavers found", plot: { kind: "curve", x: "taken", y: ["found", "chance"] }, columns: [{ ...dimension("taken", "Customers taken, by score", "number"), format: "percent" }, measure("found", "By score", "percent"), measure("chance", "By chance", "percent")], rows: gains(judged, unseen.y) },
      { title: "Lift by tenth", columns: [tenth, measure("came", "Left", "percent"), measure("lift", "Lift"), measure("lift_low", "95 % from"), measure("lift_high", "to")], rows },
      ...(paid ? [{ title: "Profit by how many are contacted", plot: { kind: "curve" as const, x: "taken", y: ["profit"], mark: { at: paid.best.taken, words: `best: ${(100 * paid.best.taken).toFixed(0)} %` } }, columns: [{ ...dimension("taken", "Customers contacted, by score", "number"), format: "percent" as const }, { ...measure("profit", "Profit"), ...money }], rows: paid.rows, note: `Were a contact to cost ${model.action!.cost}, a customer kept to be worth ${model.action!.worth} and the contact to work in ${(100 * model.action!.works).toFixed(0)} % of leavers: contact those with a score of ${paid.best.score.toFixed(2)} or more. Whether it works, a hold-out has to tell.` }] : []),
      learnt.section,
      { title: "Reasons of those most at risk", wide: true, note: "Parts of the log odds: the base and the parts add up to the sum, and the sum is the chance.", columns: [dimension("member", engine.catalog.dimensions.get(model.over)?.title ?? model.over), measure("base", "Base"), ...titles.map((t, j) => measure(`part${j}`, t)), measure("sum", "Sum"), measure("chance", "Chance", "percent")], rows: riskiest.map((i) => ({ member: keys[i]!, base, ...Object.fromEntries(parts.map((p, j) => [`part${j}`, p[i]!])), sum: logOdds[i]!, chance: 1 / (1 + Math.exp(-logOdds[i]!)) })) },
    ],
    notes: [
      `A customer counts as active who bought within ${days} days before, and as gone who did not buy within ${days} days after.`,
      ...leaks.map((l) => `Leak alarm: ${l.title} alone tells who leaves (AUC ${l.auc.toFixed(3)}). It probably knows what happened afterwards; leave it out.`),
      ...(beats ? [] : ["The naive rival is no worse on unseen customers: use days since the last purchase."]),
      ...learnt.unused.map((j) => `${titles[j]} was left out: it does not differ.`),
    ],
  };
}

/** AUC of one feature, whichever way it points; what is not known is the least. */
function strength(values: Float64Array, y: Float64Array): number { const a = auc(values.map((v) => (Number.isNaN(v) ? Number.NEGATIVE_INFINITY : v)), y); return Math.max(a, 1 - a); }

const outputs = {
  score: { type: "number", title: "Risk of leaving", description: "Chance, 0 to 1, of no purchase in the label's period." },
  decile: { type: "integer", title: "Risk tenth", description: "1 the tenth most at risk, 10 the least." },
  reason: { type: "string", title: "Main reason", description: "What raises the risk most against the average customer." },
} as const;

export const churn = defineTechnique<ChurnModel>()({ name: "logistic", title: "Churn by logistic regression", main: "decile", outputs, fit: (context) => fit(context, LOGISTIC), score, report: (context, fitted) => report(context, fitted, LOGISTIC) });
export const boosting = defineTechnique<BoostingModel>()({ name: "boosting", title: "Churn by gradient-boosted trees", main: "decile", outputs, fit: (context) => fit(context, BOOSTING), score, report: (context, fitted) => report(context, fitted, BOOSTING) });
