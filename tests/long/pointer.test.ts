import { spawnSync } from "node:child_process";
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openState } from "../../engine/warehouse/index.ts";
import { defineJob, defineTable, listRuns, sqlite } from "../../etl/index.ts";
import { makeCompany, type Company } from "../etl/_company.ts";

const KILLED_LOAD = fileURLToPath(new URL("../etl/_killed-load.mjs", import.meta.url));
const rowsUpTo = (n: number): string =>
  `insert into o with recursive n(i) as (select coalesce((select max(id) from o), 0) + 1 union all select i + 1 from n where i < ${n}) select i, 'v' || i, i from n`;

const DECLARED = `defineJob({ name: "o", source: sqlite({ name: "shop", path: "./shop.sqlite" }), extract: { table: "o", cursor: "at", key: "id" }, into: { table: "o", mode: "merge" } })`;
const FACT = "select count(*) as rows, sum(id) as ids from o";
const o = defineJob({
  name: "o",
  source: sqlite({ name: "shop", path: "./shop.sqlite" }),
  extract: { table: "o", cursor: "at", key: "id" },
  into: { table: "o", mode: "merge" },
});
const load = (): Promise<unknown> => company.load([o], { tables: [defineTable({ name: "f", sql: FACT })] });

let company: Company;
beforeEach(async () => {
  company = makeCompany();
  company.sql("create table o (id integer primary key, v text, at integer)", rowsUpTo(100));
  writeFileSync(join(company.folder, "package.json"), '{ "type": "module" }');
  writeFileSync(
    join(company.folder, "tessera.config.ts"),
    `import { defineJob, defineProject, defineTable, sqlite } from "tessera";
    export default defineProject({ name: "t", warehouse: { path: "./warehouse", threads: 2 }, dimensions: [], cubes: [],
      jobs: [${DECLARED}], tables: [defineTable({ name: "f", sql: "${FACT}" })] });\n`,
  );
  await load();
});
afterEach(() => company.remove());

const held = (): Promise<unknown> => company.rows("select (select count(*) from o), rows, ids from f");
const oracle = (n: number): unknown => [[String(n), String(n), String((n * (n + 1)) / 2)]];
/** How the last runs ended, after a look by one that comes later. */
const endings = (): string[] => {
  const state = openState(company.warehouse);
  const runs = listRuns(state)
    .map((run) => run.status)
    .reverse();
  state.close();
  return runs;
};

/** Kills a load at a step; what is served must be the old version or the new one, and the next load must end as if nothing had been. */
async function killAt(step: string, published: boolean): Promise<void> {
  company.sql(rowsUpTo(250));
  const { signal, stderr } = spawnSync(process.execPath, [KILLED_LOAD, company.folder, step], {
    encoding: "utf8",
    timeout: 60_000,
  });
  expect(signal, stderr).toBe("SIGKILL");
  expect(await held()).toEqual(oracle(published ? 250 : 100));
  company.sql(rowsUpTo(300));
  await load();
  expect(endings()).toEqual(["published", published ? "published" : "interrupted", "published"]);
  expect(await held()).toEqual(oracle(300));
  expect(readdirSync(join(company.warehouse, "work"))).toEqual([]);
  // no stray: every file is one that a kept version names
  expect(readdirSync(join(company.warehouse, "files"))).toHaveLength(
    readdirSync(join(company.warehouse, "versions")).length,
  );
}

describe("a load killed with -9", () => {
  it.each(["described", "moved"])(
    "F1: when its file was %s leaves the old version served, and the next gives the same result as ever",
    (step) => killAt(step, false),
  );
  it.each([
    ["just before the pointer is renamed", "manifest", false],
    ["just after the pointer was renamed", "pointer", true],
  ] as const)(
    "F2: %s leaves the old version or the new one, nothing in between, and the run is marked correctly",
    (_, step, published) => killAt(step, published),
  );
});
