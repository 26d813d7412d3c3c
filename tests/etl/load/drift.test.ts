import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { defineJob, files, notNull, sqlite, type JobSpec } from "../../../etl/index.ts";
import { account, makeCompany, stepOf, type Company } from "../_company.ts";

let company: Company;
beforeEach(() => {
  company = makeCompany();
  company.sql(
    "create table o (id integer primary key, Name text, amount decimal(10,2), code text)",
    "insert into o values (1, 'a', 1.25, '007'), (2, 'b', 2.5, 'x')",
  );
});
afterEach(() => company.remove());

const shop = sqlite({ name: "shop", path: "./shop.sqlite" });
const job = (more: Partial<JobSpec> = {}) =>
  defineJob({
    name: "o",
    source: shop,
    extract: { table: "o" },
    into: { table: "o", mode: "merge", key: "id" },
    ...more,
  } as JobSpec);
const become = (...statements: string[]): void =>
  company.sql("alter table o rename to before", ...statements, "drop table before");
/** Loads, changes the source, shows what a dry run says of it, loads again. */
async function drift(
  change: () => void,
  one = job(),
): Promise<{ warnings: readonly string[]; account: ReturnType<typeof account>; columns: string }> {
  await company.load([one]);
  change();
  const planned = stepOf(await company.load([one], { dryRun: true }), "o");
  const step = stepOf(await company.load([one]), "o");
  expect(planned.warnings).toEqual(step.warnings);
  return {
    warnings: step.warnings,
    account: account(step),
    columns: (
      await company.rows(
        "select column_name || ' ' || data_type from duckdb_columns() where table_name = 'o' order by column_index",
      )
    ).join(", "),
  };
}

describe("a source's column that is", () => {
  it("F7: added is added and reported", async () => {
    const { warnings, columns } = await drift(() =>
      company.sql("alter table o add column size integer", "update o set size = 5"),
    );
    expect(warnings).toEqual(["o.size is new (BIGINT)"]);
    expect(columns).toBe("id BIGINT, Name VARCHAR, amount DECIMAL(10,2), code VARCHAR, size BIGINT");
  });

  it("F7: dropped stays, empty in new rows, and is reported", async () => {
    const { warnings } = await drift(() =>
      company.sql("alter table o drop column code", "insert into o values (3, 'c', 3)"),
    );
    expect(warnings).toEqual(["o.code is gone from the source: empty in new rows"]);
    expect(await company.rows("select id, code from o order by id")).toEqual([
      ["1", "007"],
      ["2", "x"],
      ["3", null],
    ]);
  });

  it("F7: renamed is a removed and an added one", async () => {
    const { warnings } = await drift(() => company.sql("alter table o rename column code to sku"));
    expect(warnings).toEqual(["o.sku is new (VARCHAR)", "o.code is gone from the source: empty in new rows"]);
  });

  it("F7: widened widens the table's without a loss", async () => {
    const { warnings, account: counts } = await drift(() =>
      become(
        "create table o (id integer primary key, Name text, amount decimal(14,4), code text)",
        "insert into o select * from before",
        "insert into o values (3, 'c', 1234567890.1234, 'y')",
      ),
    );
    expect(warnings).toEqual(["o.amount was DECIMAL(10,2) and is now DECIMAL(14,4)"]);
    expect(counts).toMatchObject({ added: 1, unchanged: 2 });
    expect(await company.rows("select amount from o order by id")).toEqual([
      ["1.2500"],
      ["2.5000"],
      ["1234567890.1234"],
    ]);
  });

  it("F7: retyped becomes a type that holds both, here text", async () => {
    const { warnings } = await drift(() =>
      become(
        "create table o (id integer primary key, Name text, amount text, code text)",
        "insert into o select id, Name, 'about ' || amount, code from before",
      ),
    );
    expect(warnings).toEqual(["o.amount was DECIMAL(10,2) and is now VARCHAR"]);
    expect(await company.rows("select amount from o order by id")).toEqual([["about 1.25"], ["about 2.5"]]);
  });

  it("F7: retyped under a contract is read by the contract's type, and values that cannot be are rejected", async () => {
    const contract = job({ columns: { id: "bigint", amount: "decimal(10,2)" }, onReject: { failAbove: "60%" } });
    const { account: counts, columns } = await drift(
      () =>
        become(
          "create table o (id integer primary key, Name text, amount text, code text)",
          "insert into o select id, Name, case id when 1 then '9.75' else 'many' end, code from before",
        ),
      contract,
    );
    expect(counts).toMatchObject({ updated: 1, rejected: 1 });
    expect(columns).toBe("id BIGINT, amount DECIMAL(10,2)");
  });

  it("F7: nullable where it was not is reported by its check, and nothing is published", async () => {
    const one = job({ checks: [notNull("Name")] });
    await company.load([one]);
    company.sql("update o set Name = null where id = 2");
    await expect(company.load([one])).rejects.toMatchObject({
      code: "check-failed",
      message: expect.stringContaining("notNull(Name)"),
    });
    expect(await company.rows("select count(Name) from o")).toEqual([["2"]]);
  });

  it("F7: reordered changes nothing", async () => {
    const { warnings, account: counts } = await drift(() =>
      become(
        "create table o (code text, amount decimal(10,2), id integer primary key, Name text)",
        "insert into o select code, amount, id, Name from before",
      ),
    );
    expect(warnings).toEqual([]);
    expect(counts).toMatchObject({ unchanged: 2, updated: 0 });
  });

  it("F7: written in another case is the same column, and is reported", async () => {
    const {
      warnings,
      account: counts,
      columns,
    } = await drift(() =>
      company.sql(
        "alter table o rename column Name to nam",
        "alter table o rename column nam to NAME",
        "update o set NAME = 'z' where id = 2",
      ),
    );
    expect(warnings).toEqual(["o.Name is now spelled NAME in the source"]);
    expect(counts).toMatchObject({ unchanged: 1, updated: 1 });
    expect(columns).toContain("Name VARCHAR");
    expect(await company.rows("select Name from o order by id")).toEqual([["a"], ["z"]]);
  });

  it("F7: of any of these kinds stops a load that allows no change", async () => {
    const strict = job({ onSchemaChange: "fail" });
    await company.load([strict]);
    for (const [there, back] of [
      ["alter table o add column size integer", "alter table o drop column size"],
      ["alter table o rename column code to sku", "alter table o rename column sku to code"],
    ]) {
      company.sql(there!);
      await expect(company.load([strict])).rejects.toMatchObject({ code: "schema-changed" });
      company.sql(back!);
    }
    expect((await company.load([strict])).status).toBe("published");
  });
});

describe("two columns whose names differ only in case", () => {
  it("F7: equal after normalising are reported, and one of them can be chosen", async () => {
    company.drop("twins.ndjson", '{"id":1,"Amount":5,"amount":6}\n');
    const twins = (more: Partial<JobSpec>) =>
      defineJob({
        name: "t",
        source: files({ name: "drops", path: "./drops" }),
        extract: { file: "twins.ndjson" },
        into: { table: "t" },
        ...more,
      } as JobSpec);
    await expect(company.load([twins({})])).rejects.toMatchObject({
      code: "schema-changed",
      message: "columns Amount and amount of the source differ in case only",
    });
    await company.load([twins({ columns: { id: "bigint", amount: { from: "Amount", type: "bigint" } } })]);
    expect(await company.rows("select * from t")).toEqual([["1", "5"]]);
  });
});
