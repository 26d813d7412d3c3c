/**
 * Rows a second from each kind of source, beside DuckDB's plain reading of the same rows. Run: `npx tsx tests/bench/load.bench.ts [rows] [memory limit]`.
 * PostgreSQL runs on the same cores as the load. Times include staging, publication and checksums; `extract` is the reading alone.
 */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "duckdb";
import Database from "libsql";
import { defineProject } from "../../engine/index.ts";
import { defineJob, env, files, loadInProcess, postgres, sqlite, type Job } from "../../etl/index.ts";
import { startPostgres } from "../etl/_postgres.ts";
import { loadPostgres } from "./load-postgres.ts";

const rows = Number(process.argv[2] ?? 1_000_000);
const memoryLimit = process.argv[3] ?? "1GB";
const folder = mkdtempSync(join(tmpdir(), "tessera-bench-"));
mkdirSync(join(folder, "drops"));

const SELECT = `SELECT i::BIGINT AS id, (i % 50000)::INTEGER AS customer_id, (i % 900)::INTEGER AS product_id, (TIMESTAMP '2024-01-01' + to_seconds(i))::TIMESTAMP AS sold_at,
  ((i * 37 % 100000) / 100)::DECIMAL(12,2) AS amount, (i % 7)::INTEGER AS quantity, CASE i % 3 WHEN 0 THEN 'open' WHEN 1 THEN 'closed' ELSE 'won' END AS status, 'order note number ' || i AS note FROM range(${rows}) AS t(i)`;
const COLUMNS = {
  id: "bigint",
  customer_id: "integer",
  product_id: "integer",
  sold_at: "timestamp",
  amount: "decimal(12,2)",
  quantity: "integer",
  status: "varchar",
  note: "varchar",
} as const;

const duck = await (await DuckDBInstance.create(":memory:")).connect();
const timed = async (body: () => Promise<unknown>): Promise<number> => {
  const from = performance.now();
  await body();
  return (performance.now() - from) / 1000;
};

interface Line {
  readonly source: string;
  readonly plain: number;
  readonly extract: number;
  readonly whole: number;
}
const lines: Line[] = [];

async function measure(
  source: string,
  job: Job,
  plain: number,
  environment: Record<string, string> = {},
): Promise<void> {
  let began = 0;
  let read = 0;
  const whole = await timed(() =>
    loadInProcess({
      spec: defineProject({
        name: "bench",
        warehouse: { path: `./warehouse-${source}`, memoryLimit },
        dimensions: [],
        cubes: [],
        jobs: [job],
      }),
      folder,
      environment,
      onProgress: ({ kind, stage }) => {
        if (kind !== "job") return;
        if (stage === "extract" && began === 0) began = performance.now();
        if (stage === "stage") read = (performance.now() - began) / 1000;
      },
    }),
  );
  lines.push({ source, plain, extract: read, whole });
}

await duck.run(`COPY (${SELECT}) TO '${folder}/drops/sales.ndjson'`);
await duck.run(`COPY (${SELECT}) TO '${folder}/drops/sales.csv'`);
const types =
  "{id: 'BIGINT', customer_id: 'INTEGER', product_id: 'INTEGER', sold_at: 'TIMESTAMP', amount: 'DECIMAL(12,2)', quantity: 'INTEGER', status: 'VARCHAR', note: 'VARCHAR'}";
const drops = files({ name: "drops", path: "./drops" });
const plainFile = async (sql: string): Promise<number> => {
  await duck.run(`ATTACH '${folder}/plain.duckdb' AS plain`);
  const seconds = await timed(() => duck.run(`CREATE TABLE plain.t AS ${sql}`));
  await duck.run("DETACH plain");
  rmSync(join(folder, "plain.duckdb"));
  return seconds;
};
await measure(
  "csv",
  defineJob({
    name: "csv",
    source: drops,
    extract: { file: "sales.csv" },
    columns: COLUMNS,
    into: { table: "t", mode: "merge", key: "id" },
  }),
  await plainFile(`SELECT * FROM read_csv('${folder}/drops/sales.csv', columns = ${types})`),
);
const plainJson = await plainFile(`SELECT * FROM read_ndjson('${folder}/drops/sales.ndjson', columns = ${types})`);
await measure(
  "ndjson",
  defineJob({
    name: "ndjson",
    source: drops,
    extract: { file: "sales.ndjson" },
    columns: COLUMNS,
    into: { table: "t", mode: "merge", key: "id" },
  }),
  plainJson,
);

const database = new Database(join(folder, "shop.sqlite"));
database.exec(
  "create table sales (id integer primary key, customer_id integer, product_id integer, sold_at timestamp, amount decimal(12,2), quantity integer, status text, note text)",
);
database.exec(
  `insert into sales with recursive n(i) as (select 0 union all select i + 1 from n where i < ${rows - 1}) select i, i % 50000, i % 900, datetime(1704067200 + i, 'unixepoch'), (i * 37 % 100000) / 100.0, i % 7, case i % 3 when 0 then 'open' when 1 then 'closed' else 'won' end, 'order note number ' || i from n`,
);
database.close();
await measure(
  "sqlite",
  defineJob({
    name: "sqlite",
    source: sqlite({ name: "shop", path: "./shop.sqlite" }),
    extract: { table: "sales" },
    into: { table: "t", mode: "merge", key: "id" },
  }),
  plainJson,
);

const server = await startPostgres();
await server.query(
  `create table sales as select i::int8 as id, (i % 50000)::int4 as customer_id, (i % 900)::int4 as product_id, timestamp '2024-01-01' + i * interval '1 second' as sold_at, ((i::int8 * 37 % 100000) / 100.0)::numeric(12,2) as amount, (i % 7)::int4 as quantity,
  case i % 3 when 0 then 'open' when 1 then 'closed' else 'won' end as status, 'order note number ' || i as note from generate_series(0, ${rows - 1}) i`,
  "analyze sales",
);
await measure(
  "postgres",
  defineJob({
    name: "postgres",
    source: postgres({ name: "erp", url: env("ERP") }),
    extract: { table: "sales" },
    into: { table: "t", mode: "merge", key: "id" },
  }),
  plainJson,
  { ERP: server.url },
);
await server.stop();

const rate = (seconds: number): string => `${Math.round(rows / seconds / 1000).toLocaleString("en")} k/s`.padStart(10);
process.stdout.write(
  `${rows.toLocaleString("en")} rows of 8 columns; plain: DuckDB's own CREATE TABLE AS into a file, of the NDJSON for databases\n`,
);
process.stdout.write(
  `${"source".padEnd(10)}${"plain".padStart(10)}${"extract".padStart(10)}${"whole load".padStart(12)}   whole / plain\n`,
);
for (const { source, plain, extract, whole } of lines)
  process.stdout.write(
    `${source.padEnd(10)}${rate(plain)}${rate(extract)}${rate(whole).padStart(12)}   ${(whole / plain).toFixed(2)} × the time\n`,
  );
process.stdout.write(`largest memory of the process: ${Math.round(process.resourceUsage().maxRSS / 1024)} MB\n`);
rmSync(folder, { recursive: true, force: true });
await loadPostgres();
process.exit(0);
