/** The report on lifetime value: totals, value bands, unseen weeks, parameters. */
import { at, required } from "../../lookup.ts";
import type { Column, Row } from "../../model/query.ts";
import { dimension, measure, unitOf } from "../columns.ts";
import { parameterInterval } from "../maximise.ts";
import { f64, num } from "../numeric/vector.ts";
import type { Findings, MiningContext, ReportSection } from "../technique.ts";
import type { LifetimeModel, ParetoModel } from "./lifetime-models.ts";
import type { fitGammaGamma } from "./gamma-gamma.ts";
import type { Customers } from "./histories.ts";
import type { Judged } from "./judge.ts";
import type { Process, ProcessKind } from "./process.ts";

/** What the report is written from. */
export interface LifetimeFit {
  readonly kind: ProcessKind;
  /** weeks */
  readonly horizon: number;
  /** discount rate a year */
  readonly rate: number;
  readonly all: Customers;
  readonly process: Process;
  readonly spend: ReturnType<typeof fitGammaGamma>;
  readonly weeksHeld: number;
  readonly judged: Judged;
  readonly tracked: readonly Row[];
  /** of the expected purchases */
  readonly interval: readonly [number, number] | null;
}

const SPEND = ["p", "q", "v"] as const;
/** A correlation beyond this biases the values. */
const CORRELATED = 0.2;

/** Figures, sections and notes; reads the temporary table `lifetime_scores`. */
export async function lifetimeReport(
  context: MiningContext<LifetimeModel | ParetoModel>,
  fit: LifetimeFit,
): Promise<Findings> {
  const { engine, model } = context;
  const { kind, horizon, rate, process, spend, weeksHeld, judged } = fit;
  const money = { ...unitOf(context, model.value), format: required(engine.catalog.measures, model.value).format };
  const totals = await engine.serving.run(
    "SELECT count(*), sum(purchases), sum(value), avg(alive) FROM lifetime_scores",
  );
  const [members = 0, purchases = 0, value = 0, alive = 0] = totals.columns.map((c) => Number(c[0]));
  const estimate = (i: number): number => rounded(num(process.maximum.x, i));
  return {
    members,
    parameters: {
      events: model.events,
      value: model.value,
      horizon: `${horizon} weeks`,
      discountRate: rate,
      process: kind.title,
      ...Object.fromEntries(process.names.map((name, i) => [name, estimate(i)])),
      logLikelihood: Math.round(process.maximum.logLikelihood * 100) / 100,
      p: rounded(spend.p),
      q: rounded(spend.q),
      v: rounded(spend.v),
    },
    figures: [
      {
        title: `Expected purchases in ${horizon} weeks`,
        value: purchases,
        format: "integer",
        ...(fit.interval && { interval: fit.interval }),
        note: "the interval covers the parameters and chance",
      },
      {
        title: `Expected value in ${horizon} weeks`,
        value,
        format: money.format,
        note: `discounted by ${(rate * 100).toFixed(0)} % a year`,
      },
      {
        title: "Customers alive",
        value: alive,
        format: "percent",
        note: "mean probability over all customers who ever bought",
      },
      {
        title: `Error on ${weeksHeld} unseen weeks`,
        value: judged.error,
        format: "decimal",
        note:
          `purchases a customer; the baseline, the same rate as before, is off by ${judged.naive.toFixed(2)}: ` +
          (judged.error < judged.naive ? "beats it" : "does not beat it"),
      },
      {
        title: "Bias of the total on unseen weeks",
        value: judged.expected / judged.actual - 1,
        format: "percent",
        note:
          `${Math.round(judged.expected).toLocaleString("en")} expected, ` +
          `${Math.round(judged.actual).toLocaleString("en")} actual`,
      },
    ],
    verdict: {
      beats: judged.lead[0] > 0,
      model: judged.error,
      rival: judged.naive,
      against: "buying at the same rate as before",
      by: `mean error a customer on ${weeksHeld} unseen weeks, in purchases (less is better)`,
      lead: judged.lead,
    },
    sections: await sectionsOf(context, fit, money),
    notes: notesOf(fit),
  };
}

const rounded = (value: number): number => Math.round(value * 10_000) / 10_000;

