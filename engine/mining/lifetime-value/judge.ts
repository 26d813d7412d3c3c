/** A model of buying judged on weeks it has not seen: by earlier frequency, and week by week. */
import type { DuckDBConnection } from "duckdb";
import { at } from "../../lookup.ts";
import { toIso, type Day } from "../../model/time/calendar.ts";
import type { Row } from "../../model/query.ts";
import { pairedInterval } from "../columns.ts";
import { f64 } from "../numeric/vector.ts";
import type { Customers } from "./histories.ts";
import type { Process } from "./process.ts";
import { WEEK } from "./read-histories.ts";

/** Customers with more repeat purchases are shown together. */
const MOST_SHOWN = 7;

/** Purchases a customer on the weeks held out. */
export interface Judged {
  /** mean absolute error a customer */
  readonly error: number;
  /** the same by the baseline, buying on at the same rate */
  readonly naive: number;
  /** 95 % interval of the baseline's error less the model's */
  readonly lead: readonly [number, number];
  /** purchases of all customers, expected and made */
  readonly expected: number;
  readonly actual: number;
  /** mean purchases made and expected, by repeat purchases before */
  readonly byFrequency: Row[];
}

/** Compares expected with actual purchases. */
export function judge(held: Customers, process: Process, weeks: number): Judged {
  const n = held.x.length;
  let [error, naive, expected, actual] = [0, 0, 0, 0];
  const groups = Array.from({ length: MOST_SHOWN + 1 }, () => ({ made: 0, expected: 0, n: 0 }));
  const leads = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const [x, tx, T, made] = [f64(held.x, i), f64(held.tx, i), f64(held.T, i), f64(held.actual, i)];
    const guess = process.expected(x, tx, T, weeks);
    const sameRate = T > 0 ? (x / T) * weeks : 0;
    const [own, rival] = [Math.abs(guess - made), Math.abs(sameRate - made)];
    error += own;
    naive += rival;
    leads[i] = rival - own;
    expected += guess;
    actual += made;
    const group = at(groups, Math.min(x, MOST_SHOWN));
    group.made += made;
    group.expected += guess;
    group.n++;
  }
  return {
    error: error / n,
    naive: naive / n,
    lead: pairedInterval(leads),
    expected,
    actual,
    byFrequency: groups.flatMap((g, frequency) =>
      g.n === 0 ? [] : [{ frequency, made: g.made / g.n, expected: g.expected / g.n }],
    ),
  };
}

const SAMPLED = 4000;
const MOST_POINTS = 26;

/** Cumulative purchases of all customers known on a day, week by week after it: made and expected. */
export async function track(
  connection: DuckDBConnection,
  held: Customers,
  process: Process,
  day: Day,
  weeks: number,
): Promise<Row[]> {
  const every = Math.max(1, Math.ceil(weeks / MOST_POINTS));
  const [from, until] = [`DATE '${toIso(day)}'`, `DATE '${toIso(day + weeks * WEEK)}'`];
  const read = await connection.runAndReadAll(
    `WITH seen AS (SELECT DISTINCT key FROM purchase_days WHERE day <= ${from})
     SELECT (date_diff('day', ${from}, day) - 1) // ${WEEK} + 1 AS week, count(*)::INTEGER
     FROM purchase_days JOIN seen USING (key) WHERE day > ${from} AND day <= ${until} GROUP BY 1`,
  );
  const byWeek = new Map(read.getRows().map(([week, n]) => [Number(week), Number(n)]));
  const n = held.x.length;
  const step = Math.max(1, Math.floor(n / SAMPLED));
  const rows: Row[] = [];
  let made = 0;
  for (let week = 1; week <= weeks; week++) {
    made += byWeek.get(week) ?? 0;
    if (week % every !== 0 && week !== weeks) continue;
    let expected = 0;
    for (let i = 0; i < n; i += step)
      expected += process.expected(f64(held.x, i), f64(held.tx, i), f64(held.T, i), week);
    rows.push({ week, made, expected: (expected / Math.ceil(n / step)) * n });
  }
  return rows;
}
