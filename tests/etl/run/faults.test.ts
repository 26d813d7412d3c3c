import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  defineJob,
  defineTable,
  files,
  rollbackLoad,
  sqlite,
  type Columns,
  type Job,
  type JobSpec,
} from "../../../etl/index.ts";
import { openState } from "../../../engine/warehouse/index.ts";
import { getRejects } from "../../../etl/index.ts";
import { account, makeCompany, stepOf, type Company } from "../_company.ts";

let company: Company;
beforeEach(() => {
  company = makeCompany();
  company.sql(
    "create table o (id integer primary key, v text, at text, gone integer)",
    "insert into o values (1, 'a', '2024-01-01', 0), (2, 'b', '2024-01-02', 0), (3, 'c', '2024-01-03', 0)",
  );
});
afterEach(() => company.remove());

const shop = sqlite({ name: "shop", path: "./shop.sqlite" });
const job = (more: Partial<JobSpec> = {}) =>
  defineJob({
    name: "o",
    source: shop,
    extract: { table: "o", cursor: "at", key: "id" },
    into: { table: "o", mode: "merge" },
    ...more,
  } as JobSpec);

describe("deletes", () => {
  it("F10: and a new row of the same key in one batch leave the new row, marked or compared", async () => {
    for (const deletes of [{ column: "gone" }, "compare_keys"] as const) {
      const one = defineJob({
        ...job({ deletes }),
        name: typeof deletes === "string" ? "compared" : "marked",
        into: { table: typeof deletes === "string" ? "compared" : "marked", mode: "merge", key: "id" },
      } as JobSpec);
      await company.load([one]);
      company.sql("delete from o where id = 2", "insert into o values (2, 'again', '2024-02-02', 0)");
      expect(account(stepOf(await company.load([one]), one.name))).toMatchObject({
        updated: 1,
        removed: 0,
        deleted: 0,
      });
      expect(await company.rows(`select v from ${one.into.table} where id = 2`)).toEqual([["again"]]);
      company.sql("update o set v = 'b', at = '2024-01-02' where id = 2");
    }
  });

  it("F10: and then the row again, in two batches, are followed", async () => {
    const one = job({ deletes: { column: "gone" } });
    await company.load([one]);
    company.sql("update o set gone = 1, at = '2024-03-01' where id = 2");
    expect(account(stepOf(await company.load([one]), "o"))).toMatchObject({ deleted: 1 });
    company.sql("update o set gone = 0, v = 'back', at = '2024-03-02' where id = 2");
    expect(account(stepOf(await company.load([one]), "o"))).toMatchObject({ added: 1 });
    expect(await company.rows("select count(*) from o")).toEqual([["3"]]);
  });

  it("F10: a changed primary key is a removed row and an added one", async () => {
    const one = job({ deletes: "compare_keys" });
    await company.load([one]);
    company.sql("update o set id = 20, at = '2024-04-01' where id = 2");
    expect(account(stepOf(await company.load([one]), "o"))).toMatchObject({ added: 1, removed: 1 });
    expect(await company.rows("select id from o order by id")).toEqual([["1"], ["3"], ["20"]]);
  });

  it("F10: with scd2 give neither gap nor overlap: a member that was deleted and returned has one sequence of versions", async () => {
    const one = job({ into: { table: "h", mode: "scd2", key: "id" }, extract: { table: "o", key: "id" } });
    const at = (day: string) => ({ now: () => new Date(`${day}T00:00:00Z`) });
    await company.load([one], at("2024-01-10"));
    company.sql("delete from o where id = 2");
    await company.load([one], at("2024-02-10"));
    company.sql("insert into o values (2, 'back', '2024-03-01', 0)");
    await company.load([one], at("2024-03-10"));
    expect(
      await company.rows("select v, valid_from::varchar, valid_until::varchar from h where id = 2 order by valid_from"),
    ).toEqual([
      ["b", "0001-01-01 00:00:00", "2024-03-10 00:00:00"],
      ["back", "2024-03-10 00:00:00", null],
    ]);
  });
});

