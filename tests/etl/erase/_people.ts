/** A small company whose customers can be erased: an ERP, guests known by their address, a star with a map of identities. */
import { defineProject } from "../../../engine/index.ts";
import { defineJob, definePersons, defineTable, sqlite } from "../../../etl/index.ts";

export const shop = sqlite({ name: "shop", path: "./shop.sqlite" });
export const customers = defineJob({
  name: "customers",
  source: shop,
  extract: { table: "customers", cursor: "at", key: "no" },
  columns: { no: "varchar", name: "varchar", email: "varchar", born: "date", at: "varchar" },
  onReject: { quarantine: true, failAbove: "100%" },
  into: { table: "customers", mode: "merge", key: "no" },
});
export const orders = defineJob({
  name: "orders",
  source: shop,
  extract: { table: "orders" },
  columns: { id: "bigint", customer_no: "varchar", mail: "varchar", note: "varchar", amount: "decimal(10,2)" },
  into: { table: "orders", mode: "replace" },
});
export const map = defineTable({
  name: "who",
  kind: "bridge",
  sql: `select 'erp' as system, no as id, cast(substr(no, 2) as bigint) as customer_id from customers
  union select 'guest', lower(mail), coalesce((select min(cast(substr(no, 2) as bigint)) from customers c where lower(c.email) = lower(o.mail)), 500 + min(o.id) over (partition by lower(o.mail))) from orders o where customer_no is null`,
});
export const dim = defineTable({
  name: "dim_customer",
  kind: "dimension",
  key: "customer_id",
  sql: "select w.customer_id, any_value(c.name) as name, any_value(c.email) as email from who w left join customers c on w.system = 'erp' and w.id = c.no group by 1",
  after: ["who"],
});
export const fact = defineTable({
  name: "fact",
  sql: "select o.id, w.customer_id, o.amount, o.note from orders o join who w on w.system = case when o.customer_no is null then 'guest' else 'erp' end and w.id = coalesce(o.customer_no, lower(o.mail))",
  after: ["who"],
});
export const jobs = [customers, orders];
export const tables = [map, dim, fact];
export const persons = definePersons({
  dimension: "customer",
  key: "customer_id",
  identities: { table: "who", system: "system", id: "id", key: "customer_id" },
  tables: {
    customers: { system: "erp", by: "no", clear: ["name", "born"], alias: ["email"] },
    orders: [
      { system: "erp", by: "customer_no", alias: ["mail"] },
      { system: "guest", by: "mail" },
    ],
    dim_customer: { by: "customer_id", clear: ["name", "email"] },
  },
});
export const spec = defineProject({
  name: "test",
  warehouse: { path: "./warehouse", memoryLimit: "500MB", threads: 2 },
  dimensions: [],
  cubes: [],
  jobs,
  tables,
  persons,
});
