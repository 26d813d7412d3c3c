/** One read of PostgreSQL in a process of its own, so that its memory can be measured: `{ route, url, table, folder, memory, parallel }` as JSON. */
import { join } from "node:path";
import { DuckDBInstance } from "duckdb";
import pg from "pg";
import QueryStream from "pg-query-stream";
import { defineProject } from "../../engine/index.ts";
import { defineJob, env, loadInProcess, postgres } from "../../etl/index.ts";

export interface ReadOrder {
  readonly route: "tessera" | "query-stream";
  readonly url: string;
  readonly table: string;
  readonly folder: string;
  readonly memory: string;
  readonly parallel: number;
}
/** Seconds of the reading alone, and of all until the rows can be queried; megabytes at most. */
export interface ReadFigures {
  readonly extract: number;
  readonly whole: number;
}

const order = JSON.parse(process.argv[2]!) as ReadOrder;
const began = performance.now();
const since = (): number => (performance.now() - began) / 1000;
const figures = order.route === "tessera" ? await throughTessera() : await throughQueryStream();
process.stdout.write(`${JSON.stringify(figures)}\n`);
process.exit(0);

async function throughTessera(): Promise<ReadFigures> {
  let [from, extract] = [0, 0];
  const job = defineJob({
    name: "sales",
    source: postgres({ name: "erp", url: env("ERP") }),
    extract: { table: order.table, ...(order.parallel > 1 && { parallel: order.parallel }) },
    into: { table: "sales", mode: "replace" },
  });
  await loadInProcess({
    spec: defineProject({
      name: "bench",
      warehouse: { path: "./warehouse", memoryLimit: order.memory, threads: 2 },
      dimensions: [],
      cubes: [],
      jobs: [job],
    }),
    folder: order.folder,
    environment: { ERP: order.url },
    onProgress: ({ kind, stage, name }) => {
      if (kind !== "job" || name !== "sales") return;
      if (stage === "extract" && from === 0) from = since();
      if (stage === "stage" && extract === 0) extract = since() - from;
    },
  });
  return { extract, whole: since() - from };
}

/** What one writes without Tessera: rows as arrays from a cursor, appended value by value. */
async function throughQueryStream(): Promise<ReadFigures> {
  const instance = await DuckDBInstance.create(join(order.folder, "plain.duckdb"), {
    memory_limit: order.memory,
    threads: "2",
  });
  const connection = await instance.connect();
  await connection.run(
    "CREATE TABLE sales (id BIGINT, customer_id INTEGER, product_id INTEGER, sold_at TIMESTAMP, amount DECIMAL(12,2), quantity INTEGER, status VARCHAR, note VARCHAR)",
  );
  const appender = await connection.createAppender("sales");
  const client = new pg.Client({ connectionString: order.url });
  await client.connect();
  const from = since();
  const stream = client.query(
    new QueryStream(
      `SELECT id, customer_id, product_id, sold_at::text, amount, quantity, status, note FROM ${order.table}`,
      [],
      { rowMode: "array", batchSize: 5_000 },
    ),
  );
  const { DuckDBDecimalValue, DuckDBTimestampValue } = await import("duckdb");
  for await (const row of stream as AsyncIterable<[string, number, number, string, string, number, string, string]>) {
    appender.appendBigInt(BigInt(row[0]));
    appender.appendInteger(row[1]);
    appender.appendInteger(row[2]);
    appender.appendTimestamp(new DuckDBTimestampValue(BigInt(Date.parse(`${row[3].replace(" ", "T")}Z`)) * 1000n));
    appender.appendDecimal(new DuckDBDecimalValue(BigInt(row[4].replace(".", "")), 12, 2));
    appender.appendInteger(row[5]);
    appender.appendVarchar(row[6]);
    appender.appendVarchar(row[7]);
    appender.endRow();
  }
  appender.closeSync();
  const extract = since() - from;
  await connection.run("CHECKPOINT");
  return { extract, whole: since() - from };
}
