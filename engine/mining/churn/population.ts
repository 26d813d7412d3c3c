/** Who was active on a day, what was known of him then, and whether he came again. */
import { toIso, type Day } from "../../model/calendar.ts";
import { eventDays } from "../event-days.ts";
import { featureTable, readMatrix } from "../features.ts";
import type { MiningContext, ModelSpec } from "../technique.ts";

/** What both ways to learn of leaving are declared with. A customer is gone who will not buy within `label.inactive.days`; recency and purchase days are always among the features. */
export interface LeavingModel extends ModelSpec {
  readonly events: string;
  readonly label: { readonly inactive: { readonly days: number } };
  readonly features: readonly string[];
  /** what can be done: what it costs to contact a customer, what one is worth who stays for it, and how often it works; gives the profit curve */
  readonly action?: { readonly cost: number; readonly worth: number; readonly works: number };
}

export interface Population { readonly columns: readonly Float64Array[]; readonly y: Float64Array; readonly n: number }

/** Customers active on a day with what was known of them then; y: 1 where they did not buy in the `ahead` days after. */
export async function population(context: MiningContext<LeavingModel>, day: Day, ahead: number): Promise<Population> {
  const { connection, model } = context;
  await eventDays(context, "churn_days");
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