async function sectionsOf(
  { engine }: MiningContext,
  { horizon, process, spend, weeksHeld, judged, tracked }: LifetimeFit,
  money: Partial<Column>,
): Promise<ReportSection[]> {
  const band = dimension("band", "Value band");
  const value: Column = { ...measure("value", `Expected value in ${horizon} weeks`), ...money };
  const columns = [
    band,
    { ...measure("members", "Members", "integer"), type: "number" as const },
    measure("alive", "Probability alive", "percent"),
    measure("purchases", "Expected purchases, each"),
    value,
    measure("share", "Share of value", "percent"),
  ];
  const read = await engine.serving.run(
    `SELECT value_band, count(*)::INTEGER, avg(alive), avg(purchases), sum(value), sum(value) / sum(sum(value)) OVER ()
     FROM lifetime_scores GROUP BY 1 ORDER BY 1`,
  );
  const rows = Array.from(
    { length: read.rowCount },
    (_, row): Row => Object.fromEntries(columns.map((c, i) => [c.name, at(read.columns, i)[row] ?? null])),
  );
  return [
    { title: "Value by band", columns: [band, value], rows, chart: "bar" },
    {
      title: `Unseen ${weeksHeld} weeks: purchases by earlier frequency`,
      plot: { kind: "curve", x: "frequency", y: ["made", "expected"] },
      rows: judged.byFrequency,
      note: "Fitted on the weeks before; actual purchases compared with expected ones.",
      columns: [
        dimension("frequency", "Repeat purchases before", "integer"),
        measure("made", "Actual"),
        measure("expected", "Expected"),
      ],
    },
    {
      title: `Unseen ${weeksHeld} weeks: tracking`,
      plot: { kind: "curve", x: "week", y: ["made", "expected"] },
      rows: tracked,
      note: "Cumulative purchases of all customers known before, week by week.",
      columns: [
        dimension("week", "Weeks after", "integer"),
        { ...measure("made", "Actual", "integer"), type: "number" },
        { ...measure("expected", "Expected", "integer"), type: "number" },
      ],
    },
    { title: "Bands", columns, rows },
    {
      title: "New customers",
      note: "Purchases expected of a customer after the first purchase.",
      columns: [dimension("weeks", "Within weeks", "integer"), measure("purchases", "Expected purchases")],
      rows: [4, 13, 26, 52, 104].map((weeks) => ({ weeks, purchases: process.expectedOfNew(weeks) })),
    },
    {
      title: "Parameters",
      columns: [
        dimension("parameter", "Parameter"),
        measure("estimate", "Estimate"),
        measure("low", "95 % low"),
        measure("high", "95 % high"),
      ],
      rows: [
        ...process.names.map((parameter, i) => ({ parameter, maximum: process.maximum, i })),
        ...SPEND.map((parameter, i) => ({ parameter, maximum: spend.maximum, i })),
      ].map(({ parameter, maximum, i }) => {
        const [low, high] = parameterInterval(maximum, i);
        return { parameter, estimate: num(maximum.x, i), low, high };
      }),
    },
  ];
}

function notesOf({ all, spend, judged }: LifetimeFit): string[] {
  const correlation = pearson(all);
  return [
    "Several purchases on one day count as one; days without a positive value do not count.",
    ...(Math.abs(correlation) > CORRELATED
      ? [
          `Frequency and value are correlated (${correlation.toFixed(2)}), but the model takes them as independent: ` +
            "the values of the most and least frequent customers are biased.",
        ]
      : []),
    ...(spend.q <= 1
      ? ["The values of purchases vary too much for a defined mean (q <= 1): read them with care."]
      : []),
    ...(judged.error >= judged.naive
      ? ["The baseline was as good on unseen weeks: use the ranking, not the amounts."]
      : []),
  ];
}

/** The correlation of frequency and mean value among repeat buyers. */
function pearson({ x, mean }: Customers): number {
  const rows = [...x.keys()].filter((i) => f64(x, i) > 0);
  const centre = (of: Float64Array): number => rows.reduce((s, i) => s + f64(of, i), 0) / rows.length;
  const [mx, mm] = [centre(x), centre(mean)];
  let [xy, xx, yy] = [0, 0, 0];
  for (const i of rows) {
    const [dx, dm] = [f64(x, i) - mx, f64(mean, i) - mm];
    xy += dx * dm;
    xx += dx ** 2;
    yy += dm ** 2;
  }
  return xx === 0 || yy === 0 ? 0 : xy / Math.sqrt(xx * yy);
}
