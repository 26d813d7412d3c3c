import { DuckDBInstance } from "duckdb";
import fc from "fast-check";
import { expect, it } from "vitest";
import { oneTypingError } from "../../../etl/match/normalise.ts";

const letter = fc.constantFrom("a", "b", "c", "é", "@", ".");
const text = fc.array(letter, { maxLength: 24 });
/** A text and another that has up to three letters changed, left out, doubled or swapped. */
const pair = fc
  .tuple(text, fc.array(fc.tuple(fc.nat(23), fc.nat(3), letter), { maxLength: 3 }))
  .map(([letters, errors]) => {
    const other = [...letters];
    for (const [place, kind, put] of errors) {
      if (place >= other.length) continue;
      if (kind === 0) other[place] = put;
      if (kind === 1) other.splice(place, 1);
      if (kind === 2) other.splice(place, 0, put);
      if (kind === 3) other.splice(place, 2, ...other.slice(place, place + 2).reverse());
    }
    return [letters.join(""), other.join("")] as const;
  });

it("one typing error is what the exact distance calls one, whatever is left out before", async () => {
  const connection = await (await DuckDBInstance.create(":memory:")).connect();
  await connection.run("CREATE TABLE pairs (x VARCHAR, y VARCHAR)");
  const appender = await connection.createAppender("pairs");
  for (const [x, y] of fc.sample(pair, { numRuns: 20_000, seed: 5 })) {
    appender.appendVarchar(x);
    appender.appendVarchar(y);
    appender.endRow();
  }
  appender.closeSync();
  const count = async (condition: string): Promise<number> =>
    Number((await connection.runAndReadAll(`SELECT count(*) FROM pairs WHERE ${condition}`)).getRows()[0]?.[0]);
  const exact = "damerau_levenshtein(x, y) <= 1";
  expect(await count(exact)).toBeGreaterThan(5_000);
  expect(await count(`NOT (${exact})`)).toBeGreaterThan(1_000);
  expect(await count(`(${oneTypingError("x", "y")}) <> (${exact})`)).toBe(0);
});
