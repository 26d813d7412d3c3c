import { existsSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { listVersions } from "../../engine/warehouse/index.ts";
import { backupWarehouse, eraseAgain, erasePerson, restoreWarehouse } from "../../etl/index.ts";
import { makeCompany, type Company } from "../etl/_company.ts";
import { jobs, spec, tables } from "../etl/erase/_people.ts";

let company: Company;
let backup: string;
const load = (full = false): Promise<unknown> => company.load(jobs, { tables, full, spec: spec as never });
const erase = (who: string) => erasePerson({ spec: spec as never, folder: company.folder, who });
const ofErased = (): Promise<unknown> =>
  company.rows(
    "select (select count(*) from customers where no = 'C101' or name = 'Ada Lovelace' and email ilike 'ada@%'), (select count(*) from orders where mail ilike 'ada@%'), (select count(*) from who where id = 'C101')",
  );
const totals = (): Promise<unknown> =>
  company.rows("select count(*), sum(amount), count(distinct customer_id) from fact");

beforeEach(async () => {
  company = makeCompany();
  backup = join(company.folder, "backup");
  company.sql(
    "create table customers (no text, name text, email text, born text, at text); create table orders (id integer, customer_no text, mail text, note text, amount real)",
    "insert into customers values ('C101', 'Ada Lovelace', 'Ada@Engine.example', '1815-12-10', '1'), ('C103', 'Bob Stone', 'bob@rock.example', '1990-01-01', '1')",
    "insert into orders values (1, 'C101', 'ada@engine.example', 'C101: gift', 10), (2, null, 'ada@engine.example', null, 20), (4, 'C103', 'bob@rock.example', null, 80)",
  );
  await load();
  company.sql("insert into orders values (5, 'C103', null, null, 160)");
  await load();
  await backupWarehouse(company.warehouse, backup);
});
afterEach(() => company.remove());

describe("a restored backup", () => {
  it("F18: from before an erasure does not bring the person back: they are erased again in every version, and loads keep them out", async () => {
    const before = await totals();
    const first = await erase("erp:C101");
    const restored = await restoreWarehouse(backup, company.warehouse, { force: true });
    expect(restored.erasedSince).toBeGreaterThan(0);
    // the copy of the data has the person again until the list is applied
    expect(await ofErased()).not.toEqual([["0", "0", "0"]]);
    const again = await eraseAgain({ spec: spec as never, folder: company.folder });
    expect(again.map(({ key, proof }) => [key, proof.left])).toEqual([[first.key, []]]);
    expect(await ofErased()).toEqual([["0", "0", "0"]]);
    expect(await totals()).toEqual(before);
    expect(listVersions(company.warehouse).length).toBeGreaterThan(2);
    await load();
    await load(true);
    expect(await ofErased()).toEqual([["0", "0", "0"]]);
    expect(await totals()).toEqual(before);
    expect(await eraseAgain({ spec: spec as never, folder: company.folder })).toEqual([]);
    // what was there is beside it, and every erasure says that it still holds whoever is erased now
    expect((await erase("erp:C103")).beside).toEqual([restored.replaced]);
    rmSync(restored.replaced!, { recursive: true });
    expect(readdirSync(company.folder).filter((name) => name.includes(".before-"))).toEqual([]);
  });

  it("of another warehouse, whose list has another key, is refused, and nothing is changed", async () => {
    await erase("erp:C101");
    writeFileSync(join(backup, "erasure.key"), `${"ab".repeat(32)}\n`);
    const version = (await company.manifest())!.version;
    await expect(restoreWarehouse(backup, company.warehouse, { force: true })).rejects.toMatchObject({
      code: "usage",
      message: expect.stringContaining("keys of their suppression lists differ"),
    });
    expect((await company.manifest())!.version).toBe(version);
    expect(await ofErased()).toEqual([["0", "0", "0"]]);
  });

  it("where nothing was erased, or without a warehouse, has no list to apply", async () => {
    expect(await restoreWarehouse(backup, company.warehouse, { force: true })).toMatchObject({ erasedSince: 0 });
    expect(existsSync(join(company.warehouse, "erasure.key"))).toBe(false);
    expect(await eraseAgain({ spec: spec as never, folder: company.folder })).toEqual([]);
  });
});
