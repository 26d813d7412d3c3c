/** What customers will be worth: BG/NBD for how often, Gamma-Gamma for how much, judged on months that the fit has not seen. */
import { TesseraError, phrase } from "../../errors/index.ts";
import type { Column, Row } from "../../model/query.ts";
import { histories, purchaseDays, WEEK, type Customers } from "./histories.ts";
import { judge, track } from "./judge.ts";
import { BG_NBD, PARETO_NBD, type ProcessKind } from "./process.ts";
import { score } from "./score.ts";
import { totalInterval } from "./total.ts";
import { parameterInterval, type Maximum } from "../maximise.ts";
import { defineTechnique, type Fitted, type MiningContext, type ModelSpec } from "../technique.ts";
import { OUTPUTS } from "../outputs.ts";
import { fitGammaGamma } from "./gamma-gamma.ts";

/** `horizon` in weeks (52), `discountRate` a year (0.1); repeat purchases and their value are learnt from the days of `events` with a positive value. */
interface Lifetime {
  readonly events: string;
  readonly value: string;
  readonly horizon?: { readonly weeks: number };
  readonly discountRate?: number;
}
export interface LifetimeModel extends ModelSpec, Lifetime {
  readonly technique: "bg_nbd";
}
export interface ParetoModel extends ModelSpec, Lifetime {
  readonly technique: "pareto_nbd";
}

const FEWEST_REPEAT = 100;

