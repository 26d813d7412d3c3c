import { existsSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openState } from "../../../engine/warehouse/index.ts";
import { defineJob, files, getRejects, listRuns, rollbackLoad, sqlite, type Columns } from "../../../etl/index.ts";
import { rejectsFile } from "../../../etl/stage/rejects.ts";
import { account, makeCompany, stepOf, type Company } from "../_company.ts";

let company: Company;
beforeEach(() => {
  company = makeCompany();
});
afterEach(() => company.remove());

const drops = files({ name: "drops", path: "./drops" });
const job = (columns: Columns, mode: "merge" | "append" | "replace" = "merge", failAbove: `${number}%` = "90%") =>
  defineJob({
    name: "o",
    source: drops,
    extract: { file: "o*.csv" },
    columns,
    onReject: { failAbove },
    into: { table: "o", mode, ...(mode === "merge" && { key: "id" }) },
  });
const strict: Columns = { id: "integer", on: "date", amount: "decimal(10,2)" };
const mended: Columns = {
  id: "integer",
  on: { type: "date", format: ["%Y-%m-%d", "%d.%m.%Y"] },
  amount: "decimal(10,2)",
};
const rejectsOf = async (run: string) => {
  const state = openState(company.warehouse);
  try {
    return await getRejects(company.warehouse, state, run);
  } finally {
    state.close();
  }
};

