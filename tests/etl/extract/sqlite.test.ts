import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { defineJob, rollbackLoad, sqlite } from "../../../etl/index.ts";
import { account, makeCompany, stepOf, type Company } from "../_company.ts";

const shop = sqlite({ name: "shop", path: "./shop.sqlite" });
let company: Company;
beforeEach(() => {
  company = makeCompany();
});
afterEach(() => company.remove());

const orders = defineJob({
  name: "orders",
  source: shop,
  extract: { table: "orders", cursor: "updated_at", lag: { minutes: 10 }, key: "order_id" },
  into: { table: "orders", mode: "merge" },
});
const makeOrders =
  "create table orders (order_id integer primary key, customer text, amount decimal(12,2), paid boolean, ordered_on date, updated_at timestamp)";

describe("a SQLite table", () => {
  it("is loaded with the source's own names and types, money as decimal", async () => {
    company.sql(
      makeOrders,
      "insert into orders values (1, 'Åsa Öström, long enough to be stored apart', 12.50, 1, '2024-02-29', '2024-03-01 10:00:00'), (2, null, 0.1, 0, null, '2024-03-01 11:00:00')",
    );
    await company.load([orders]);
    expect(await company.rows("select * from orders order by order_id")).toEqual([
      ["1", "Åsa Öström, long enough to be stored apart", "12.50", true, "2024-02-29", "2024-03-01 10:00:00"],
      ["2", null, "0.10", false, null, "2024-03-01 11:00:00"],
    ]);
    expect(
      await company.rows("select data_type from duckdb_columns() where table_name = 'orders' order by column_index"),
    ).toEqual([["BIGINT"], ["VARCHAR"], ["DECIMAL(12,2)"], ["BOOLEAN"], ["DATE"], ["TIMESTAMP"]]);
  });

  it("merges changes: late commits within the lag, rows without a cursor, and no row twice", async () => {
    company.sql(
      makeOrders,
      "insert into orders values (1, 'a', 1, 1, null, '2024-03-01 10:00:00'), (2, 'b', 2, 1, null, '2024-03-01 11:00:00'), (3, 'c', 3, 1, null, null)",
    );
    expect(account(stepOf(await company.load([orders]), "orders"))).toEqual({
      read: 3,
      added: 3,
      updated: 0,
      unchanged: 0,
      deleted: 0,
      rejected: 0,
      removed: 0,
    });
    expect((await company.manifest())!.watermarks).toEqual({ orders: "2024-03-01 11:00:00" });

    company.sql(
      "insert into orders values (4, 'late', 4, 1, null, '2024-03-01 10:52:00'), (5, 'too late', 5, 1, null, '2024-03-01 10:40:00'), (6, 'd', 6, 1, null, '2024-03-01 12:00:00'), (7, 'no cursor', 7, 1, null, null)",
      "update orders set amount = 22, updated_at = '2024-03-01 12:00:00' where order_id = 2",
    );
    const second = stepOf(await company.load([orders]), "orders");
    expect(account(second)).toEqual({
      read: 5,
      added: 3,
      updated: 1,
      unchanged: 1,
      deleted: 0,
      rejected: 0,
      removed: 0,
    });
    expect(second.watermarkBefore).toBe("2024-03-01 11:00:00");
    expect(second.watermarkAfter).toBe("2024-03-01 12:00:00");
    expect(await company.rows("select order_id, amount from orders order by 1")).toEqual([
      ["1", "1.00"],
      ["2", "22.00"],
      ["3", "3.00"],
      ["4", "4.00"],
      ["6", "6.00"],
      ["7", "7.00"],
    ]);

    const third = stepOf(await company.load([orders]), "orders");
    expect([third.written, third.read === third.unchanged]).toEqual([0, true]);
  });

  it("keeps its watermark when the source's clock goes back", async () => {
    company.sql(makeOrders, "insert into orders values (1, 'a', 1, 1, null, '2024-03-01 12:00:00')");
    await company.load([orders]);
    company.sql("update orders set updated_at = '2024-03-01 11:00:00', amount = 5");
    await company.load([orders]);
    expect((await company.manifest())!.watermarks).toEqual({ orders: "2024-03-01 12:00:00" });
  });

  it("has 25,000 rows with one timestamp, and none is missed", async () => {
    const fill = (from: number, to: number) =>
      `with recursive n(i) as (select ${from} union all select i + 1 from n where i < ${to}) insert into orders select i, 'x', i, 1, null, '2024-03-01 10:00:00' from n`;
    company.sql(makeOrders, fill(1, 12_500));
    await company.load([orders]);
    company.sql(fill(12_501, 25_000));
    await company.load([orders]);
    expect(await company.rows("select count(*), sum(amount) from orders")).toEqual([["25000", "312512500.00"]]);
  });

  it("mirrors deletes by a column, and by comparing keys", async () => {
    company.sql(
      "create table t (id integer primary key, v text, changed integer, deleted_at text)",
      "insert into t values (1, 'a', 1, null), (2, 'b', 1, null), (3, 'c', 1, null)",
    );
    const marked = defineJob({
      name: "marked",
      source: shop,
      extract: { table: "t", cursor: "changed" },
      into: { table: "marked", key: "id" },
      deletes: { column: "deleted_at" },
    });
    const compared = defineJob({
      name: "compared",
      source: shop,
      extract: { table: "t", cursor: "changed" },
      into: { table: "compared", key: "id" },
      deletes: "compare_keys",
    });
    await company.load([marked, compared]);
    company.sql(
      "update t set deleted_at = '2024-01-01', changed = 2 where id = 2",
      "insert into t values (4, 'd', 2, null)",
    );
    const run = await company.load([marked, compared]);
    expect(account(stepOf(run, "marked"))).toMatchObject({ added: 1, deleted: 1 });
    expect(await company.rows("select id from marked order by 1")).toEqual([["1"], ["3"], ["4"]]);
    company.sql("delete from t where id in (1, 2)");
    const gone = await company.load([compared]);
    expect(account(stepOf(gone, "compared"))).toMatchObject({ removed: 2 });
    expect(await company.rows("select id from compared order by 1")).toEqual([["3"], ["4"]]);
  });

  it("after a rollback is read again from that version's watermark, with the right result", async () => {
    company.sql(makeOrders, "insert into orders values (1, 'a', 1, 1, null, '2024-03-01 10:00:00')");
    await company.load([orders]);
    company.sql("insert into orders values (2, 'b', 2, 1, null, '2024-03-02 10:00:00')");
    const second = await company.load([orders]);
    await rollbackLoad(company.warehouse, second.id);
    expect(await company.rows("select order_id from orders")).toEqual([["1"]]);
    company.sql("insert into orders values (3, 'c', 3, 1, null, '2024-03-03 10:00:00')");
    await company.load([orders]);
    expect(await company.rows("select order_id from orders order by 1")).toEqual([["1"], ["2"], ["3"]]);
    expect((await company.manifest())!).toMatchObject({ version: 3, parent: 1 });
  });

  it("takes a Kysely query, integers beyond 2^53 and blobs, and rejects rows that do not fit", async () => {
    company.sql(
      "create table m (id integer, big integer, bytes blob)",
      "insert into m values (1, 9223372036854775807, x'00ff10'), (2, 'no number', null), (3, 1.5, null), (-4, -9007199254740993, x'')",
    );
    const job = defineJob({
      name: "m",
      source: shop,
      extract: { query: (db) => db.selectFrom("m").selectAll().where("id", "<>", 99) },
      onReject: { failAbove: "60%" },
      into: { table: "m" },
    });
    const step = stepOf(await company.load([job]), "m");
    expect(account(step)).toMatchObject({ read: 4, added: 2, rejected: 2 });
    expect(await company.rows("select id, big, hex(bytes) from m order by 1")).toEqual([
      ["-4", "-9007199254740993", ""],
      ["1", "9223372036854775807", "00FF10"],
    ]);
  });
});

