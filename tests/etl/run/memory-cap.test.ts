import { existsSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { makeCompany, type Company } from "../_company.ts";
import { measureLoad } from "../_memory.ts";

const NO_PROC = existsSync("/proc/self/status") ? undefined : "there is no /proc to measure memory by";
let company: Company;
beforeEach(() => {
  company = makeCompany();
});
afterEach(() => company.remove());

describe.skipIf(NO_PROC !== undefined)(NO_PROC ?? "a cap of 256 MB", () => {
  it("F6: is kept by cells of 5 MB among many rows: they end, and the process takes less than the cap and 250 MB (millions of rows in tests/long)", async () => {
    company.sql(
      "create table o (id integer primary key, v text)",
      "insert into o with recursive n(i) as (select 1 union all select i + 1 from n where i < 300000) select i, case when i % 25000 = 0 then hex(zeroblob(2621440)) else 'a note of some length, ' || i end from n",
    );
    const { run, error, memory } = await measureLoad(
      company,
      `defineJob({ name: "o", source: sqlite({ name: "shop", path: "./shop.sqlite" }), extract: { table: "o", key: "id" }, into: { table: "o", mode: "merge" } })`,
      "256MB",
    );
    expect(error).toBeUndefined();
    expect(run?.steps[0]).toMatchObject({ read: 300_000, added: 300_000 });
    expect(memory).toBeLessThan(506);
    expect(await company.rows("select count(*), count(*) filter (length(v) = 5242880) from o")).toEqual([
      ["300000", "12"],
    ]);
  });
});
