/** Scores members: the probability, its decile, and the main reason. */
import type { DuckDBConnection } from "duckdb";
import { at } from "../../lookup.ts";
import { f64, num } from "../numeric/vector.ts";
import type { Classified } from "./classified.ts";

/**
 * Creates the temporary table `class_scores`: key, score, decile (1 the highest scores) and the feature that raises the
 * score most compared with the average member.
 * @param population the table of the members, in the order of `today`
 * @returns the SELECT of the labels
 */
export async function scoreMembers(
  connection: DuckDBConnection,
  { learnt, today, titles }: Classified,
  population: string,
): Promise<string> {
  const scores = learnt.score(today.columns);
  const { parts } = learnt.explain(today.columns);
  const means = today.columns.map(knownMean);
  const reasonOf = (row: number): string => {
    let [best, most] = [-1, 0];
    for (const [j, part] of parts.entries()) if (f64(part, row) > most) [best, most] = [j, f64(part, row)];
    if (best < 0) return "nothing in particular";
    const value = f64(at(today.columns, best), row);
    const title = at(titles, best).toLowerCase();
    if (Number.isNaN(value)) return `no ${title}`;
    return `${value > num(means, best) ? "high" : "low"} ${title}`;
  };
  await connection.run("CREATE OR REPLACE TEMP TABLE class_numbers (position INTEGER, score DOUBLE, reason VARCHAR)");
  const appender = await connection.createAppender("class_numbers", "main", "temp");
  for (const [i, score] of scores.entries()) {
    appender.appendInteger(i);
    appender.appendDouble(score);
    appender.appendVarchar(reasonOf(i));
    appender.endRow();
  }
  appender.closeSync();
  await connection.run(
    `CREATE OR REPLACE TEMP TABLE class_scores AS
     SELECT k.key, n.score,
       (1 + least(9, (rank() OVER (ORDER BY n.score DESC) - 1) * 10 // count(*) OVER ()))::INTEGER AS decile, n.reason
     FROM (SELECT key, (row_number() OVER (ORDER BY key) - 1)::INTEGER AS position FROM ${population}) AS k
     JOIN class_numbers AS n USING (position)`,
  );
  return "SELECT key, score, decile, reason FROM class_scores";
}

function knownMean(values: Float64Array): number {
  let [n, sum] = [0, 0];
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    n++;
    sum += value;
  }
  return sum / Math.max(1, n);
}
