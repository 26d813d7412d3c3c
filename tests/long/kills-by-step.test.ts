import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openState } from "../../engine/warehouse/index.ts";
import { listRuns, runLoad } from "../../etl/index.ts";
import { account, makeCompany, stepOf, type Company } from "../etl/_company.ts";

let company: Company;
beforeEach(() => {
  company = makeCompany();
  company.sql("create table t (id integer)");
  writeFileSync(join(company.folder, "package.json"), '{ "type": "module" }');
});
afterEach(() => company.remove());

const config = (rows: number) => `
  import { defineJob, defineProject, sqlite } from "tessera";
  const shop = sqlite({ name: "shop", path: "./shop.sqlite" });
  export default defineProject({ name: "t", warehouse: { path: "./warehouse", threads: 2 }, dimensions: [], cubes: [], jobs: [
    defineJob({ name: "big", source: shop, extract: { query: "with recursive n(i) as (select 1 union all select i + 1 from n where i < ${rows}) select i as id, 'text ' || i as v, i * 0.5 as w from n" }, into: { table: "big", mode: "merge", key: "id" } }),
  ] });`;

describe("a load in a process of its own", () => {
  it("F1: killed with -9 at every named step leaves the old version served and is marked as interrupted, and the next gives the same result as ever", async () => {
    writeFileSync(join(company.folder, "tessera.config.ts"), config(60_000));
    expect((await runLoad({ folder: company.folder })).version).toBe(1);
    writeFileSync(join(company.folder, "tessera.config.ts"), config(120_000));
    for (const stage of ["extract", "stage", "load", "publish"]) {
      let pid = 0;
      const killed = runLoad({
        folder: company.folder,
        onStart: (number) => {
          pid = number;
        },
        onProgress: (progress) => {
          if (progress.stage === stage) process.kill(pid, "SIGKILL");
        },
      });
      const outcome = await killed.then(
        (run) => run.status,
        (error: { readonly code: string }) => error.code,
      );
      expect(outcome).toBe("load-failed");
      const state = openState(company.warehouse);
      expect(listRuns(state, { limit: 1 })[0]).toMatchObject({ status: "interrupted" });
      state.close();
      expect(await company.rows("select count(*) from big")).toEqual([["60000"]]);
    }
    const again = await runLoad({ folder: company.folder });
    expect(account(stepOf(again, "big"))).toMatchObject({ read: 120_000, added: 60_000, unchanged: 60_000 });
    expect(await company.rows("select count(*), sum(id) from big")).toEqual([["120000", "7200060000"]]);
    expect(readdirSync(join(company.warehouse, "work"))).toEqual([]);
    expect(readdirSync(join(company.warehouse, "files")).sort()).toEqual(
      [...new Set((await company.manifest())!.files.map((file) => file.path.slice(6))), "000001-main.duckdb"].sort(),
    );
  });
});
