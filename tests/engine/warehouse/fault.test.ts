/** Faults of a statement by kind: nothing above the warehouse reads what DuckDB says. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { DuckDBInstance } from "duckdb";
import { TesseraError } from "../../../engine/errors/index.ts";
import { faultKind } from "../../../engine/warehouse/duckdb-error.ts";
import { serveInstance, type Serving } from "../../../engine/warehouse/serving.ts";

let serving: Serving;
beforeAll(async () => {
  const instance = await DuckDBInstance.create(":memory:");
  serving = await serveInstance(instance, { connections: 1 });
});
afterAll(() => serving.close());

const fault = async (sql: string): Promise<unknown> =>
  serving.run(sql).then(
    () => "no fault",
    (error: unknown) => (error instanceof TesseraError ? error.code : faultKind(error)),
  );

test.each([
  ["a product of more than 38 digits", "select 1e37::decimal(38, 0) * 1e37::decimal(38, 0)", "overflow"],
  ["a number that its type cannot hold", "select cast(300 + i as tinyint) from range(1) t(i)", "overflow"],
  ["a deviation of infinities", "select stddev_samp(x) from (values ('inf'::double), (1)) t(x)", "deviation-overflow"],
  ["a text that is not a number", "select cast(x as integer) from (values ('a')) t(x)", "conversion"],
  ["a table that is missing", "select * from nowhere", "model-invalid"],
  ["a column that is missing", "select nothing from range(1) t(i)", "model-invalid"],
  ["what cannot be read", "select from where", "model-invalid"],
])("%s", async (_, sql, kind) => {
  expect(await fault(sql)).toBe(kind);
});

test("a question that is cancelled says so", async () => {
  const stop = new AbortController();
  stop.abort();
  await expect(serving.run("select 1", [], { signal: stop.signal })).rejects.toMatchObject({ code: "cancelled" });
});