async function fitLifetimeValue(
  context: MiningContext<LifetimeModel | ParetoModel>,
  kind: ProcessKind,
): Promise<Fitted> {
  const { engine, connection, model, asOf } = context;
  const horizon = model.horizon?.weeks ?? 52;
  const rate = model.discountRate ?? 0.1;
  context.onProgress("reading purchases");
  const first = await purchaseDays(context);
  const span = (asOf - first) / WEEK;
  if (!(span > 12))
    throw new TesseraError(
      "too-little-data",
      phrase`model ${model.name} has ${Math.max(0, Math.round(span))} weeks of purchases`,
      { place: `model ${model.name}`, remedy: "load at least a quarter of a year" },
    );

  context.onProgress("fitting how often and how much");
  const all = await histories(context, asOf, 0);
  const repeat = all.x.reduce((n, x) => n + (x > 0 ? 1 : 0), 0);
  if (repeat < FEWEST_REPEAT)
    throw new TesseraError("too-little-data", phrase`model ${model.name} has ${repeat} customers who bought twice`, {
      place: `model ${model.name}`,
      remedy: phrase`it needs ${FEWEST_REPEAT}`,
    });
  const process = kind.fit(all);
  if (!process.maximum.clear)
    throw new TesseraError(
      "too-little-data",
      phrase`model ${model.name}: the likelihood of ${kind.title} has no clear top (${process.names.map((name, i) => `${name} ${process.maximum.x[i]!.toPrecision(2)}`).join(", ")}): these purchases do not tell how customers differ, or whether they leave`,
      {
        place: `model ${model.name} › technique`,
        remedy:
          kind === PARETO_NBD ? "take the technique bg_nbd, or load more weeks" : "load more weeks, or describe by rfm",
      },
    );
  const spend = fitSpend(all);

  context.onProgress("judging on weeks it has not seen");
  const weeksHeld = Math.min(horizon, Math.floor(span / 3));
  const held = await histories(context, asOf - weeksHeld * WEEK, weeksHeld);
  const learnt = kind.fit(held);
  const judged = judge(held, learnt, weeksHeld);
  const tracked = await track(connection, held, learnt, asOf - weeksHeld * WEEK, weeksHeld);

  context.onProgress("scoring customers");
  await score(connection, all, process, spend, horizon, rate);
  const totals = await engine.serving.run(
    "SELECT count(*), sum(purchases), sum(value), avg(alive) FROM lifetime_scores",
  );
  const [members, purchases, value, averageAlive] = totals.columns.map((c) => Number(c[0])) as [
    number,
    number,
    number,
    number,
  ];
  const bands = await engine.serving.run(
    "SELECT value_band, count(*)::INTEGER, avg(alive), avg(purchases), sum(value), sum(value) / sum(sum(value)) OVER () FROM lifetime_scores GROUP BY 1 ORDER BY 1",
  );
  const node = engine.catalog.measures.get(model.value)!;
  const money = {
    format: node.format,
    ...(node.format === "currency" && engine.catalog.project.currency && { currency: engine.catalog.project.currency }),
  };
  const measure = (name: string, title: string, more: Partial<Column> = { format: "decimal" }): Column => ({
    name,
    kind: "measure",
    type: "number",
    title,
    ...more,
  });
  const bandColumns: Column[] = [
    { name: "band", kind: "dimension", type: "string", title: "Value band" },
    measure("members", "Members", { format: "integer" }),
    measure("alive", "Chance to be alive", { format: "percent" }),
    measure("purchases", "Expected purchases, each"),
    measure("value", `Expected value in ${horizon} weeks`, money),
    measure("share", "Share of value", { format: "percent" }),
  ];
  const bandRows: Row[] = Array.from({ length: bands.rowCount }, (_, r) =>
    Object.fromEntries(bandColumns.map((c, i) => [c.name, bands.columns[i]![r]!])),
  );
  const interval = (i: number, of: Maximum): readonly [number, number] => parameterInterval(of, i);
  const correlation = pearson(all);
  const uncertain = totalInterval(process, all, horizon, model.seed ?? 1);
  return {
    labels:
      "SELECT key, alive, purchases, purchases_low, purchases_high, value, value_low, value_high, value_band FROM lifetime_scores",
    report: {
      members,
      parameters: {
        events: model.events,
        value: model.value,
        horizon: `${horizon} weeks`,
        discountRate: rate,
        process: kind.title,
        ...Object.fromEntries(process.names.map((name, i) => [name, round(process.maximum.x[i]!)])),
        logLikelihood: Math.round(process.maximum.logLikelihood * 100) / 100,
        p: round(spend.p),
        q: round(spend.q),
        v: round(spend.v),
      },
      figures: [
        {
          title: `Expected purchases in ${horizon} weeks`,
          value: purchases,
          format: "integer",
          ...(uncertain && { interval: uncertain }),
          note: "the interval is that of the parameters and of chance",
        },
        {
          title: `Expected value in ${horizon} weeks`,
          value,
          format: node.format,
          note: `discounted by ${(rate * 100).toFixed(0)} % a year`,
        },
        {
          title: "Customers alive",
          value: averageAlive,
          format: "percent",
          note: "mean chance over all who ever bought",
        },
        {
          title: `Error on ${weeksHeld} unseen weeks`,
          value: judged.error,
          format: "decimal",
          note: `purchases a customer; the naive rival, buying on as before, misses by ${judged.naive.toFixed(2)}: ${judged.error < judged.naive ? "beats it" : "does not beat it"}`,
        },
        {
          title: "Total on unseen weeks",
          value: judged.expected / judged.actual - 1,
          format: "percent",
          note: `${Math.round(judged.expected).toLocaleString("en")} expected, ${Math.round(judged.actual).toLocaleString("en")} made`,
        },
      ],
      verdict: {
        beats: judged.lead[0] > 0,
        model: judged.error,
        rival: judged.naive,
        against: "buying on at the same rate",
        by: `mean error a customer on ${weeksHeld} unseen weeks, in purchases (less is better)`,
        lead: judged.lead,
      },
      sections: [
        { title: "Value by band", columns: [bandColumns[0]!, bandColumns[4]!], rows: bandRows, chart: "bar" },
        {
          title: `Unseen ${weeksHeld} weeks: purchases by earlier frequency`,
          plot: { kind: "curve", x: "frequency", y: ["made", "expected"] },
          rows: judged.byFrequency,
          note: "Fitted on what came before; what was made beside what was expected.",
          columns: [
            { name: "frequency", kind: "dimension", type: "integer", title: "Repeat purchases before" },
            measure("made", "Made"),
            measure("expected", "Expected"),
          ],
        },
        {
          title: `Unseen ${weeksHeld} weeks: tracking`,
          plot: { kind: "curve", x: "week", y: ["made", "expected"] },
          rows: tracked,
          note: "Purchases of all customers known before, summed up from week to week.",
          columns: [
            { name: "week", kind: "dimension", type: "integer", title: "Weeks after" },
            measure("made", "Made", { format: "integer" }),
            measure("expected", "Expected", { format: "integer" }),
          ],
        },
        { title: "Bands", columns: bandColumns, rows: bandRows },
        {
          title: "A new customer",
          note: "Purchases expected of somebody who has just bought for the first time.",
          columns: [
            { name: "weeks", kind: "dimension", type: "integer", title: "Within weeks" },
            measure("purchases", "Expected purchases"),
          ],
          rows: [4, 13, 26, 52, 104].map((weeks) => ({ weeks, purchases: process.expectedOfNew(weeks) })),
        },
        {
          title: "Parameters",
          columns: [
            { name: "parameter", kind: "dimension", type: "string", title: "Parameter" },
            measure("estimate", "Estimate"),
            measure("low", "95 % from"),
            measure("high", "to"),
          ],
          rows: [
            ...process.names.map((name, i) => ({
              parameter: name,
              estimate: process.maximum.x[i]!,
              low: interval(i, process.maximum)[0],
              high: interval(i, process.maximum)[1],
            })),
            ...(["p", "q", "v"] as const).map((name, i) => ({
              parameter: name,
              estimate: spend[name],
              low: interval(i, spend.maximum)[0],
              high: interval(i, spend.maximum)[1],
            })),
          ],
        },
      ],
      notes: [
        "A day with several purchases is one purchase; days whose value is not positive are none.",
        ...(Math.abs(correlation) > 0.2
          ? [
              `Frequency and value go together (correlation ${correlation.toFixed(2)}): the model takes them as independent, so the values of the most and least frequent are biased.`,
            ]
          : []),
        ...(spend.q <= 1
          ? ["The values of purchases vary too much for a mean to be defined (q <= 1): read the values with care."]
          : []),
        ...(judged.error >= judged.naive
          ? ["The naive rival was no worse on unseen weeks: use the ranking, not the amounts."]
          : []),
      ],
    },
  };
}

