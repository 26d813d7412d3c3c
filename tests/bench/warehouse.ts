/**
 * What a load costs beside the rows that it changes: merges into 5 million rows, publication and rollback; then 120,000 changes to a table of
 * 25 million (`warehouse=10` takes other millions) that lies in one file, and to the same in segments: seconds and bytes written, and what queries take.
 */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "duckdb";
import { defineProject } from "../../engine/index.ts";
import { currentVersion, versionName, type Manifest } from "../../engine/warehouse/index.ts";
import { openServing } from "../../engine/warehouse/serving.ts";
import { defineJob, files, loadInProcess, rollbackLoad, type RunSummary } from "../../etl/index.ts";
import { ms, pairs, table, timed } from "./_bench.ts";

const CHANGES = 120_000;
/** Ten years of sales in the order of their dates; numbers that no pattern compresses. */
const sales = (
  from: string,
  amount: string,
): string => `SELECT i AS id, DATE '2015-01-01' + (i * 3650 // N)::INTEGER AS ordered_on, (hash(i) % 60000)::INTEGER AS customer_id, (hash(i, 1) % 900)::INTEGER AS product_id,
  (${amount})::DECIMAL(12,2) AS amount, (hash(i, 2) % 7)::INTEGER AS quantity, CASE hash(i, 3) % 3 WHEN 0 THEN 'open' WHEN 1 THEN 'closed' ELSE 'won' END AS status, 'note ' || hash(i, 4) % 5000 AS note FROM ${from} AS r(i)`;

interface Done {
  readonly run: RunSummary;
  readonly seconds: number;
  readonly publish: number;
  readonly written: number;
  readonly files: number;
}

async function company(
  rows: number,
  segmented: boolean,
  work: (load: (name: string, from: string, amount: string) => Promise<Done>, warehouse: string) => Promise<void>,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "tessera-bench-"));
  mkdirSync(join(folder, "drops"));
  const job = defineJob({
    name: "sales",
    source: files({ name: "drops", path: "./drops" }),
    extract: { file: "*.parquet" },
    columns: {
      id: "bigint",
      ordered_on: "date",
      customer_id: "integer",
      product_id: "integer",
      amount: "decimal(12,2)",
      quantity: "integer",
      status: "varchar",
      note: "varchar",
    },
    into: {
      table: "sales",
      mode: "merge",
      key: "id",
      ...(segmented && { segments: { by: "ordered_on", rows: 1_000_000 } }),
    },
  });
  const spec = defineProject({
    name: "bench",
    warehouse: { path: "./warehouse", memoryLimit: "2GB" },
    dimensions: [],
    cubes: [],
    jobs: [job],
  });
  const warehouse = join(folder, "warehouse");
  try {
    await work(async (name, from, amount) => {
      const instance = await DuckDBInstance.create(":memory:", {
        memory_limit: "1GB",
        temp_directory: join(folder, "temp"),
      });
      const connection = await instance.connect();
      await connection.run(
        `COPY (${sales(from, amount).replaceAll("N)", `${rows})`)}) TO '${join(folder, "drops", name)}.parquet'`,
      );
      connection.closeSync();
      instance.closeSync();
      let writing = 0;
      let run: RunSummary | undefined;
      let end = 0;
      const seconds =
        (await timed(async () => {
          run = await loadInProcess({
            spec,
            folder,
            environment: {},
            onProgress: ({ stage, message }) => {
              if (stage === "publish" && message === "writing") writing = performance.now();
            },
            onPublish: (step) => {
              if (step === "pointer") end = performance.now();
            },
          });
        })) / 1000;
      const manifest = (await currentVersion(warehouse))!.manifest;
      const own = manifest.files.filter((file) => file.path.startsWith(`files/${versionName(manifest.version)}-`));
      return {
        run: run!,
        seconds,
        publish: (end - writing) / 1000,
        written: own.reduce((sum, file) => sum + file.bytes, 0),
        files: own.length,
      };
    }, warehouse);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const s = (seconds: number): string => `${seconds.toFixed(seconds < 10 ? 2 : 1)} s`;
