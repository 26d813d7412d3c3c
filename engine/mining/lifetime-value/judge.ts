/** A model of buying judged on weeks that it has not seen: by earlier frequency, and week by week. */
import type { DuckDBConnection } from "duckdb";
import { toIso, type Day } from "../../model/time/calendar.ts";
import type { Row } from "../../model/query.ts";
import { pairedInterval } from "../columns.ts";
import { WEEK, type Customers } from "./histories.ts";
import type { Process } from "./process.ts";

const MOST_SHOWN = 7;

/** Mean absolute error a customer on the weeks held out, beside that of buying on at the same rate. */
export function judge(
  held: Customers,
  process: Process,
  weeks: number,
): {
  error: number;
  naive: number;
  lead: readonly [number, number];
  expected: number;
  actual: number;
  byFrequency: Row[];
} {
  const n = held.x.length;
  let [error, naive, expected, actual] = [0, 0, 0, 0];
  const groups = Array.from({ length: MOST_SHOWN + 1 }, () => ({ made: 0, expected: 0, n: 0 }));
  const leads = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const guess = process.expected(held.x[i]!, held.tx[i]!, held.T[i]!, weeks);
    const before = held.T[i]! > 0 ? (held.x[i]! / held.T[i]!) * weeks : 0;
    const [own, rival] = [Math.abs(guess - held.actual[i]!), Math.abs(before - held.actual[i]!)];
    error += own;
    naive += rival;
    leads[i] = rival - own;
    expected += guess;
    actual += held.actual[i]!;
    const group = groups[Math.min(held.x[i]!, MOST_SHOWN)]!;
    group.made += held.actual[i]!;
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

/** Purchases of all customers known on the day, week by week after it, summed up: made and expected. */
export async function track(
  connection: DuckDBConnection,
  held: Customers,
  process: Process,
  day: Day,
  weeks: number,
): Promise<Row[]> {
  const every = Math.max(1, Math.ceil(weeks / MOST_POINTS));
  const read = await connection.runAndReadAll(`
    WITH seen AS (SELECT DISTINCT key FROM purchase_days WHERE day <= DATE '${toIso(day)}')
    SELECT (date_diff('day', DATE '${toIso(day)}', day) - 1) // ${WEEK} + 1 AS week, count(*)::INTEGER FROM purchase_days JOIN seen USING (key) WHERE day > DATE '${toIso(day)}' AND day <= DATE '${toIso(day + weeks * WEEK)}' GROUP BY 1`);
  const byWeek = new Map(read.getRows().map(([week, n]) => [Number(week), Number(n)]));
  const step = Math.max(1, Math.floor(held.x.length / SAMPLED));
  let sampled = 0;
  for (let i = 0; i < held.x.length; i += step) sampled++;
  const rows: Row[] = [];
  let made = 0;
  for (let week = 1; week <= weeks; week++) {
    made += byWeek.get(week) ?? 0;
    if (week % every !== 0 && week !== weeks) continue;
    let expected = 0;
    for (let i = 0; i < held.x.length; i += step)
      expected += process.expected(held.x[i]!, held.tx[i]!, held.T[i]!, week);
    rows.push({ week, made, expected: (expected / sampled) * held.x.length });
  }
  return rows;
}
