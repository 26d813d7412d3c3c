/** Scores customers: probability alive, purchases and value within the horizon, with 80 % bounds. */
import type { DuckDBConnection } from "duckdb";
import { countAt } from "./counts.ts";
import { expectedValue, type GammaGamma } from "./gamma-gamma.ts";
import type { Customers } from "./histories.ts";
import { MOST_COUNTS, type Process } from "./process.ts";
import { worthBounds } from "./worth.ts";
import { at } from "../../lookup.ts";
import { f64 } from "../numeric/vector.ts";

/** Quantiles of a customer's bounds: an 80 % interval. */
const BOUNDS = [0.1, 0.9] as const;
/** Gauss-Legendre quadrature on [0, 1]: expectations are smooth, so three nodes integrate them to a few millionths. */
const NODES = [0.1127016653792583, 0.5, 0.8872983346207417] as const;
const WEIGHTS = [5 / 18, 8 / 18, 5 / 18] as const;

/** Purchases within the horizon, discounted to now: the integral of the expectation by parts. @param rate a year */
export function discounted(expected: (t: number) => number, horizon: number, whole: number, rate: number): number {
  const force = Math.log(1 + rate) / 52;
  return (
    whole * Math.exp(-force * horizon) +
    force *
      horizon *
      NODES.reduce(
        (sum, node, k) => sum + at(WEIGHTS, k) * expected(node * horizon) * Math.exp(-force * node * horizon),
        0,
      )
  );
}

/** A customer's score. */
export interface Score {
  /** probability alive */
  readonly alive: number;
  readonly purchases: number;
  /** bounds of the purchases */
  readonly low: number;
  readonly high: number;
  readonly value: number;
  /** bounds of the value */
  readonly least: number;
  readonly most: number;
}

/** @param chances scratch space; values are NaN where the mean is not defined (q <= 1) */
export function scoreOf(
  process: Process,
  spend: GammaGamma,
  bounds: ReturnType<typeof worthBounds>,
  chances: Float64Array,
  { x, tx, T, mean }: { readonly x: number; readonly tx: number; readonly T: number; readonly mean: number },
  horizon: number,
  rate: number,
): Score {
  const purchases = process.expected(x, tx, T, horizon);
  const now = discounted((t) => process.expected(x, tx, T, t), horizon, purchases, rate);
  const worth = expectedValue(spend, x, mean);
  const counts = process.chances(x, tx, T, horizon, chances);
  const [least, most] = bounds(x, mean, chances, counts, BOUNDS);
  const discount = purchases > 0 ? now / purchases : 0;
  const part = Number.isFinite(worth) ? discount : Number.NaN;
  return {
    alive: process.alive(x, tx, T),
    purchases,
    low: countAt(chances, counts, BOUNDS[0]),
    high: countAt(chances, counts, BOUNDS[1]),
    value: now * worth,
    least: least * part,
    most: most * part,
  };
}

/** Writes the temporary table `lifetime_scores`; values are null where the mean is not defined (q <= 1). */
export async function score(
  connection: DuckDBConnection,
  all: Customers,
  process: Process,
  spend: GammaGamma,
  horizon: number,
  rate: number,
): Promise<void> {
  await connection.run(
    `CREATE OR REPLACE TEMP TABLE lifetime_numbers (
       position INTEGER, alive DOUBLE, purchases DOUBLE, purchases_low INTEGER, purchases_high INTEGER,
       value DOUBLE, value_low DOUBLE, value_high DOUBLE)`,
  );
  const appender = await connection.createAppender("lifetime_numbers", "main", "temp");
  const bounds = worthBounds(spend);
  const chances = new Float64Array(MOST_COUNTS);
  const number = (value: number): void => {
    if (Number.isFinite(value)) appender.appendDouble(value);
    else appender.appendNull();
  };
  for (let i = 0; i < all.x.length; i++) {
    const found = scoreOf(
      process,
      spend,
      bounds,
      chances,
      { x: f64(all.x, i), tx: f64(all.tx, i), T: f64(all.T, i), mean: f64(all.mean, i) },
      horizon,
      rate,
    );
    appender.appendInteger(i);
    appender.appendDouble(found.alive);
    appender.appendDouble(found.purchases);
    appender.appendInteger(found.low);
    appender.appendInteger(found.high);
    for (const value of [found.value, found.least, found.most]) number(value);
    appender.endRow();
  }
  appender.closeSync();
  await connection.run(
    `CREATE OR REPLACE TEMP TABLE lifetime_scores AS
     SELECT k.key, n.* EXCLUDE (position),
       CASE WHEN n.value IS NULL THEN NULL
            ELSE chr(69 - least(4, ((rank() OVER (ORDER BY n.value) - 1) * 5 // count(*) OVER ())::INTEGER))
       END AS value_band
     FROM (
       SELECT key, (row_number() OVER (ORDER BY key) - 1)::INTEGER AS position
       FROM (SELECT DISTINCT key FROM purchase_days)
     ) AS k JOIN lifetime_numbers AS n USING (position)`,
  );
}
