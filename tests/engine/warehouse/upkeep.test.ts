import { mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "duckdb";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { count, defineCube, defineProject } from "../../../engine/index.ts";
import {
  compactFile,
  currentVersion,
  makeWorkFolder,
  openForWriting,
  publishVersion,
  sweep,
} from "../../../engine/warehouse/index.ts";
import { defineJob, sqlite } from "../../../etl/index.ts";
import { openProject } from "../../../etl/project/open-project.ts";
import { repairWarehouse } from "../../../etl/run/repair.ts";
import { makeCompany, type Company } from "../../etl/_company.ts";

let company: Company;
beforeEach(() => {
  company = makeCompany();
  company.sql("create table o (id integer primary key, v text)", "insert into o values (1, 'a'), (2, 'b')");
});
afterEach(() => company.remove());
const orders = defineJob({
  name: "o",
  source: sqlite({ name: "shop", path: "./shop.sqlite" }),
  extract: { table: "o" },
  into: { table: "o", mode: "replace" },
});
const cube = defineCube({ name: "orders", table: "o", dimensions: {}, measures: { n: count() } });
const spec = defineProject({ name: "t", warehouse: { path: "./warehouse" }, dimensions: [], cubes: [cube] });
const load = async (id: number): Promise<void> => {
  company.sql(`insert into o values (${id}, 'x')`);
  await company.load([orders]);
};
const fileOf = async (): Promise<string> => join(company.warehouse, (await company.manifest())!.files[0]!.path);

describe("a file that grows for nothing", () => {
  it("is rewritten with the same rows in the same order, unless little is free", async () => {
    const folder = mkdtempSync(join(tmpdir(), "tessera-compact-"));
    const path = join(folder, "a.duckdb");
    const writer = await openForWriting({ a: path }, { tempDirectory: join(folder, "t") });
    await writer.connection.run(
      "CREATE TABLE t (n BIGINT PRIMARY KEY, v VARCHAR NOT NULL DEFAULT 'x'); INSERT INTO t SELECT range, md5(range::VARCHAR) FROM range(400000) ORDER BY range % 7, range",
    );
    await writer.connection.run(
      "CREATE TABLE gone AS SELECT md5(range::VARCHAR) AS v FROM range(600000); CHECKPOINT; DROP TABLE gone",
    );
    await writer.close();
    const read = async (): Promise<unknown> => {
      const instance = await DuckDBInstance.create(path, { access_mode: "READ_ONLY" });
      const connection = await instance.connect();
      const rows = (
        await connection.runAndReadAll(
          "SELECT sum(hash(rowid, n, v)::HUGEINT)::VARCHAR, (SELECT string_agg(constraint_type, ' ' ORDER BY constraint_type) FROM duckdb_constraints()) FROM t",
        )
      ).getRowsJson();
      connection.closeSync();
      instance.closeSync();
      return rows;
    };
    const before = await read();
    const { before: was, after } = (await compactFile(path, { tempDirectory: join(folder, "c") }))!;
    expect(after).toBeLessThan(was * 0.75);
    expect(statSync(path).size).toBe(after);
    expect(await read()).toEqual(before);
    expect(await compactFile(path, { tempDirectory: join(folder, "c") })).toBeNull();
    rmSync(folder, { recursive: true });
  });

  it("ten full loads of the same rows leave a file no larger than a half more than the first", async () => {
    company.sql(
      "insert into o with recursive n(i) as (select 3 union all select i + 1 from n where i < 120000) select i, hex(randomblob(12)) from n",
    );
    await company.load([orders]);
    const first = statSync(await fileOf()).size;
    for (let i = 0; i < 9; i++) await company.load([orders], { full: true });
    expect(statSync(await fileOf()).size).toBeLessThan(first * 1.5);
  });
});

describe("a disk", () => {
  it("F5: that has no space for a copy stops the load before it begins, with the space needed", async () => {
    await company.load([orders]);
    await expect(company.load([orders], { freeBytes: () => 1000 })).rejects.toMatchObject({
      code: "disk-full",
      message: expect.stringMatching(/about \d+ MB of disk space are needed; 1 MB are free/),
    });
    expect((await company.manifest())!.version).toBe(1);
    expect((await company.load([orders])).status).toBe("published");
  });
});

describe("damage while it is served", () => {
  it("F15: a truncated file: the version before answers, with its own numbers and a warning, and the next load mends it", async () => {
    await load(3);
    await load(4);
    truncateSync(await fileOf(), 4096);
    const project = await openProject(spec, { folder: company.folder });
    expect((await project.query({ measures: ["orders.n"] })).rows).toEqual([{ "orders.n": 3 }]);
    expect(project.warnings.map((w) => w.message).join("; ")).toMatch(
      /has 4096 bytes instead of.*version 1 .* is served instead/,
    );
    await load(5);
    await project.refresh();
    expect((await project.query({ measures: ["orders.n"] })).rows).toEqual([{ "orders.n": 5 }]);
    expect(project.warnings).toEqual([]);
    await project.close();
  });

  it("F15: a pointer to nothing is reported once, and the version is not opened again at each look", async () => {
    await load(3);
    const project = await openProject(spec, { folder: company.folder });
    writeFileSync(join(company.warehouse, "current"), "77\n");
    await project.refresh();
    expect(project.warnings.map((w) => w.message).join("; ")).toMatch(
      /version 77 not found.*version 1 .* is served instead/,
    );
    const { warnings } = project;
    await project.refresh();
    expect(project.warnings).toBe(warnings);
    expect((await project.query({ measures: ["orders.n"] })).rows).toEqual([{ "orders.n": 3 }]);
    await project.close();
  });

  it("nothing is swept while the pointer's manifest cannot be read, so that it can be put back by hand", async () => {
    await load(3);
    await load(4);
    const path = join(company.warehouse, "versions", "000002.json");
    const whole = readFileSync(path, "utf8");
    writeFileSync(path, whole.slice(0, 40));
    expect(sweep(company.warehouse, [], new Date(), { last: 1, days: 0 })).toEqual({ versions: [], files: [] });
    expect((await currentVersion(company.warehouse))!.manifest.version).toBe(1);
    writeFileSync(path, whole);
    expect((await currentVersion(company.warehouse))!.manifest.version).toBe(2);
  });
});

describe("a start", () => {
  it("takes away what runs that died have left, and leaves a writer that lives alone", async () => {
    await load(3);
    writeFileSync(join(makeWorkFolder(company.warehouse, "dead"), "main.duckdb"), "x");
    writeFileSync(join(company.warehouse, "files", "000009-main.duckdb"), "x");
    expect(repairWarehouse(company.warehouse)).toEqual({ versions: [], files: ["000009-main.duckdb"] });
    expect(repairWarehouse(join(company.folder, "nothing"))).toBeNull();
  });
});

describe("a file of another DuckDB", () => {
  it("is read, kept with its own stamp, and rewritten by the next load that changes it", async () => {
    await load(3);
    const path = join(company.warehouse, "versions", "000001.json");
    writeFileSync(path, readFileSync(path, "utf8").replace(/"duckdb": "[^"]+"/, '"duckdb": "v1.1.3"'));
    const old = (await company.manifest())!;
    const work = makeWorkFolder(company.warehouse, "labels");
    const writer = await openForWriting({ l: join(work, "l.duckdb") }, { tempDirectory: join(work, "t") });
    await writer.connection.run("CREATE TABLE labels_x AS SELECT 1 AS key");
    await writer.close();
    const second = await publishVersion(company.warehouse, {
      base: old,
      run: "mine",
      files: { labels_x: join(work, "l.duckdb") },
    });
    expect(second.files.map((file) => file.duckdb)).toEqual(["v1.1.3", undefined]);
    await load(4);
    const third = (await company.manifest())!;
    expect(third.files.map((file) => file.duckdb)).toEqual([undefined, undefined]);
    expect(await company.rows("select count(*) from o")).toEqual([["4"]]);
  });
});