/** Beyond this many repeat buyers every nth tells as much. */
const MOST_SPENDERS = 60_000;

function fitSpend({ x, mean }: Customers): ReturnType<typeof fitGammaGamma> {
  const step = Math.ceil(x.length / MOST_SPENDERS);
  return step <= 1
    ? fitGammaGamma(x, mean)
    : fitGammaGamma(
        x.filter((_, i) => i % step === 0),
        mean.filter((_, i) => i % step === 0),
      );
}

const round = (value: number): number => Math.round(value * 10_000) / 10_000;

/** Correlation of frequency and mean value among repeat buyers; the model takes it as none. */
function pearson({ x, mean }: Customers): number {
  const rows = [...x.keys()].filter((i) => x[i]! > 0);
  const mx = rows.reduce((s, i) => s + x[i]!, 0) / rows.length;
  const mm = rows.reduce((s, i) => s + mean[i]!, 0) / rows.length;
  let [xy, xx, yy] = [0, 0, 0];
  for (const i of rows) {
    xy += (x[i]! - mx) * (mean[i]! - mm);
    xx += (x[i]! - mx) ** 2;
    yy += (mean[i]! - mm) ** 2;
  }
  return xx === 0 || yy === 0 ? 0 : xy / Math.sqrt(xx * yy);
}

export const lifetimeValue = defineTechnique<LifetimeModel>()({
  ...OUTPUTS.bg_nbd,
  fit: (context) => fitLifetimeValue(context, BG_NBD),
  score: (_, fitted) => fitted.labels,
  report: (_, fitted) => fitted.report,
});

export const paretoValue = defineTechnique<ParetoModel>()({
  ...OUTPUTS.pareto_nbd,
  fit: (context) => fitLifetimeValue(context as MiningContext<ParetoModel>, PARETO_NBD),
  score: (_, fitted) => fitted.labels,
  report: (_, fitted) => fitted.report,
});
