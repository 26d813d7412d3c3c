/** Customers who were active on a day, what was known about them then, and whether they bought again. */
import { at, first, present } from "../../lookup.ts";
import { toIso, type Day } from "../../model/time/calendar.ts";
import { featureTitle } from "../columns.ts";
import { eventDays } from "../event-days.ts";
import { featureColumns, featureTable, readMatrix } from "../features.ts";
import type { MiningContext, ModelSpec } from "../technique.ts";

/** What both churn techniques are declared with. Recency and purchase days are always among the features. */
export interface LeavingModel extends ModelSpec {
  /** cube of the purchases */
  readonly events: string;
  /** a customer has left who does not buy within so many days */
  readonly label: { readonly inactive: { readonly days: number } };
  /** measures and attributes known on the day; at least one measure */
  readonly features: readonly string[];
  /** `single`: learn from one day (default); `monthly`: from the same day of several months, with a backtest */
  readonly cutoffs?: "single" | "monthly";
  /**
   * cost of a contact, worth of a customer who stays for it, and the share of leavers it works for: the profit curve
   */
  readonly action?: { readonly cost: number; readonly worth: number; readonly works: number };
}

/** Members with features and outcome. */
export interface Population {
  /** one array a feature, NaN for unknown values */
  readonly columns: readonly Float64Array[];
  /** 1 where the outcome came, else 0 */
  readonly y: Float64Array;
  readonly n: number;
}

/** Creates the temporary table `churn_days`, once for all populations. @returns the day of the first event */
export async function eventsOf(context: MiningContext<ModelSpec & { readonly events: string }>): Promise<Day> {
  await eventDays(context, "churn_days");
  const read = await context.connection.runAndReadAll(
    "SELECT coalesce(date_diff('day', DATE '1970-01-01', min(day)), 0)::INTEGER FROM churn_days",
  );
  return Number(first(first(read.getRows())));
}

/** Titles of a population's columns. */
export const titlesOf = (context: MiningContext<ModelSpec & { readonly features: readonly string[] }>): string[] => [
  "Days since the last purchase",
  "Purchase days",
  ...context.model.features.map((f) => featureTitle(context, f)),
];

/** The same day of an earlier month, or that month's last day. */
export function monthsBefore(day: Day, months: number): Day {
  const d = new Date(day * 86_400_000);
  const [year, month] = [d.getUTCFullYear(), d.getUTCMonth() - months];
  return Math.min(Date.UTC(year, month, d.getUTCDate()), Date.UTC(year, month + 1, 0)) / 86_400_000;
}

/** More rows than these do not improve the model: every nth is taken. */
const MOST_ROWS = 60_000;

/** Populations of several days in one. */
export function stack(all: readonly Population[]): Population {
  const [start, ...rest] = all;
  const head = present(start, "population");
  if (rest.length === 0) return head;
  const n = all.reduce((sum, p) => sum + p.n, 0);
  const step = Math.ceil(n / MOST_ROWS);
  const join = (parts: readonly Float64Array[]): Float64Array => {
    const whole = new Float64Array(n);
    let offset = 0;
    for (const part of parts) {
      whole.set(part, offset);
      offset += part.length;
    }
    return step === 1 ? whole : whole.filter((_, i) => i % step === 0);
  };
  const y = join(all.map((p) => p.y));
  return { columns: head.columns.map((_, j) => join(all.map((p) => at(p.columns, j)))), y, n: y.length };
}

/** Reads a table of members with recency, days, g0 … gn and y. */
export async function readPopulation(
  context: MiningContext<ModelSpec & { readonly features: readonly string[] }>,
  table: string,
  order = "key",
): Promise<Population> {
  const names = ["recency", "days", ...featureColumns(context.model.features, "g")];
  const columns = await readMatrix(context, table, [...names, "y"], order);
  const y = at(columns, names.length);
  return { columns: columns.slice(0, names.length), y, n: y.length };
}

/**
 * Customers active on a day, with what was known about them then; y is 1 where they did not buy in the `ahead` days
 * after. Creates the temporary table `churn_population`.
 */
export async function population(context: MiningContext<LeavingModel>, day: Day, ahead: number): Promise<Population> {
  const { connection, model } = context;
  await featureTable(context, "churn_known", model.features, day);
  const iso = `DATE '${toIso(day)}'`;
  const features = model.features.map((_, i) => `k.f${i} AS g${i}, `).join("");
  await connection.run(
    `CREATE OR REPLACE TEMP TABLE churn_population AS
     SELECT p.key, date_diff('day', p.last, ${iso})::DOUBLE AS recency, p.days::DOUBLE AS days, ${features}
       (NOT EXISTS (
         SELECT 1 FROM churn_days AS a WHERE a.key = p.key AND a.day > ${iso} AND a.day <= ${iso} + ${ahead}
       ))::INTEGER::DOUBLE AS y
     FROM (SELECT key, max(day) AS last, count(*) AS days FROM churn_days WHERE day <= ${iso} GROUP BY key) AS p
     LEFT JOIN churn_known AS k USING (key) WHERE p.last > ${iso} - ${model.label.inactive.days}`,
  );
  return readPopulation(context, "churn_population");
}