const mb = (bytes: number): string => `${Math.round(bytes / 1e6).toLocaleString("en")} MB`;

export async function warehouse(millions = 25): Promise<void> {
  const five = 5_000_000;
  await company(five, false, async (load, folder) => {
    const lines = [["merge into 5 M rows", "whole load", "publication", "written"]];
    const say = (what: string, done: Done): void =>
      void lines.push([what, s(done.seconds), s(done.publish), mb(done.written)]);
    say("the first load", await load("0", `range(${five})`, "hash(i, 5) % 100000 / 100.0"));
    for (let i = 1; i <= 3; i++)
      say(
        `${CHANGES.toLocaleString("en")} spread changes`,
        await load(
          String(i),
          `(SELECT range * ${Math.floor(five / CHANGES)} FROM range(${CHANGES}))`,
          `${i} + i % 100`,
        ),
      );
    const last = await load("4", `range(${five}, ${five + 1000})`, "1");
    say("1,000 new rows", last);
    const back = await timed(() => rollbackLoad(folder, last.run.id));
    table("One file", [...lines, ["rollback", `${ms(back)} ms`, "", ""]]);
  });

  const rows = millions * 1_000_000;
  const recent = `range(${rows - CHANGES + 5000}, ${rows + 5000})`;
  const kinds: readonly (readonly [string, string, string, string])[] = [
    ["the first load", "0", `range(${rows})`, "hash(i, 5) % 100000 / 100.0"],
    [`${CHANGES.toLocaleString("en")} recent rows`, "1", recent, "1 + i % 100"],
    ["the same once more", "2", recent, "2 + i % 100"],
    [
      `${CHANGES.toLocaleString("en")} spread changes`,
      "3",
      `(SELECT range * ${Math.floor(rows / CHANGES)} FROM range(${CHANGES}))`,
      "3 + i % 100",
    ],
  ];
  const found = new Map<boolean, Done[]>();
  const asked: string[][] = [["a query, warm", "ms"]];
  for (const segmented of [false, true]) {
    await company(rows, segmented, async (load, folder) => {
      found.set(segmented, []);
      for (const [, name, from, amount] of kinds) found.get(segmented)!.push(await load(name, from, amount));
      await ask((await currentVersion(folder))!.manifest, folder, segmented ? "segments" : "one file", asked);
    });
  }
  const [one, cut] = [found.get(false)!, found.get(true)!];
  table(`${millions} M rows by key: one file and ${cut[0]!.files - 1} segments`, [
    ["load", "one file", "segments", "publication", "of segments", "written", "of segments", "files"],
    ...kinds.map(([what], i) => [
      what,
      s(one[i]!.seconds),
      s(cut[i]!.seconds),
      s(one[i]!.publish),
      s(cut[i]!.publish),
      mb(one[i]!.written),
      mb(cut[i]!.written),
      String(cut[i]!.files),
    ]),
  ]);
  table("Queries", asked);
}

async function ask(manifest: Manifest, folder: string, what: string, lines: string[][]): Promise<void> {
  const serving = await openServing(folder, manifest, { tempDirectory: join(folder, "served"), connections: 1 });
  try {
    const sql = (a: string, b: string): string =>
      `SELECT status, count(*), sum(amount) FROM sales WHERE ordered_on >= CAST(${a} AS DATE) AND ordered_on < CAST(${b} AS DATE) GROUP BY 1`;
    for (const [name, from, until] of [
      ["a week", "2024-11-01", "2024-11-08"],
      ["a year", "2023-07-01", "2024-07-01"],
      ["ten years", "2015-01-01", "2025-01-01"],
    ] as const) {
      const parameters = [
        { value: from, type: "text" },
        { value: until, type: "text" },
      ] as const;
      const { a, b } = await pairs(
        9,
        () => serving.run(sql("$1", "$2"), parameters),
        () => serving.run(sql("$1", "$2"), parameters, { folded: sql("getvariable('p1')", "getvariable('p2')") }),
      );
      lines.push([`${name}, ${what}: planned anew`, ms(a)], [`${name}, ${what}: plan kept`, ms(b)]);
    }
  } finally {
    await serving.close();
  }
}
