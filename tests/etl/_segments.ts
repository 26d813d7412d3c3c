/** The same rows twice: in a table that is cut into segments, and in one that is not. */
import fc from "fast-check";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import { MOST_SEGMENTS } from "../../engine/warehouse/segment-layout.ts";
import { roleOf, type Manifest } from "../../engine/warehouse/index.ts";
import { openServing } from "../../engine/warehouse/serving.ts";
import { defineJob, rollbackLoad, sqlite, type Job, type JobSpec } from "../../etl/index.ts";
import { account, makeCompany, type Company } from "./_company.ts";

export const shop = sqlite({ name: "shop", path: "./shop.sqlite" });

type Sales = Pick<JobSpec, "deletes"> & {
  readonly into: Omit<JobSpec["into"], "table">;
  readonly extract?: { readonly cursor?: string; readonly key?: string };
};

/** One job into `cut` (from 20 rows on) and one into `whole`. */
export const twins = ({ into, extract, ...rest }: Sales): Job[] =>
  ["cut", "whole"].map((table) =>
    defineJob({
      name: `into_${table}`,
      source: shop,
      extract: { table: "sales", ...extract },
      failBelow: "0%",
      ...rest,
      columns: { id: "bigint", ordered_on: "date", amount: "decimal(12,2)", note: "varchar", touched: "bigint" },
      into: {
        ...into,
        table,
        ...(table === "cut" && {
          segments: { by: into.mode === "snapshot" ? "snapshot_date" : "ordered_on", rows: 20 },
        }),
      },
    }),
  );

/** Rows as the served version gives them. */
export async function served(company: Company, sql: string): Promise<unknown[][]> {
  const serving = await openServing(company.warehouse, (await company.manifest())!, {
    tempDirectory: join(tmpdir(), "tessera-segments"),
    connections: 1,
  });
  try {
    return await serving.using(async (connection) => (await connection.runAndReadAll(sql)).getRowsJson());
  } finally {
    await serving.close();
  }
}

export const segmentsOf = (manifest: Manifest, table = "cut") =>
  manifest.files.filter((file) => file.segment?.table === table);
/** role -> path: a path that stays is a file that was not written again */
export const pathsOf = (manifest: Manifest, table = "cut"): Map<string, string> =>
  new Map(segmentsOf(manifest, table).map((file) => [roleOf(file), file.path]));

/** Rows that one of the two has and the other has not, and how many more. */
export const DIFFERENCE =
  "select (select count(*) from (from cut except all from whole)) + (select count(*) from (from whole except all from cut)), (select count(*) from cut) - (select count(*) from whole)";

type Step = {
  readonly t: "put" | "move" | "drop" | "load" | "back";
  readonly ids: readonly number[];
  readonly date: string | null;
};
const date = fc.oneof(
  { weight: 1, arbitrary: fc.constant(null) },
  {
    weight: 8,
    arbitrary: fc
      .integer({ min: 0, max: 3000 })
      .map((n) => new Date(Date.UTC(2016, 0, 1) + n * 86_400_000).toISOString().slice(0, 10)),
  },
  { weight: 1, arbitrary: fc.constantFrom("0001-01-01", "9999-12-31", "1899-12-30") },
);
const step: fc.Arbitrary<Step> = fc.record({
  t: fc.constantFrom(
    "put" as const,
    "put" as const,
    "move" as const,
    "drop" as const,
    "load" as const,
    "back" as const,
  ),
  ids: fc.array(fc.integer({ min: 0, max: 120 }), { minLength: 1, maxLength: 30 }),
  date,
});

export const MODES = {
  merge: { into: { mode: "merge", key: "id" }, deletes: "compare_keys" },
  "merge from a cursor": { into: { mode: "merge", key: "id" }, extract: { cursor: "touched", key: "id" } },
  append: { into: { mode: "append", key: "id" }, extract: { cursor: "touched", key: "id" } },
  replace: { into: { mode: "replace" } },
  snapshot: { into: { mode: "snapshot" } },
} as const;

/** Random histories: rows come, change, move to other dates or none, go; loads and rollbacks between. After each load both tables hold the same rows and counted the same. */
export async function playLoads(
  mode: keyof typeof MODES,
  parameters: { readonly numRuns: number; readonly seed?: number },
): Promise<void> {
  const jobs = twins(MODES[mode]);
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 6, maxLength: 14 }), async (steps) => {
      const company = makeCompany();
      try {
        company.sql(
          "create table sales (id integer primary key, ordered_on text, amount decimal(12,2), note text, touched integer)",
          "with recursive n(i) as (select 0 union all select i + 1 from n where i < 90) insert into sales select i, date('2017-01-01', i || ' months'), i, 'first', 0 from n where i % 3 > 0",
        );
        let [touched, day] = [1, Date.UTC(2020, 0, 1)];
        const runs: string[] = [];
        const load = async (): Promise<void> => {
          const run = await company.load(jobs, { now: () => new Date((day += 20 * 86_400_000)) });
          runs.push(run.id);
          expect(account(run.steps[0]!)).toEqual(account(run.steps[1]!));
          expect(await served(company, DIFFERENCE)).toEqual([["0", "0"]]);
          expect(segmentsOf((await company.manifest())!).length).toBeLessThanOrEqual(MOST_SEGMENTS);
        };
        for (const { t, ids, date: on } of steps) {
          touched++;
          const at = on === null ? "null" : `'${on}'`;
          if (t === "put")
            for (const id of ids)
              company.sql(
                `insert or replace into sales values (${id}, ${id % 2 === 0 ? at : `date('2018-06-06', '${id} days')`}, ${touched}, 'put ${touched}', ${touched})`,
              );
          else if (t === "move")
            company.sql(`update sales set ordered_on = ${at}, touched = ${touched} where id in (${ids.join(", ")})`);
          else if (t === "drop") company.sql(`delete from sales where id in (${ids.join(", ")})`);
          else if (t === "load") await load();
          else if (runs.length > 1) await rollbackLoad(company.warehouse, runs.pop()!);
        }
        await load();
      } finally {
        company.remove();
      }
    }),
    parameters,
  );
}
