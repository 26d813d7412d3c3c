/**
 * A peer on the Star Schema Benchmark: Malloy's planning time beside ours, and its SQL beside ours on the same DuckDB. It is no
 * dependency (a second DuckDB and 260 MB): it is installed once into `node_modules/.cache`, or taken from the folder that TESSERA_PEERS names.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { ms, openFilled, pairs, quantile, table } from "./_bench.ts";
import { ssbTables } from "./ssb-data.ts";
import { QUESTIONS, ssbProject } from "./ssb.ts";

interface Loaded {
  getSQL(): Promise<string>;
}
interface Model {
  loadQuery(text: string): Loaded;
}
interface Malloy {
  readonly SingleConnectionRuntime: new (given: {
    connection: unknown;
    urlReader?: unknown;
  }) => { loadModel(text: string): Model };
}
interface MalloyDuckdb {
  readonly DuckDBConnection: new (
    name: string,
    path: string,
  ) => { runSQL(sql: string): Promise<unknown>; close(): Promise<void> };
}

const MODEL = `source: lines is duckdb.table('lineorder') extend {
  join_one: customer is duckdb.table('customer') on lo_custkey = customer.c_key
  join_one: supplier is duckdb.table('supplier') on lo_suppkey = supplier.s_key
  join_one: part is duckdb.table('part') on lo_partkey = part.p_key
  dimension: y is lo_orderdate.year
  measure: revenue is lo_revenue.sum()
  measure: discounted is sum(lo_extendedprice * lo_discount)
  measure: profit is sum(lo_revenue - lo_supplycost)
}`;
const UK = (who: string): string =>
  `(${who}_city = 'UNITED KI1' | 'UNITED KI5')`.replace(`${who}_`, `${who === "c" ? "customer" : "supplier"}.${who}_`);
const YEARS = "lo_orderdate >= @1992-01-01 and lo_orderdate < @1998-01-01";
const view = (where: string, by: string, aggregate: string, order: string): string =>
  `where: ${where}${by && `\n group_by: ${by}`}\n aggregate: ${aggregate}${order && `\n order_by: ${order}`}`;
const MALLOY: Readonly<Record<string, string>> = {
  "1.1": view(
    "lo_orderdate >= @1993-01-01 and lo_orderdate < @1994-01-01 and lo_discount >= 1 and lo_discount <= 3 and lo_quantity < 25",
    "",
    "discounted",
    "",
  ),
  "1.2": view(
    "lo_orderdate >= @1994-01-01 and lo_orderdate < @1994-02-01 and lo_discount >= 4 and lo_discount <= 6 and lo_quantity >= 26 and lo_quantity <= 35",
    "",
    "discounted",
    "",
  ),
  "1.3": view(
    "lo_orderdate >= @1994-02-07 and lo_orderdate < @1994-02-14 and lo_discount >= 5 and lo_discount <= 7 and lo_quantity >= 26 and lo_quantity <= 35",
    "",
    "discounted",
    "",
  ),
  "2.1": view(
    "part.p_category = 'MFGR#12' and supplier.s_region = 'AMERICA'",
    "y, part.p_brand",
    "revenue",
    "y, p_brand",
  ),
  "2.2": view(
    "part.p_brand >= 'MFGR#2221' and part.p_brand <= 'MFGR#2228' and supplier.s_region = 'ASIA'",
    "y, part.p_brand",
    "revenue",
    "y, p_brand",
  ),
  "2.3": view(
    "part.p_brand = 'MFGR#2239' and supplier.s_region = 'EUROPE'",
    "y, part.p_brand",
    "revenue",
    "y, p_brand",
  ),
  "3.1": view(
    `customer.c_region = 'ASIA' and supplier.s_region = 'ASIA' and ${YEARS}`,
    "customer.c_nation, supplier.s_nation, y",
    "revenue",
    "y, revenue desc, c_nation, s_nation",
  ),
  "3.2": view(
    `customer.c_nation = 'UNITED STATES' and supplier.s_nation = 'UNITED STATES' and ${YEARS}`,
    "customer.c_city, supplier.s_city, y",
    "revenue",
    "y, revenue desc, c_city, s_city",
  ),
  "3.3": view(
    `${UK("c")} and ${UK("s")} and ${YEARS}`,
    "customer.c_city, supplier.s_city, y",
    "revenue",
    "y, revenue desc, c_city, s_city",
  ),
  "3.4": view(
    `${UK("c")} and ${UK("s")} and lo_orderdate >= @1997-12-01 and lo_orderdate < @1998-01-01`,
    "customer.c_city, supplier.s_city, y",
    "revenue",
    "y, revenue desc, c_city, s_city",
  ),
  "4.1": view(
    "customer.c_region = 'AMERICA' and supplier.s_region = 'AMERICA' and (part.p_mfgr = 'MFGR#1' | 'MFGR#2')",
    "y, customer.c_nation",
    "profit",
    "y, c_nation",
  ),
  "4.2": view(
    "customer.c_region = 'AMERICA' and supplier.s_region = 'AMERICA' and (part.p_mfgr = 'MFGR#1' | 'MFGR#2') and lo_orderdate >= @1997-01-01 and lo_orderdate < @1999-01-01",
    "y, supplier.s_nation, part.p_category",
    "profit",
    "y, s_nation, p_category",
  ),
  "4.3": view(
    "customer.c_region = 'AMERICA' and supplier.s_nation = 'UNITED STATES' and part.p_category = 'MFGR#14' and lo_orderdate >= @1997-01-01 and lo_orderdate < @1999-01-01",
    "y, supplier.s_city, part.p_brand",
    "profit",
    "y, s_city, p_brand",
  ),
};

function installed(): string | null {
  const folder = fileURLToPath(new URL("../../node_modules/.cache/tessera-peers", import.meta.url));
  if (existsSync(join(folder, "node_modules/@malloydata/db-duckdb"))) return folder;
  mkdirSync(folder, { recursive: true });
  process.stderr.write("installing Malloy, 260 MB, once\n");
  // of antlr4ts a plain install takes a version that lacks its files
  const { status } = spawnSync(
    "npm",
    [
      "install",
      "--no-audit",
      "--no-fund",
      "--silent",
      "--prefix",
      folder,
      "@malloydata/malloy",
      "@malloydata/db-duckdb",
      "antlr4ts@0.5.0-alpha.4",
    ],
    { stdio: ["ignore", "ignore", "inherit"], timeout: 300_000 },
  );
  return status === 0 ? folder : null;
}

export async function malloy(scale = 1, times = 11): Promise<void> {
  const folder = process.env["TESSERA_PEERS"] ?? installed();
  if (folder === null) {
    process.stdout.write("\nMalloy: it cannot be installed here, left out\n");
    return;
  }
  const require = createRequire(join(resolve(folder), "package.json"));
  const { SingleConnectionRuntime } = require("@malloydata/malloy") as Malloy;
  const { DuckDBConnection } = require("@malloydata/db-duckdb") as MalloyDuckdb;
  const connection = new DuckDBConnection("duckdb", ":memory:");
  for (const statement of ssbTables(0.001)) await connection.runSQL(statement); // it asks for the tables' columns alone
  const model = new SingleConnectionRuntime({ connection }).loadModel(MODEL);
  const { engine, close } = await openFilled(ssbProject, ssbTables(scale));

  const rows: string[][] = [
    ["question", "Tessera plans ms", "Malloy plans ms", "Tessera answers ms", "Malloy's SQL ms", "Tessera / Malloy"],
  ];
  const [plans, theirs]: [number[], number[]] = [[], []];
  let [all, allTheirs] = [0, 0];
  for (const { name, query } of QUESTIONS) {
    const [own, other]: [number[], number[]] = [[], []];
    let sql = "";
    for (let i = 0; i < 12; i++) {
      const limit = 100_000 + i; // another limit is another plan
      const began = performance.now();
      engine.prepare({ ...query, limit });
      const between = performance.now();
      sql = await model.loadQuery(`run: lines -> { ${MALLOY[name]!}\n limit: ${limit} }`).getSQL();
      if (i >= 2) {
        own.push(between - began);
        other.push(performance.now() - between);
      }
    }
    plans.push(...own);
    theirs.push(...other);
    const value = (v: unknown): unknown => (typeof v === "string" && /^\d{4}-01-01/.test(v) ? v.slice(0, 10) : v);
    const read = await engine.serving.run(sql);
    const found = (await engine.query(query)).rows.map((row) => JSON.stringify(Object.values(row))).sort();
    const columns = read.columns.filter((_, c) => !read.names[c]!.startsWith("__"));
    const want = Array.from({ length: read.rowCount }, (_, r) =>
      JSON.stringify(columns.map((column) => value(column[r]))),
    ).sort();
    const sorted = (lines: readonly string[]): string =>
      lines
        .map((line) => JSON.stringify((JSON.parse(line) as unknown[]).map(String).sort()))
        .sort()
        .join();
    if (sorted(found) !== sorted(want))
      throw new Error(`question ${name}: ${found[0]} and ${want[0]}, ${found.length} and ${want.length} rows`);
    const { a, b, ratio } = await pairs(
      times,
      () => engine.query(query),
      () => engine.serving.run(sql),
    );
    all += a;
    allTheirs += b;
    rows.push([name, ms(quantile(own, 0.5)), ms(quantile(other, 0.5)), ms(a), ms(b), ratio.toFixed(2)]);
  }
  rows.push(["all thirteen", "", "", ms(all), ms(allTheirs), (all / allTheirs).toFixed(2)]);
  table(
    `Malloy on the Star Schema Benchmark, scale ${scale}; the same rows, the same DuckDB; its SQL is prepared and holds its values, ours takes them as parameters`,
    rows,
  );
  process.stdout.write(
    `planning p50 / p95: Tessera ${ms(quantile(plans, 0.5))} / ${ms(quantile(plans, 0.95))} ms, Malloy ${ms(quantile(theirs, 0.5))} / ${ms(quantile(theirs, 0.95))} ms\n`,
  );
  await connection.close();
  await close();
}