describe("rejected rows", () => {
  it.each(["merge", "append", "replace"] as const)(
    "F11: are replayed once after the job was fixed, and a rollback reverts the replay (%s)",
    async (mode) => {
      company.drop("o1.csv", 'id,on,amount\n1,2024-01-01,5\n2,02.01.2024,6\n3,03.01.2024,"7,5"\n4,2024-01-04,8\n');
      const first = await company.load([job(strict, mode)]);
      expect(account(stepOf(first, "o"))).toMatchObject({ read: 4, added: 2, rejected: 2 });
      const replayed = await company.load([job(mended, mode)], { replay: first.id });
      expect(account(stepOf(replayed, "o"))).toEqual({
        read: 2,
        added: 1,
        updated: 0,
        unchanged: 0,
        deleted: 0,
        rejected: 1,
        removed: 0,
      });
      expect(await company.rows('select id, "on", amount from o order by id')).toEqual([
        [1, "2024-01-01", "5.00"],
        [2, "2024-01-02", "6.00"],
        [4, "2024-01-04", "8.00"],
      ]);
      expect((await rejectsOf(replayed.id)).map((each) => [each.file, each.line, each.column])).toEqual([
        ["o1.csv", 4, "amount"],
      ]);
      await expect(company.load([job(mended, mode)], { replay: first.id })).rejects.toMatchObject({
        code: "job-invalid",
        message: expect.stringContaining(`already replayed by load ${replayed.id}`),
      });
      await rollbackLoad(company.warehouse, replayed.id);
      expect(account(stepOf(await company.load([job(mended, mode)], { replay: first.id }), "o"))).toMatchObject({
        added: 1,
      });
      // the file itself was loaded, and is not read again
      expect(stepOf(await company.load([job(mended, mode)]), "o").status).toBe("skipped");
    },
  );

  it("never overwrite newer rows", async () => {
    const shop = sqlite({ name: "shop", path: "./shop.sqlite" });
    company.sql(
      "create table o (id integer primary key, amount text, at text)",
      "insert into o values (1, 'six', '2024-01-01'), (2, '7', '2024-01-01'), (3, 'eight', '2024-01-01')",
    );
    const one = (nullIf: readonly string[]) =>
      defineJob({
        name: "o",
        source: shop,
        extract: { table: "o", cursor: "at", key: "id" },
        columns: { id: "bigint", amount: { type: "decimal(10,2)", nullIf }, at: "date" },
        onReject: { failAbove: "90%" },
        into: { table: "o", mode: "merge" },
      });
    const first = await company.load([one([])]);
    company.sql("update o set amount = '60', at = '2024-02-02' where id = 1");
    await company.load([one([])]);
    const before = (await company.manifest())!.watermarks;
    expect(account(stepOf(await company.load([one(["six", "eight"])], { replay: first.id }), "o"))).toMatchObject({
      read: 2,
      added: 1,
      unchanged: 1,
    });
    expect(await company.rows("select id, amount from o order by id")).toEqual([
      ["1", "60.00"],
      ["2", "7.00"],
      ["3", null],
    ]);
    expect((await company.manifest())!.watermarks).toEqual(before);
  });

  it("that could not be parsed stay rejected with their bytes, line and reason", async () => {
    company.drop(
      "o1.csv",
      Buffer.concat([
        Buffer.from("id,on,amount\n1,2024-01-01,5\n2,"),
        Buffer.from([0xff]),
        Buffer.from(",6\n3,2024-01-03,7\n"),
      ]),
    );
    const first = await company.load([job(strict)]);
    const [kept] = await rejectsOf(first.id);
    const again = await company.load([job(mended)], { replay: first.id });
    expect((await rejectsOf(again.id))[0]).toMatchObject({
      file: kept!.file,
      line: kept!.line,
      reason: kept!.reason,
      row: kept!.row,
    });
  });

  it("of a load without any, or of an unknown load, are refused", async () => {
    company.drop("o1.csv", "id,on,amount\n1,2024-01-01,5\n");
    const run = await company.load([job(strict)]);
    await expect(company.load([job(strict)], { replay: run.id })).rejects.toMatchObject({ code: "not-found" });
    await expect(company.load([job(strict)], { replay: "19990101-000000" })).rejects.toMatchObject({
      code: "not-found",
    });
  });

  it("are counted in the run that they stopped", async () => {
    company.drop("o1.csv", "id,on,amount\n1,2024-01-01,5\n2,x,6\n3,y,7\n");
    await expect(company.load([job(strict, "merge", "10%")])).rejects.toMatchObject({ code: "too-many-rejects" });
    const state = openState(company.warehouse);
    const [failed] = listRuns(state);
    state.close();
    expect(stepOf(failed!, "o")).toMatchObject({
      status: "failed",
      read: 3,
      written: 0,
      rejected: 2,
      rejects: [{ column: "on", reason: "invalid date", rows: 2 }],
    });
    expect(await rejectsOf(failed!.id)).toHaveLength(2);
  });

  it("are deleted with their load's version; those of a failed load after two weeks", async () => {
    company.drop("o1.csv", "id,on,amount\n1,2024-01-01,5\n2,x,6\n");
    const day =
      (n: number): (() => Date) =>
      () =>
        new Date(Date.UTC(2024, 0, n, 12));
    const first = await company.load([job(strict)], { now: day(1) });
    await expect(company.load([job(strict, "merge", "0%")], { full: true, now: day(1) })).rejects.toMatchObject({
      code: "too-many-rejects",
    });
    const state = openState(company.warehouse);
    const failed = listRuns(state).find((run) => run.status === "failed")!;
    state.close();
    const kept = (run: string): boolean => existsSync(rejectsFile(company.warehouse, run, "o"));
    expect([kept(first.id), kept(failed.id)]).toEqual([true, true]);
    for (let n = 2; n <= 10; n++) {
      company.drop(`o${n}.csv`, `id,on,amount\n${n + 10},2024-01-01,5\n`);
      await company.load([job(strict)], { now: day(n) });
    }
    expect([kept(first.id), kept(failed.id)]).toEqual([true, true]);
    for (let n = 20; n <= 32; n++) {
      company.drop(`o${n}.csv`, `id,on,amount\n${n + 10},2024-01-01,5\n`);
      await company.load([job(strict)], { now: day(n) });
    }
    expect([kept(first.id), kept(failed.id)]).toEqual([false, false]);
  });
});
