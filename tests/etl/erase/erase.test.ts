import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  copyForWriting,
  filePath,
  listVersions,
  makeWorkFolder,
  openForWriting,
  openState,
  publishVersion,
} from "../../../engine/warehouse/index.ts";
import { erasePerson, rollbackLoad, type Erased, type EraseOptions } from "../../../etl/index.ts";
import { makeCompany, type Company } from "../_company.ts";
import { jobs, spec, tables } from "./_people.ts";

let company: Company;
const erase = (who: string, more: Partial<EraseOptions> = {}): Promise<Erased> =>
  erasePerson({ spec: spec as never, folder: company.folder, who, ...more });
const load = (full = false): Promise<unknown> => company.load(jobs, { tables, full, spec: spec as never });
const totals = async (): Promise<unknown> =>
  company.rows(
    "select count(*), sum(amount), count(distinct customer_id), (select count(distinct customer_id) from dim_customer) from fact",
  );

beforeEach(async () => {
  company = makeCompany();
  company.sql(
    "create table customers (no text, name text, email text, born text, at text); create table orders (id integer, customer_no text, mail text, note text, amount real)",
    "insert into customers values ('C101', 'Ada Lovelace', 'Ada@Engine.example', '1815-12-10', '1'), ('C102', 'Ada Lovelace', 'other@engine.example', '1999-01-01', '1'), ('C103', 'Bob Stone', 'bob@rock.example', '1990-01-01', '1')",
    "insert into orders values (1, 'C101', 'ada@engine.example', 'C101: gift for ADA@engine.example please', 10), (2, null, 'ada@engine.example', null, 20), (3, 'C102', null, null, 40), (4, 'C103', 'bob@rock.example', 'not C1011, mcada@engine.example', 80)",
  );
  await load();
  company.sql(
    "insert into customers values ('C101x', 'Ada', 'ada@engine.example', 'no date', '2')",
    "insert into orders values (5, 'C101', null, null, 160)",
  );
  await load();
  company.sql("insert into orders values (6, 'C103', null, null, 320)");
  await load();
});
afterEach(() => company.remove());