describe("a change of the source's columns", () => {
  const job = (onSchemaChange?: "add_columns" | "fail") =>
    defineJob({
      name: "t",
      source: shop,
      extract: { table: "t", key: "id" },
      into: { table: "t", mode: "merge" },
      ...(onSchemaChange && { onSchemaChange }),
    });
  beforeEach(async () => {
    company.sql("create table t (id integer primary key, v text)", "insert into t values (1, 'a')");
    await company.load([job()]);
    company.sql("alter table t add column w real", "update t set w = 1.5");
  });

  it("adds the column and reports it", async () => {
    const step = stepOf(await company.load([job()]), "t");
    expect(step.warnings).toEqual(["t.w is new (DOUBLE)"]);
    expect(await company.rows("select * from t")).toEqual([["1", "a", 1.5]]);
  });

  it("stops the load where the job declares it", async () => {
    await expect(company.load([job("fail")])).rejects.toMatchObject({ code: "schema-changed" });
    expect(await company.rows("select * from t")).toEqual([["1", "a"]]);
  });

  it("names a missing column of the contract", async () => {
    const contract = defineJob({
      name: "t",
      source: shop,
      extract: { table: "t" },
      columns: { id: "bigint", vv: "varchar" },
      into: { table: "t", mode: "merge", key: "id" },
    });
    await expect(company.load([contract])).rejects.toThrow(
      /column "vv" not found in the source \(did you mean "v"\?\)/,
    );
  });
});