describe("poison", () => {
  it("F11: of numbers, texts and dates is rejected with its reason; good neighbours are loaded, twins stay two", async () => {
    const rows: readonly [string, string, string, string][] = [
      ["1", "1.5", "2024-01-01", "good"],
      ["2", "123456789012345678901234567890123456789", "2024-01-01", "39 digits"],
      ["3", "NaN", "2024-01-01", "nan"],
      ["4", "Infinity", "2024-01-01", "infinite"],
      ["5", "1", "0000-00-00", "zero date"],
      ["6", "1", "infinity", "infinite date"],
      ["9223372036854775808", "1", "2024-01-01", "2^63"],
      ["9223372036854775807", "1", "2024-01-01", "2^63 - 1"],
      ["10", "1", "2024-02-30", "no such day"],
      ["11", "1", "2024-02-29", "leap day"],
      ["12", "1", "2023-02-29", "no leap day"],
      ["13", "1", "2024-01-01", "=cmd|' /C calc'!A0"],
      ["14", "1", "2024-01-01", "👩‍👩‍👧‍👦 🎉"],
      ["15", "1", "2024-01-01", "café"],
      ["16", "1", "2024-01-01", "cafe\u0301"],
      ["17", "-0", "2024-01-01", "zero"],
    ];
    company.drop(
      "p.csv",
      `\ufeffid,amount,on,note\r\n${rows.map((row) => row.map((each) => `"${each.replaceAll('"', '""')}"`).join(",")).join("\r\n")}\r\n`,
    );
    const one = defineJob({
      name: "p",
      source: files({ name: "drops", path: "./drops" }),
      extract: { file: "p.csv" },
      columns: { id: "bigint", amount: "decimal(14,2)", on: "date", note: "varchar" },
      onReject: { failAbove: "60%" },
      into: { table: "p", mode: "merge", key: "id" },
    });
    const run = await company.load([one]);
    expect(account(stepOf(run, "p"))).toMatchObject({ read: 16, added: 8, rejected: 8 });
    const state = openState(company.warehouse);
    const rejects = await getRejects(company.warehouse, state, run.id);
    state.close();
    expect(rejects.map((each) => [each.line, each.column])).toEqual([
      [3, "amount"],
      [4, "amount"],
      [5, "amount"],
      [6, "on"],
      [7, "on"],
      [8, "id"],
      [10, "on"],
      [12, "on"],
    ]);
    expect(await company.rows("select note from p where id in (13, 14, 15, 16) order by id")).toEqual([
      ["=cmd|' /C calc'!A0"],
      ["👩‍👩‍👧‍👦 🎉"],
      ["café"],
      ["cafe\u0301"],
    ]);
    expect(await company.rows("select count(distinct note) from p where id in (15, 16)")).toEqual([["2"]]);
  });
});

