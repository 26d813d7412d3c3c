import { spawnSync } from "node:child_process";
import { readdirSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { count, countDistinct, defineCube, defineDateDimension, defineProject, sum } from "../../engine/index.ts";
import { keptManifests } from "../../engine/warehouse/index.ts";
import {
  backupWarehouse,
  definePersons,
  defineTable,
  erasePerson,
  restoreWarehouse,
  type Job,
} from "../../etl/index.ts";
import { openProject } from "../../etl/project/open-project.ts";
import { loadInProcess } from "../../etl/run/load-in-process.ts";
import { makeCompany, type Company } from "../etl/_company.ts";
import { pathsOf, segmentsOf, served, twins } from "../etl/_segments.ts";

const KILLED_LOAD = fileURLToPath(new URL("../etl/_killed-load.mjs", import.meta.url));
const [cut] = twins({ into: { mode: "merge", key: "id" }, deletes: "compare_keys" }) as [Job, Job];

let company: Company;
beforeEach(() => {
  company = makeCompany();
  company.sql(
    "create table sales (id integer primary key, ordered_on text, amount decimal(12,2), note text, touched integer)",
    "with recursive n(i) as (select 0 union all select i + 1 from n where i < 79) insert into sales select i, date('2020-01-01', (i / 10) || ' months', (i % 10 * 2) || ' days'), 1, 'note ' || (i % 7), i from n",
  );
});
afterEach(() => company.remove());
const total = async (): Promise<unknown> => (await served(company, "select count(*), sum(amount) from cut"))[0];

describe("a warehouse with segments", () => {
  it.each([
    ["moved:3", false],
    ["manifest", false],
    ["pointer", true],
  ] as const)(
    "F1: killed with -9 at %s has the old version or the new one, and the next load gives the same result as ever",
    async (step, published) => {
      await company.load([cut]);
      company.sql("update sales set amount = 3, ordered_on = date(ordered_on, '7 days') where id % 10 = 0");
      writeFileSync(join(company.folder, "package.json"), '{ "type": "module" }');
      writeFileSync(
        join(company.folder, "tessera.config.ts"),
        `import { defineJob, defineProject, sqlite } from "tessera";
      export default defineProject({ name: "t", warehouse: { path: "./warehouse", threads: 2 }, dimensions: [], cubes: [], jobs: [defineJob(${JSON.stringify({ ...cut, source: undefined })} as never)].map((job) => ({ ...job, source: sqlite({ name: "shop", path: "./shop.sqlite" }) })) });\n`,
      );
      const { signal, stderr } = spawnSync(process.execPath, [KILLED_LOAD, company.folder, step], {
        encoding: "utf8",
        timeout: 60_000,
      });
      expect(signal, stderr).toBe("SIGKILL");
      expect(await total()).toEqual(["80", published ? "96.00" : "80.00"]);
      company.sql("delete from sales where id = 79");
      await company.load([cut]);
      expect(await total()).toEqual(["79", "95.00"]);
      const named = new Set(
        keptManifests(company.warehouse).flatMap((manifest) => manifest.files.map((file) => file.path)),
      );
      expect(
        readdirSync(join(company.warehouse, "files"))
          .map((name) => `files/${name}`)
          .sort(),
      ).toEqual([...named].sort());
      expect(readdirSync(join(company.warehouse, "work"))).toEqual([]);
    },
  );

  it.each(["truncated", "missing"])(
    "F15: with a %s segment falls back to the last undamaged version, and the next load repairs it",
    async (what) => {
      await company.load([cut]);
      company.sql("update sales set amount = 2 where id = 35");
      await company.load([cut]);
      const path = join(company.warehouse, pathsOf((await company.manifest())!).get("cut~2020-04")!);
      if (what === "truncated") truncateSync(path, 4096);
      else rmSync(path);
      const project = await openProject(
        defineProject({
          name: "t",
          warehouse: { path: "./warehouse" },
          dimensions: [],
          cubes: [defineCube({ name: "sales", table: "cut", dimensions: {}, measures: { amount: sum("amount") } })],
        }),
        { folder: company.folder },
      );
      expect((await project.query({ measures: ["sales.amount"] })).rows).toEqual([{ "sales.amount": 80 }]);
      expect(project.warnings.map((w) => w.message).join("; ")).toMatch(/cut~2020-04.*version 1 .* is served instead/);
      await project.close();
      await company.load([cut]);
      expect(await total()).toEqual(["80", "81.00"]);
    },
  );

  it("F5: needs room only for the files that it changes", async () => {
    await company.load([cut]);
    const manifest = (await company.manifest())!;
    const main = manifest.files.find((file) => !file.segment)!.bytes;
    const one = Math.max(...segmentsOf(manifest).map((file) => file.bytes));
    company.sql("update sales set amount = 2 where id = 35");
    await company.load([cut], { freeBytes: () => 1.2 * Math.max(main, one) });
    const asked: number[] = [];
    company.sql("update sales set amount = 2");
    await expect(
      company.load([cut], {
        freeBytes: () => {
          asked.push(1);
          return asked.length > 3 ? 1000 : 1e12;
        },
      }),
    ).rejects.toMatchObject({ code: "disk-full" });
    expect(await total()).toEqual(["80", "81.00"]);
  });

  it("keeps the files that any kept version refers to, and a backup has them all", async () => {
    for (let i = 0; i < 13; i++) {
      company.sql(`update sales set amount = ${i} where id = ${i % 3 === 0 ? 5 : 45}`);
      await company.load([cut], { now: () => new Date(Date.UTC(2026, 0, 1, i)) });
    }
    expect(keptManifests(company.warehouse)).toHaveLength(10);
    expect(readdirSync(join(company.warehouse, "files")).filter((name) => name.includes("~2020-03"))).toEqual([
      "000001-cut~2020-03.duckdb",
    ]);
    const copy = join(company.folder, "backup");
    await backupWarehouse(company.warehouse, copy);
    const before = await total();
    rmSync(company.warehouse, { recursive: true });
    await restoreWarehouse(copy, company.warehouse);
    expect(await total()).toEqual(before);
  });

  it("F18: has no trace of an erased person in any segment of any version", async () => {
    company.sql(
      "create table people (no text, name text)",
      "insert into people values ('C101', 'Ada Lovelace'), ('C102', 'Bob Stone')",
      "alter table sales add column who text",
      "update sales set who = case when id % 2 = 0 then 'C101' else 'C102' end, note = case when id % 10 = 0 then 'for ada.lovelace@engine.example' end",
    );
    const job = { ...cut, columns: { ...cut.columns, who: "varchar" as const } };
    const people: Job = {
      ...cut,
      name: "people",
      extract: { table: "people" },
      columns: { no: "varchar", name: "varchar", mail: "varchar" },
      into: { table: "people", key: "no" },
    } as Job;
    company.sql(
      "alter table people add column mail text",
      "update people set mail = 'ada.lovelace@engine.example' where no = 'C101'",
    );
    const spec = defineProject({
      name: "test",
      warehouse: { path: "./warehouse" },
      dimensions: [],
      cubes: [],
      jobs: [job, people],
      persons: definePersons({
        dimension: "person",
        key: "no",
        tables: { people: { by: "no", clear: ["name", "mail"] }, cut: { by: "who" } },
      }),
    });
    await company.load([job, people], { spec: spec as never });
    company.sql("update sales set amount = 2 where id = 6");
    await company.load([job, people], { spec: spec as never });
    const erased = await erasePerson({ spec: spec as never, folder: company.folder, who: "C101" });
    expect(erased.proof.left).toEqual([]);
    for (const manifest of keptManifests(company.warehouse))
      for (const file of segmentsOf(manifest)) expect(file.path).toMatch(/~3\.duckdb$/);
    expect(
      await served(
        company,
        "select count(*), sum(amount), count(distinct who), count(*) filter (who = 'C101'), count(note) from cut",
      ),
    ).toEqual([["80", "81.00", "2", "0", "8"]]);
    expect(await served(company, "select distinct note from cut where note is not null")).toEqual([["for (erased)"]]);
  });
});

describe("a table of the star in segments", () => {
  const date = defineDateDimension({ name: "date", from: "2019-01-01", until: "2023-12-31" });
  const star = (table: string, rows: number) =>
    defineTable({
      name: table,
      sort: ["ordered_on"],
      segments: { by: "ordered_on", rows },
      sql: "select id, cast(ordered_on as timestamptz) as ordered_on, amount, note from cut",
    });
  const tables = [star("fact_cut", 20), star("fact_whole", 1_000_000)];
  const cube = (name: string, table: string) =>
    defineCube({
      name,
      table,
      dimensions: { date: { to: date, on: "ordered_on" } },
      attributes: { note: "note" },
      measures: { amount: sum("amount"), lines: count(), notes: countDistinct("note") },
      rollups: { monthly: { dimensions: ["date.month", `${name}.note`], measures: ["amount", "lines"] } },
    });
  const spec = defineProject({
    name: "test",
    warehouse: { path: "./warehouse" },
    dimensions: [date],
    cubes: [cube("a", "fact_cut"), cube("b", "fact_whole")],
    jobs: [cut],
    tables,
  });
  const load = () => loadInProcess({ spec, folder: company.folder, environment: {} });
  const same = async (): Promise<void> => {
    const project = await openProject(spec, { folder: company.folder });
    for (const dimensions of [[], ["date.month"], ["date.year", "note"], ["date.day"]]) {
      for (const measures of [["amount", "lines"], ["notes"]]) {
        const ask = async (c: string) =>
          (
            await project.query({
              measures: measures.map((m) => `${c}.${m}`),
              dimensions: dimensions.map((d) => (d === "note" ? `${c}.note` : d)),
              filters:
                dimensions.length === 1
                  ? [{ member: "date", operator: "in_range", values: ["2020-02-10", "2020-06-15"] }]
                  : [],
            } as never)
          ).rows.map((row) => Object.values(row));
        expect(await ask("a")).toEqual(await ask("b"));
      }
    }
    const asked = await project.explain({ measures: ["a.amount"], dimensions: ["date.month"] } as never);
    expect(asked.rollups.map((r) => [r.name, r.used])).toEqual([["a.monthly", true]]);
    await project.close();
  };

  it("publishes only the segments that changed, and its rollups follow", async () => {
    await load();
    await same();
    const before = pathsOf((await company.manifest())!, "fact_cut");
    expect(before.size).toBe(8);
    company.sql(
      "update sales set amount = 9, note = 'note 99' where id = 25",
      "insert into sales values (900, '2021-12-31', 4, null, 0), (901, null, 4, 'n', 0)",
    );
    await load();
    const after = pathsOf((await company.manifest())!, "fact_cut");
    expect([...after].filter(([role, path]) => before.get(role) !== path).map(([role]) => role)).toEqual([
      "fact_cut~2020-03",
      "fact_cut~2021-12",
      "fact_cut~undated",
    ]);
    await same();
    expect(
      await served(
        company,
        "select (select count(*) from (from fact_cut except all from fact_whole)), count(*), count(ordered_on) from fact_cut",
      ),
    ).toEqual([["0", "82", "81"]]);
    company.sql("delete from sales where id > 9");
    await loadInProcess({
      spec: { ...spec, jobs: [{ ...cut, failBelow: "0%" } as Job] },
      folder: company.folder,
      environment: {},
    });
    expect(segmentsOf((await company.manifest())!, "fact_cut")).toEqual([]);
    await same();
  });

  it("is refused with versions, and a column that is no date is reported", async () => {
    await expect(
      company.load([{ ...cut, deletes: "ignore", into: { ...cut.into, mode: "scd2" } }]),
    ).rejects.toMatchObject({
      problems: [expect.objectContaining({ message: "an scd2 table cannot be stored in segments" })],
    });
    await expect(company.load([{ ...cut, into: { ...cut.into, segments: { by: "note", rows: 5 } } }])).rejects.toThrow(
      "table cut cannot be cut by note, which is VARCHAR",
    );
    await expect(company.load([{ ...cut, into: { ...cut.into, segments: { by: "noted", rows: 5 } } }])).rejects.toThrow(
      /segments.by: column "noted" not found in columns/,
    );
    await expect(
      company.load([cut], {
        tables: [defineTable({ name: "f", segments: { by: "day", rows: 5 }, sql: "select * from cut" })],
      }),
    ).rejects.toThrow('column "day" not found in table f, which is to be cut by it');
    expect(await company.manifest()).toBeUndefined();
  });
});