describe("erasing a person", () => {
  it("F18: removes them from every kept version, spool, reject and log, changes no total, and proves it", async () => {
    const state = openState(company.warehouse);
    state
      .prepare("UPDATE runs SET options = ? WHERE rowid = 1")
      .run(JSON.stringify({ text: "asked by ada@engine.example" }));
    state.exec(
      "INSERT INTO campaigns (id, name, plan, status, made_at, made_by) VALUES (1, 'spring', '{}', 'drawn', '2025-01-01', 'owner'); INSERT INTO campaign_assignments VALUES (1, '101', 'E-mail', NULL, 1, '', 1, 1), (1, '103', 'E-mail', NULL, 1, '', 1, 1)",
    );
    state.close();
    mkdirSync(join(company.folder, "outbox"));
    writeFileSync(
      join(company.folder, "outbox", "list.csv"),
      "no,mail\nC101,ada@engine.example\nC103,bob@rock.example\n",
    );
    const before = await totals();
    const erased = await erase("erp:C101");
    expect(erased.proof.left).toEqual([]);
    expect(erased.proof.versions).toBe(4);
    expect(erased).toMatchObject({ version: 4, rejects: 2, lists: 1, notes: 2, shared: 1 });
    expect(await totals()).toEqual(before);
    const after = openState(company.warehouse);
    expect(after.prepare("SELECT member FROM campaign_assignments").raw(true).all()).toEqual([["103"]]);
    after.close();
    expect(readFileSync(join(company.folder, "outbox", "list.csv"), "utf8")).toBe("no,mail\nC103,bob@rock.example\n");
    // the other of the same name is as she was
    expect(await company.rows("select no, name from customers where name is not null order by 1")).toEqual([
      ["C102", "Ada Lovelace"],
      ["C103", "Bob Stone"],
    ]);
    expect(await company.rows(`select customer_id, sum(amount) from fact group by 1 order by 2 desc`)).toEqual([
      ["103", "400.00"],
      [erased.key, "190.00"],
      ["102", "40.00"],
    ]);
    expect(await company.rows("select note from fact where note is not null order by 1")).toEqual([
      ["(erased): gift for (erased) please"],
      ["not C1011, mcada@engine.example"],
    ]);
    for (const { version } of listVersions(company.warehouse))
      expect(readFileSync(join(company.warehouse, "versions", `00000${version}.json`), "utf8")).not.toContain("C101");
    expect(readdirSync(join(company.warehouse, "files")).every((name) => name.includes("~4"))).toBe(true);
  });

  it("F18: the next loads, incremental and full, do not bring them back, and the totals stay", async () => {
    const erased = await erase("101");
    const before = await totals();
    company.sql("update customers set name = 'Ada King', at = '9' where no = 'C101'");
    await load();
    await load(true);
    expect(await totals()).toEqual(before);
    expect(
      await company.rows(
        "select count(*) from customers where name like 'Ada K%' or no = 'C101' or lower(email) = 'ada@engine.example'",
      ),
    ).toEqual([["0"]]);
    expect(await company.rows("select count(*) from orders where lower(mail) = 'ada@engine.example'")).toEqual([["0"]]);
    const again = await erase("erp:C101").catch((error: { code: string }) => error);
    expect(again).toMatchObject({ code: "not-found" });
    expect(existsSync(join(company.warehouse, "rejects"))).toBe(true);
    expect(erased.proof.values).toBeGreaterThan(1);
  });

  it("F18: a rollback to an earlier version does not bring them back", async () => {
    const { parent } = (await company.manifest())!;
    await erase("101");
    const runs = JSON.parse(readFileSync(join(company.warehouse, "versions", "000003.json"), "utf8")) as {
      run: string;
    };
    await rollbackLoad(company.warehouse, runs.run);
    expect((await company.manifest())!.version).toBe(parent);
    expect(await company.rows("select count(*) from customers where no = 'C101' or email ilike 'ada@%'")).toEqual([
      ["0"],
    ]);
    expect(await company.rows("select count(*), sum(amount) from fact")).toEqual([["5", "310.00"]]);
  });

  it("labels keep their rows under the made-up key", async () => {
    const base = (await company.manifest())!;
    const work = makeWorkFolder(company.warehouse, "mine");
    const path = join(work, "labels_x.duckdb");
    const writer = await openForWriting({ l: path }, { tempDirectory: join(work, "t") });
    await writer.connection.run(
      "CREATE TABLE labels_x AS SELECT * FROM (VALUES (101::BIGINT, 'gold'), (103, 'tin')) AS v(key, tier)",
    );
    await writer.close();
    await publishVersion(company.warehouse, { base, run: "mine", files: { labels_x: path } });
    const model = { kind: "model", name: "x", over: "customer", technique: "rfm", outputs: {}, main: null } as const;
    const erased = await erase("101", { spec: { ...spec, models: [model] } as never });
    const copy = join(company.folder, "l.duckdb");
    copyForWriting(filePath(company.warehouse, (await company.manifest())!, "labels_x")!, copy);
    const reader = await openForWriting({ l: copy }, { tempDirectory: join(company.folder, "t") });
    expect(
      (await reader.connection.runAndReadAll("SELECT key, tier FROM labels_x ORDER BY tier")).getRowsJson(),
    ).toEqual([
      [erased.key, "gold"],
      ["103", "tin"],
    ]);
    await reader.close();
    expect(erased.proof.left).toEqual([]);
  });

  it.each([
    ["Ann Lee", ["old.bin: its bytes contain a text of the person"]],
    ["Ann Le", []],
  ])(
    "searches the bytes of all files for a text of seven bytes, which is seldom there by chance: %s",
    async (name, left) => {
      company.sql(`insert into customers values ('C104', '${name}', null, null, '9')`);
      company.sql("insert into orders values (9, 'C104', null, null, 1)");
      await load();
      mkdirSync(join(company.folder, "outbox"), { recursive: true });
      writeFileSync(join(company.folder, "outbox", "old.bin"), Buffer.from(`\0\0${name}\0`));
      expect((await erase("104")).proof.left).toEqual(left);
    },
  );

  it("a project without declared persons refuses, and so does an unknown person", async () => {
    await expect(erase("101", { spec: { ...spec, persons: undefined } as never })).rejects.toMatchObject({
      code: "project-invalid",
    });
    await expect(erase("999")).rejects.toMatchObject({ code: "not-found" });
  });
});