describe("one poisoned row between two good ones", () => {
  const contract = { id: "bigint", amount: "decimal(14,2)", on: "date", note: "varchar" } as const;
  const drops = files({ name: "drops", path: "./drops" });
  const reading = (columns: Columns) =>
    defineJob({
      name: "p",
      source: drops,
      extract: { file: "p.csv" },
      columns,
      onReject: { failAbove: "60%" },
      into: { table: "p", mode: "merge", key: "id" },
    });
  const good = (id: number): string => `${id},1.50,2024-01-01,good\n`;
  const file = (poison: string | Buffer): Buffer =>
    Buffer.concat([Buffer.from(`id,amount,on,note\n${good(1)}`), Buffer.from(poison), Buffer.from(good(9))]);

  it.each<[string, string | Buffer, string, Columns?]>([
    ["broken UTF-8", Buffer.from([0x32, 0x2c, 0x31, 0x2c, 0x2c, 0xc3, 0x28, 0x0a]), "the line is not UTF-8"],
    ["a NUL byte", "2,1,2024-01-01,a\0b\n", "the line contains a NUL byte"],
    ["an unclosed quote", '2,1,2024-01-01,"never\n', "a quote is never closed"],
    [
      "a 39-digit decimal",
      `2,${"1".repeat(39)},2024-01-01,x\n`,
      "invalid decimal(14,2), or too many digits",
      { amount: { type: "decimal(14,2)", nullIf: ["1".repeat(39)] } },
    ],
    [
      "NaN",
      "2,NaN,2024-01-01,x\n",
      "invalid decimal(14,2), or too many digits",
      { amount: { type: "decimal(14,2)", nullIf: ["NaN"] } },
    ],
    [
      "infinity as a number",
      "2,Infinity,2024-01-01,x\n",
      "invalid decimal(14,2), or too many digits",
      { amount: { type: "decimal(14,2)", nullIf: ["Infinity"] } },
    ],
    ["infinity as a date", "2,1,infinity,x\n", "invalid date", { on: { type: "date", nullIf: ["infinity"] } }],
    ["a zero date", "2,1,0000-00-00,x\n", "invalid date", { on: { type: "date", nullIf: ["0000-00-00"] } }],
    ["2^63", "9223372036854775808,1,2024-01-01,x\n", "invalid bigint", { id: "decimal(20,0)" }],
  ])(
    "F11: %s is rejected with its reason, its neighbours are loaded, and a replay loads it where a fix makes it valid",
    async (_, poison, reason, fix) => {
      company.drop("p.csv", file(poison));
      const run = await company.load([reading(contract)]);
      expect(account(stepOf(run, "p"))).toMatchObject({ read: 3, added: 2, rejected: 1 });
      expect(stepOf(run, "p").rejects).toMatchObject([{ reason, rows: 1 }]);
      expect(await company.rows("select id from p order by id")).toEqual([["1"], ["9"]]);
      const again = stepOf(await company.load([reading({ ...contract, ...fix })], { replay: run.id }), "p");
      expect(account(again)).toMatchObject(
        fix === undefined ? { read: 1, added: 0, rejected: 1 } : { read: 1, added: 1, rejected: 0 },
      );
      expect(await company.rows("select count(*) from p")).toEqual([[fix === undefined ? "2" : "3"]]);
    },
  );

  it.each<[string, Buffer, unknown[][]]>([
    ["a BOM", Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), file("2,2,2024-02-29,x\n")]), [["x"]]],
    ["mixed line ends", file("2,2,2024-02-29,x\r\n3,3,2024-02-29,y\r4,4,2024-02-29,z\n"), [["x"], ["y"], ["z"]]],
    [
      "a formula",
      file('2,2,2024-02-29,"=HYPERLINK(""http://x"")"\n3,3,2024-02-29,@SUM(1)\n'),
      [['=HYPERLINK("http://x")'], ["@SUM(1)"]],
    ],
    ["emoji", file("2,2,2024-02-29,👩‍👩‍👧‍👦 🎉\n"), [["👩‍👩‍👧‍👦 🎉"]]],
    [
      "NFC and NFD twins",
      file("2,2,2024-02-29,caf\u00e9\n3,3,2024-02-29,cafe\u0301\n"),
      [["caf\u00e9"], ["cafe\u0301"]],
    ],
  ])("F11: %s is no reason to reject a row, and changes nothing in it", async (_, content, notes) => {
    company.drop("p.csv", content);
    expect(account(stepOf(await company.load([reading(contract)]), "p"))).toMatchObject({
      read: notes.length + 2,
      added: notes.length + 2,
      rejected: 0,
    });
    expect(await company.rows("select note from p where id between 2 and 8 order by id")).toEqual(notes);
  });
});

