/** Who was active on a day, what was known of him then, and whether he came again. */
import { toIso, type Day } from "../../model/time/calendar.ts";
import { eventDays } from "../event-days.ts";
import { featureTable, readMatrix } from "../features.ts";
import type { MiningContext, ModelSpec } from "../technique.ts";

/** What both ways to learn of leaving are declared with. A customer is gone who will not buy within `label.inactive.days`; recency and purchase days are always among the features. */
export interface LeavingModel extends ModelSpec {
  readonly events: string;
  readonly label: { readonly inactive: { readonly days: number } };
  readonly features: readonly string[];
  /** learnt on one day, or on the same day of several months stacked, with a backtest over the latest of them */
  readonly cutoffs?: "single" | "monthly";
  /** what can be done: what it costs to contact a customer, what one is worth who stays for it, and how often it works; gives the profit curve */
  readonly action?: { readonly cost: number; readonly worth: number; readonly works: number };
}

export interface Population {
  readonly columns: readonly Float64Array[];
  readonly y: Float64Array;
  readonly n: number;
}

/** Temporary table `churn_days`, once for all populations. @returns the day of the first event */
export async function eventsOf(context: MiningContext<ModelSpec & { readonly events: string }>): Promise<Day> {
  await eventDays(context, "churn_days");
  const read = await context.connection.runAndReadAll(
    "SELECT coalesce(date_diff('day', DATE '1970-01-01', min(day)), 0)::INTEGER FROM churn_days",
  );
  return Number(read.getRows()[0]![0]);
}

/** Names of the columns of a population. */
export const titlesOf = ({
  engine,
  model,
}: MiningContext<ModelSpec & { readonly features: readonly string[] }>): string[] => [
  "Days since the last purchase",
  "Purchase days",
  ...model.features.map(
    (f) =>
      engine.catalog.measures.get(f)?.title ??
      engine.catalog.dimensions.get(model.over)?.attributes.get(f.split(".")[1] ?? "")?.title ??
      f,
  ),
];

/** The same day of an earlier month, or that month's last. */
export function monthsBefore(day: Day, months: number): Day {
  const d = new Date(day * 86_400_000);
  const [year, month] = [d.getUTCFullYear(), d.getUTCMonth() - months];
  return Math.min(Date.UTC(year, month, d.getUTCDate()), Date.UTC(year, month + 1, 0)) / 86_400_000;
}

/** More rows than these teach no more: every nth is taken. */
const MOST_ROWS = 60_000;

/** Populations of several days one after another. */
export function stack(all: readonly Population[]): Population {
  if (all.length === 1) return all[0]!;
  const n = all.reduce((sum, p) => sum + p.n, 0);
  const step = Math.ceil(n / MOST_ROWS);
  const join = (parts: readonly Float64Array[]): Float64Array => {
    const whole = new Float64Array(n);
    let at = 0;
    for (const part of parts) {
      whole.set(part, at);
      at += part.length;
    }
    return step === 1 ? whole : whole.filter((_, i) => i % step === 0);
  };
  const y = join(all.map((p) => p.y));
  return { columns: all[0]!.columns.map((_, j) => join(all.map((p) => p.columns[j]!))), y, n: y.length };
}

/** Customers active on a day with what was known of them then; y: 1 where they did not buy in the `ahead` days after. */
export async function population(context: MiningContext<LeavingModel>, day: Day, ahead: number): Promise<Population> {
  const { connection, model } = context;
  const within = model.label.inactive.days;
  await featureTable(context, "churn_known", model.features, day);
  const iso = `DATE '${toIso(day)}'`;
  const features = model.features.map((_, i) => `k.f${i}`);
  await connection.run(`CREATE OR REPLACE TEMP TABLE churn_population AS
    SELECT p.key, date_diff('day', p.last, ${iso})::DOUBLE AS recency, p.days::DOUBLE AS days, ${features.map((f, i) => `${f} AS g${i}`).join(", ")}${features.length > 0 ? ", " : ""}
      (NOT EXISTS (SELECT 1 FROM churn_days AS a WHERE a.key = p.key AND a.day > ${iso} AND a.day <= ${iso} + ${ahead}))::INTEGER::DOUBLE AS y
    FROM (SELECT key, max(day) AS last, count(*) AS days FROM churn_days WHERE day <= ${iso} GROUP BY key) AS p LEFT JOIN churn_known AS k USING (key) WHERE p.last > ${iso} - ${within}`);
  const columns = await readMatrix(context, "churn_population", [
    "recency",
    "days",
    ...model.features.map((_, i) => `g${i}`),
    "y",
  ]);
  const y = columns.pop()!;
  return { columns, y, n: y.length };
}
