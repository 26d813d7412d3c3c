import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openState } from "../../engine/warehouse/index.ts";
import { listRuns, runLoad } from "../../etl/index.ts";
import { makeCompany, type Company } from "../etl/_company.ts";
import { randomFrom } from "../etl/_differential.ts";

const KILLS = Number(process.env["TESSERA_KILLS"] ?? 200);
const SECONDS = Number(process.env["TESSERA_SECONDS"] ?? 420);
const SEED = Number(process.env["TESSERA_SEED"] ?? Math.floor(Date.now() / 86_400_000));

let company: Company;
beforeAll(() => {
  company = makeCompany();
});
afterAll(() => company.remove());

test(
  `F1: a load killed at ${KILLS} random moments (seed ${SEED}, at most ${SECONDS} s) leaves the old version or the new, and the rerun ends as an uninterrupted one`,
  async () => {
    const random = randomFrom(SEED);
    company.sql(
      "create table o (id integer primary key, v text, at text)",
      "insert into o with recursive n(i) as (select 1 union all select i + 1 from n where i < 20000) select i, 'v' || i, datetime(1704067200 + i, 'unixepoch') from n",
    );
    writeFileSync(join(company.folder, "package.json"), '{ "type": "module" }');
    writeFileSync(
      join(company.folder, "tessera.config.ts"),
      `import { defineJob, defineProject, defineTable, sqlite } from "tessera";
    export default defineProject({ name: "t", warehouse: { path: "./warehouse", threads: 2 }, dimensions: [], cubes: [],
      jobs: [defineJob({ name: "o", source: sqlite({ name: "shop", path: "./shop.sqlite" }), extract: { table: "o", cursor: "at", key: "id" }, into: { table: "o", mode: "merge" } })],
      tables: [defineTable({ name: "f", sql: "select count(*) as rows, sum(id) as ids, count(distinct v) as texts from o" })] });\n`,
    );
    await runLoad({ folder: company.folder });
    const began = Date.now();
    await runLoad({ folder: company.folder });
    // how long a load takes here, so that the moments fall all over it
    const whole = Date.now() - began;
    const until = Date.now() + SECONDS * 1000;
    const held = async (): Promise<string> =>
      JSON.stringify([
        await company.rows("select count(*), sum(id), count(distinct v) from o"),
        await company.rows("select * from f"),
      ]);
    const oracle = (rows: number): string => {
      const own = [String(rows), String((BigInt(rows) * BigInt(rows + 1)) / 2n), String(rows)];
      return JSON.stringify([[own], [own]]);
    };
    let [rows, loaded, n, died, after] = [20_000, 20_000, 0, 0, 0];
    for (; n < KILLS && Date.now() < until; n++) {
      company.sql(
        `insert into o with recursive n(i) as (select ${rows + 1} union all select i + 1 from n where i < ${rows + 50}) select i, 'v' || i, datetime(1704067200 + i, 'unixepoch') from n`,
      );
      rows += 50;
      const moment = whole * (0.3 + random() * 0.8);
      const outcome = await runLoad({
        folder: company.folder,
        onStart: (pid) => {
          setTimeout(() => {
            try {
              process.kill(pid, "SIGKILL");
            } catch {
              /* it was done before */
            }
          }, moment);
        },
      }).then(
        (run) => run.status,
        (error: { readonly code: string }) => error.code,
      );
      const now = await held();
      if (outcome === "published") after++;
      else died++;
      expect(
        [oracle(loaded), oracle(rows)],
        `TESSERA_SEED=${SEED}, kill ${n} after ${Math.round(moment)} ms`,
      ).toContain(now);
      if (now === oracle(rows)) loaded = rows;
      expect(outcome === "published").toBe(loaded === rows);
    }
    const last = await runLoad({ folder: company.folder });
    expect(last.status).toBe("published");
    expect(await held()).toBe(oracle(rows));
    expect(readdirSync(join(company.warehouse, "work"))).toEqual([]);
    const state = openState(company.warehouse);
    const statuses = new Set(listRuns(state, { limit: 1000 }).map((run) => run.status));
    state.close();
    expect([...statuses].filter((status) => status !== "published" && status !== "interrupted")).toEqual([]);
    process.stdout.write(
      `seed ${SEED}: ${n} kills, ${died} before publication, ${after} after it or too late; a load takes ${whole} ms\n`,
    );
    expect(died).toBeGreaterThan(n / 4);
  },
  (SECONDS + 120) * 1000,
);