describe("two runs at once", () => {
  it("F13: two loads of one job: one wins, the other waits or fails with the holder of the lease, and no row is loaded twice", async () => {
    const outcomes = await Promise.allSettled([
      company.load([job()]),
      company.load([job()]),
      company.load([job()], { patience: 20_000 }),
    ]);
    const told = outcomes
      .map((each) =>
        each.status === "fulfilled" ? each.value.status : (each.reason as { readonly code: string }).code,
      )
      .sort();
    expect(told).toEqual(["lease-held", "published", "published"]);
    expect(await company.rows("select count(*), count(distinct id) from o")).toEqual([["3", "3"]]);
  });

  it("F13: a load and a rollback: the rollback is refused while the load writes, and the load is whole", async () => {
    const first = await company.load([job()]);
    company.sql("insert into o values (4, 'd', '2024-05-01', 0)");
    await company.load([job()]);
    company.sql("insert into o values (5, 'e', '2024-06-01', 0)");
    let refused: unknown;
    let asked: Promise<void> | undefined;
    await company.load([job()], {
      onProgress: ({ stage }) => {
        if (stage === "load")
          asked ??= rollbackLoad(company.warehouse, first.id).then(
            () => undefined,
            (error: unknown) => {
              refused = error;
            },
          );
      },
    });
    await asked;
    expect(refused).toMatchObject({ code: "lease-held" });
    expect(await company.rows("select count(*) from o")).toEqual([["5"]]);
  });
});

describe("a rollback", () => {
  it("F17: and then the next incremental load give the rows of a load without it", async () => {
    const one = job({ deletes: "compare_keys" });
    await company.load([one]);
    const changes = [
      ["update o set v = 'x', at = '2024-02-01' where id = 1", "insert into o values (4, 'd', '2024-02-02', 0)"],
      ["delete from o where id = 3", "insert into o values (5, 'e', null, 0)"],
      ["update o set v = 'y', at = '2024-02-03' where id = 4"],
    ];
    for (const statements of changes) {
      company.sql(...statements);
      const undone = await company.load([one]);
      const marks = (await company.manifest())!.watermarks;
      await rollbackLoad(company.warehouse, undone.id);
      expect((await company.manifest())!.version).toBeLessThan(undone.version!);
      await company.load([one]);
      expect((await company.manifest())!.watermarks).toEqual(marks);
    }
    const oracle = [
      ["1", "x"],
      ["2", "b"],
      ["4", "y"],
      ["5", "e"],
    ];
    expect(await company.rows("select id, v from o order by id")).toEqual(oracle);
    const fresh = { ...one, name: "fresh", into: { table: "fresh", mode: "merge" as const, key: "id" } } as Job;
    await company.load([fresh]);
    expect(await company.rows("select id, v from fresh order by id")).toEqual(oracle);
  });
});

describe("checks", () => {
  it("F19: an empty list of checks, by mistake, publishes nothing", async () => {
    await expect(company.load([job({ checks: [] })])).rejects.toMatchObject({
      problems: [{ code: "job-invalid", place: "job o", message: "the list of checks is empty" }],
    });
    await expect(
      company.load([job()], { tables: [defineTable({ name: "t", sql: "select 1 as n", checks: [] })] }),
    ).rejects.toMatchObject({ problems: [{ place: "table t" }] });
    expect(await company.manifest()).toBeUndefined();
  });
});

describe("a repetition", () => {
  it("F8: a load delivered twice changes nothing, in any mode that has a key", async () => {
    for (const mode of ["merge", "scd2"] as const) {
      const one = defineJob({
        ...job(),
        name: mode,
        extract: { table: "o", key: "id" },
        into: { table: mode, mode, key: "id" },
      } as JobSpec);
      await company.load([one]);
      const before = await company.rows(`select * from ${mode} order by id`);
      expect(account(stepOf(await company.load([one]), mode))).toMatchObject({
        read: 3,
        added: 0,
        updated: 0,
        unchanged: 3,
      });
      expect(await company.rows(`select * from ${mode} order by id`)).toEqual(before);
    }
  });
});
