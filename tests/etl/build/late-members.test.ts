import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { defineJob, defineTable, sqlite, type Table } from "../../../etl/index.ts";
import { makeCompany, type Company } from "../_company.ts";

let company: Company;
beforeEach(() => {
  company = makeCompany();
  company.sql(
    "create table customers (id integer primary key, city text, since text)",
    "create table orders (id integer primary key, customer_id integer, at text)",
    "insert into customers values (1, 'Ulm', '2024-01-01')",
    "insert into orders values (10, 1, '2024-01-05'), (11, 2, '2024-01-06'), (12, 2, '2024-01-07'), (13, null, '2024-01-08')",
  );
});
afterEach(() => company.remove());

const shop = sqlite({ name: "shop", path: "./shop.sqlite" });
const jobs = ["customers", "orders"].map((table) =>
  defineJob({ name: table, source: shop, extract: { table }, into: { table, mode: "merge", key: "id" } }),
);
const fact = defineTable({
  name: "fact",
  sql: "select o.id as order_id, d.customer_version, d.city, d.placeholder from orders o left join dim_customer d on d.customer_id = o.customer_id and cast(o.at as timestamp) >= d.valid_from and (d.valid_until is null or cast(o.at as timestamp) < d.valid_until)",
});
const dimension = (changes?: Table["changes"]) =>
  defineTable({
    name: "dim_customer",
    kind: "dimension",
    key: "customer_id",
    sql: "select id as customer_id, city, cast(since as timestamp) as since from customers",
    ...(changes && { changes }),
    lateMembers: [{ table: "orders", columns: ["customer_id"] }],
  });
const load = (table: Table, day: string, tables: readonly Table[] = [table, fact]) =>
  company.load(jobs, { tables, now: () => new Date(`${day}T00:00:00Z`) });

describe("a member loaded after its facts", () => {
  it("has a placeholder that the later load fills, under the same version number and without a new version", async () => {
    const dim = dimension({ track: ["city"] });
    await load(dim, "2024-01-10");
    expect(await company.rows("select * from fact order by order_id")).toEqual([
      ["10", "1", "Ulm", false],
      ["11", "2", null, true],
      ["12", "2", null, true],
      ["13", null, null, null],
    ]);
    company.sql("insert into customers values (2, 'Kiel', '2024-01-02')");
    await load(dim, "2024-02-01");
    expect(await company.rows("select * from fact order by order_id")).toEqual([
      ["10", "1", "Ulm", false],
      ["11", "2", "Kiel", false],
      ["12", "2", "Kiel", false],
      ["13", null, null, null],
    ]);
    expect(await company.rows("select count(*), count(*) filter (placeholder) from dim_customer")).toEqual([
      ["2", "0"],
    ]);
    company.sql("update customers set city = 'Bonn' where id = 2");
    await load(dim, "2024-03-01");
    expect(
      await company.rows(
        "select city, valid_from::varchar, valid_until::varchar, customer_version from dim_customer where customer_id = 2 order by valid_from",
      ),
    ).toEqual([
      ["Kiel", "0001-01-01 00:00:00", "2024-03-01 00:00:00", "2"],
      ["Bonn", "2024-03-01 00:00:00", null, "3"],
    ]);
  });

  it("has the dates that it states", async () => {
    const dim = dimension({ track: ["city"], validFrom: "since" });
    await load(dim, "2024-01-10");
    company.sql("insert into customers values (2, 'Kiel', '2023-06-01')");
    await load(dim, "2024-02-01");
    expect(
      await company.rows(
        "select city, valid_from::varchar, valid_until, stated_from::varchar, customer_version, placeholder from dim_customer where customer_id = 2",
      ),
    ).toEqual([["Kiel", "0001-01-01 00:00:00", null, "2023-06-01 00:00:00", "2", false]]);
  });

  it("has a placeholder in a dimension without versions too, as long as facts need it", async () => {
    const dim = dimension();
    const plain = defineTable({
      name: "fact",
      sql: "select o.id, d.city, d.placeholder from orders o left join dim_customer d using (customer_id)",
    });
    await load(dim, "2024-01-10", [dim, plain]);
    expect(await company.rows("select customer_id, city, placeholder from dim_customer order by 1")).toEqual([
      ["1", "Ulm", false],
      ["2", null, true],
    ]);
    company.sql("insert into customers values (2, 'Kiel', '2024-01-02')");
    await load(dim, "2024-02-01", [dim, plain]);
    expect(await company.rows("select customer_id, city, placeholder from dim_customer order by 1")).toEqual([
      ["1", "Ulm", false],
      ["2", "Kiel", false],
    ]);
  });

  it("is refused for a table that is no dimension, and for an unknown table", async () => {
    const wrong = defineTable({ name: "f", key: "id", sql: "select 1 as id", lateMembers: [{ table: "nowhere" }] });
    await expect(company.load(jobs, { tables: [wrong] })).rejects.toMatchObject({
      problems: expect.objectContaining({ length: 2 }),
    });
  });
});
