import { printDuckdb } from "../../../engine/sql/print-duckdb.ts";
import { DuckDBInstance, type DuckDBConnection } from "duckdb";
import { expect, test } from "vitest";
import { resolveModel } from "../../../engine/model/resolve-model.ts";
import { approxCountDistinct, defineCube, type ProjectSpec } from "../../../engine/model/index.ts";
import { openEngine } from "../../../engine/query/answer/open-engine.ts";
import { buildRollups, type Built } from "../../../engine/rollup/index.ts";
import { readColumns } from "../../../engine/warehouse/columns.ts";
import type { Serving } from "../../../engine/warehouse/serving.ts";
import { project, sales, service, shopTables } from "../support/shop.ts";

const rollups = {
  daily: { dimensions: ["date.day", "customer.country"], measures: ["revenue", "lines", "web_revenue", "some_orders"] },
  timeless: { dimensions: ["product.category"], measures: ["revenue", "biggest"] },
};
const spec = {
  ...project,
  cubes: [
    defineCube({ ...sales, measures: { ...sales.measures, some_orders: approxCountDistinct("order_id") }, rollups }),
    service,
  ],
} as unknown as ProjectSpec;
const TABLES = ["rollup_sales_daily", "rollup_sales_daily_m3", "rollup_sales_timeless"];

async function build(
  connection: DuckDBConnection,
  out: string,
  previous?: string,
  changed?: (table: string) => boolean,
): Promise<Map<string, Built>> {
  await connection.run(`attach ':memory:' as ${out}`);
  const columns = new Map<string, Map<string, string>>();
  for (const [table, name, type] of (
    await connection.runAndReadAll(
      "select table_name, column_name, data_type from duckdb_columns() where not internal and database_name = 'memory'",
    )
  ).getRows() as [string, string, string][])
    columns.set(table, (columns.get(table) ?? new Map<string, string>()).set(name, type));
  const serving: Serving = {
    version: null,
    columns,
    spool: null,
    print: printDuckdb,
    run: async (text, parameters = []) =>
      readColumns(
        await connection.run(
          text,
          parameters.map((p) => p.value),
        ),
      ),
    using: (work) => work(connection),
    close: async () => {},
  };
  const engine = await openEngine({ catalog: resolveModel(spec).catalog, serving, today: () => 20_000 });
  return new Map(
    (await buildRollups(engine, connection, out, { ...(previous && { previous }), ...(changed && { changed }) })).map(
      (b) => [b.name, b],
    ),
  );
}

test("a rollup is rebuilt only where its facts or their members changed, and equals one that is built whole", async () => {
  const connection = await (await DuckDBInstance.create(":memory:")).connect();
  for (const statement of ["SET TimeZone = 'UTC'", ...shopTables]) await connection.run(statement);
  const first = await build(connection, "r0");
  expect(first.get("sales.daily")).toMatchObject({ computed: 18, parts: 18 });
  let n = 0;
  const step = async (
    statements: readonly string[],
    touched: readonly string[],
    daily: number,
    timeless: number,
  ): Promise<void> => {
    for (const statement of statements) await connection.run(statement);
    n++;
    const built = await build(connection, `r${n}`, `r${n - 1}`, (table) => touched.includes(table));
    expect([built.get("sales.daily")!.computed, built.get("sales.timeless")!.computed], statements.join()).toEqual([
      daily,
      timeless,
    ]);
    await build(connection, `whole${n}`);
    for (const table of TABLES) {
      const [[differences]] = (
        await connection.runAndReadAll(
          `select count(*) from ((from r${n}.${table} except all from whole${n}.${table}) union all (from whole${n}.${table} except all from r${n}.${table}))`,
        )
      ).getRows() as [[bigint]];
      expect(differences, `${table} after ${statements.join()}`).toBe(0n);
    }
  };
  await step([], [], 0, 0);
  await step([], ["sales", "customer", "product"], 0, 0); // touched, and the same rows came again
  await step(["update sales set amount = amount + 1 where sold_on = date '2024-05-06'"], ["sales"], 1, 1);
  await step(["update sales set cost = cost + 1"], ["sales"], 0, 0); // no measure of theirs
  await step(
    [
      "insert into sales select 900000 + i, 900000 + i, 1, 1, date '2025-08-01', null, 10, 1, 'web', 1 from range(3) r(i)",
      "delete from sales where sold_on between date '2024-02-01' and date '2024-02-10'",
    ],
    ["sales"],
    2,
    1,
  );
  await step(["insert into sales values (950000, 950000, 1, 1, null, null, 10, 1, 'web', 1)"], ["sales"], 1, 1); // an unknown date
  await step(
    ["delete from sales where sold_on is null or (sold_on >= date '2025-01-01' and sold_on < date '2025-02-01')"],
    ["sales"],
    0,
    1,
  ); // a month that is gone
  await step(["update customer set country = 'PL' where customer_id = 1 and valid_until is null"], ["customer"], 18, 0); // one who bought in every month
  await step(["update customer set city = 'Elsewhere'"], ["customer"], 0, 0); // no attribute of theirs
  await step(["update product set category = 'Category 9' where product_id = 2"], ["product"], 0, 1);
  // two equal rows more are a change
  await step(
    ["insert into sales select * from sales where sale_id = 5 union all select * from sales where sale_id = 5"],
    ["sales"],
    1,
    1,
  );
}, 60_000);
