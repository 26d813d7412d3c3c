import { DuckDBInstance } from "duckdb";
import { expect, test } from "vitest";
import { forgetFound } from "../../../etl/search/find-table.ts";

test("an erased person is no longer found, and the words that only they had are gone", async () => {
  const connection = await (await DuckDBInstance.create(":memory:")).connect();
  await connection.run(
    "CREATE TABLE tessera_find_customer AS SELECT * FROM (VALUES " +
      "('1', ' anna rare ', ' anna rare ', ''), ('2', ' anna common ', ' anna common ', '')) AS t(key, name, text, phones)",
  );
  await connection.run("CREATE TABLE tessera_find_customer_words AS SELECT unnest(['anna', 'rare', 'common']) AS word");
  await connection.run("CREATE TEMP TABLE p_keys AS SELECT '1' AS key");
  await forgetFound(connection, "memory");
  const rows = async (sql: string): Promise<unknown> => (await connection.runAndReadAll(sql)).getRowsJson();
  expect(await rows("SELECT key FROM tessera_find_customer")).toEqual([["2"]]);
  expect(await rows("SELECT word FROM tessera_find_customer_words ORDER BY word")).toEqual([["anna"], ["common"]]);
  connection.closeSync();
});
