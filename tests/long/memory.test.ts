import { existsSync } from "node:fs";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { makeCompany, type Company } from "../etl/_company.ts";
import { measureLoad } from "../etl/_memory.ts";
import { served } from "../etl/_segments.ts";
import { startPostgres, type TestPostgres } from "../etl/_postgres.ts";

/** `TESSERA_ROWS=50000000` takes some three minutes a table. */
const ROWS = Number(process.env["TESSERA_ROWS"] ?? 10_000_000);
const NO_PROC = existsSync("/proc/self/status") ? undefined : "there is no /proc to measure memory by";

let server: TestPostgres;
let company: Company;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server?.stop());
beforeEach(() => {
  company = makeCompany();
});
afterEach(() => company.remove());

describe.skipIf(NO_PROC !== undefined)(NO_PROC ?? "under a cap of 256 MB", () => {
  test.each([
    ["one file", ""],
    ["segments", `, segments: { by: "at", rows: 1_000_000 }`],
  ])(
    `F6: ${ROWS.toLocaleString("en")} rows by key into %s take no more than the cap and 250 MB`,
    async (where, segments) => {
      await server.query(
        "drop table if exists many",
        `create table many as select i::int8 as id, (i % 5000)::int4 as customer_id, (i * 7 % 100000 / 100.0)::numeric(12,2) as amount, timestamp '2024-01-01' + i * interval '1 second' as at, 'a note of some length, ' || i as note from generate_series(1, ${ROWS}) i`,
      );
      const { run, error, memory } = await measureLoad(
        company,
        `defineJob({ name: "many", source: postgres({ name: "erp", url: env("ERP") }), extract: { table: "many", cursor: "at", key: "id" }, into: { table: "many", mode: "merge"${segments} } })`,
        "256MB",
        { ERP: server.url },
      );
      process.stdout.write(`${ROWS} rows into ${where}: ${memory} MB, ${error?.message ?? "published"}\n`);
      expect(error).toBeUndefined();
      expect(run?.steps[0]).toMatchObject({ read: ROWS, added: ROWS });
      expect(memory).toBeLessThan(506);
      expect(await served(company, "select count(*), sum(id) from many")).toEqual([
        [String(ROWS), String((BigInt(ROWS) * BigInt(ROWS + 1)) / 2n)],
      ]);
    },
    600_000,
  );

  test.each([
    ["a few", 12],
    ["very many", 150],
  ])(
    "F6: %s cells of 5 MB end, or are refused, and the process stays within its memory",
    async (_, cells) => {
      await server.query(
        "drop table if exists large",
        `create table large as select i as id, repeat(md5(i::text), 163840) as v from generate_series(1, ${cells}) i`,
      );
      const { run, error, memory } = await measureLoad(
        company,
        `defineJob({ name: "large", source: postgres({ name: "erp", url: env("ERP") }), extract: { table: "large" }, into: { table: "large" } })`,
        "256MB",
        { ERP: server.url },
      );
      process.stdout.write(
        `${cells} cells of 5 MB: ${memory} MB, ${error === undefined ? "published" : `${error.code}: ${error.message.slice(0, 200)}`}\n`,
      );
      expect(memory).toBeLessThan(506);
      if (error === undefined) {
        expect(run?.steps[0]).toMatchObject({ read: cells, added: cells });
        expect(await company.rows("select count(*), min(length(v)), max(length(v)) from large")).toEqual([
          [String(cells), "5242880", "5242880"],
        ]);
      } else {
        expect(error.code).toMatch(/^(load-failed|too-large)$/);
        expect(await company.manifest()).toBeUndefined();
      }
    },
    300_000,
  );
});
