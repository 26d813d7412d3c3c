import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { DuckDBInstance } from "duckdb";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createApp } from "../../../api/app.ts";
import { serveInstance } from "../../../engine/warehouse/serving.ts";
import { defineJob, files } from "../../../etl/index.ts";
import { sourcesOf } from "../../architecture/_sources.ts";
import { openSmallShop } from "../../api/support/small-shop.ts";
import { makeCompany } from "../../etl/_company.ts";

const LAUNCHER = new URL("../../../tessera.cjs", import.meta.url).pathname;
let instance: DuckDBInstance;
let folder: string;
beforeAll(async () => {
  instance = await DuckDBInstance.create(":memory:", { threads: "4" });
  folder = mkdtempSync(join(tmpdir(), "traps-"));
});
afterAll(() => {
  instance.closeSync();
  rmSync(folder, { recursive: true, force: true });
});

describe("the engine below", () => {
  test("trap 39: an error amid the rows of an answer is an error, never a short answer; nothing streams", async () => {
    const own = await DuckDBInstance.create(":memory:");
    const serving = await serveInstance(own);
    await expect(
      serving.run(
        "select case when i = 1500000 then error('broken in the middle') else i end as x from range(2000000) t(i)",
      ),
    ).rejects.toThrow("broken in the middle");
    await expect(
      serving.run("select sum(case when i < 50000000 then i * j end) from range(100000) a(i), range(100000) b(j)", [], {
        timeoutMs: 150,
      }),
    ).rejects.toMatchObject({ code: "timeout" });
    expect((await serving.run("select i from range(300000) t(i)")).rowCount).toBe(300_000);
    await serving.close();
    const streaming = ["engine", "etl", "api", "cubes"]
      .flatMap(sourcesOf)
      .filter(
        ({ text }) =>
          /\.(?:stream|streamAndRead\w*|startStream\w*)\(/.test(text) && /from "duckdb"|DuckDBConnection/.test(text),
      );
    expect(streaming.map(({ path }) => path)).toEqual([]);
  });

  test("trap 40: the launcher raises libuv's threads before anything runs, so queries leave files alone", async () => {
    const tell =
      "data:text/javascript,process.on('exit',()=>process.stderr.write('threads='+process.env.UV_THREADPOOL_SIZE+';'))";
    const run = promisify(execFile);
    const { UV_THREADPOOL_SIZE: _, ...env } = process.env;
    expect((await run(process.execPath, ["--import", tell, LAUNCHER, "--help"], { env })).stderr).toContain(
      "threads=16;",
    );
    const lines = readFileSync(LAUNCHER, "utf8")
      .split("\n")
      .filter((line) => !/^(#!|\/\/|\s*$)/.test(line));
    expect(lines[0]).toContain("process.env.UV_THREADPOOL_SIZE ??=");
    // six long queries at once, and a file is read in the meantime
    const connections = await Promise.all(Array.from({ length: 6 }, () => instance.connect()));
    writeFileSync(join(folder, "page.html"), "hello");
    const started = performance.now();
    const queries = connections.map((c) =>
      c.run("select count(*) from range(20000) a(i), range(2500) b(j) where (i * j) % 7 = 3"),
    );
    expect(await readFile(join(folder, "page.html"), "utf8")).toBe("hello");
    const read = performance.now() - started;
    await Promise.all(queries);
    expect(read).toBeLessThan((performance.now() - started) / 2);
    connections.forEach((c) => c.closeSync());
  });

  test("trap 41: sums of decimals are the same in every run on several threads; doubles agree within a tolerance", async () => {
    const connection = await instance.connect();
    await connection.run(
      "create table readings as select (hash(i) % 1000003 / 1000)::double as x, (hash(i) % 1000003 / 100)::decimal(14,2) as money from range(1500000) t(i)",
    );
    const exact = new Set<string>();
    const doubles: number[] = [];
    for (let i = 0; i < 15; i++) {
      const [row] = (
        await connection.runAndReadAll("select sum(money)::varchar, sum(x), stddev_samp(x) from readings")
      ).getRows();
      exact.add(String(row![0]));
      doubles.push(Number(row![1]));
    }
    expect(exact.size).toBe(1);
    for (const sum of doubles) expect(Math.abs(sum / doubles[0]! - 1)).toBeLessThan(1e-9);
    connection.closeSync();
  });

  test("trap 42: money in a file without declared types is inferred as a decimal, and sums exactly", async () => {
    const company = makeCompany();
    try {
      company.drop(
        "money.csv",
        `id,amount\n${Array.from({ length: 1000 }, (_x, i) => `${i},${(i / 100).toFixed(2)}`).join("\n")}\n`,
      );
      await company.load([
        defineJob({
          name: "money",
          source: files({ name: "drops", path: "./drops" }),
          extract: { file: "money.csv" },
          into: { table: "money", mode: "replace" },
        }),
      ]);
      expect(await company.rows("select typeof(any_value(amount)), sum(amount)::varchar from money")).toEqual([
        ["DECIMAL(10,2)", "4995.00"],
      ]);
      const connection = await instance.connect();
      expect(
        (
          await connection.runAndReadAll(
            `select any_value(typeof(amount)) from read_csv('${company.folder}/drops/money.csv')`,
          )
        ).getRows(),
      ).toEqual([["DOUBLE"]]); // the trap
      connection.closeSync();
    } finally {
      company.remove();
    }
  });

  test("trap 43: another definition of a measure is another ETag without a load", async () => {
    const small = await openSmallShop();
    try {
      const cubes = small.project.spec.cubes.map((c) =>
        c.name === "sales"
          ? {
              ...c,
              measures: {
                ...c.measures,
                revenue: {
                  ...c.measures["revenue"]!,
                  where: [{ member: "sales.channel", operator: "equals" as const, values: ["web"] }],
                },
              },
            }
          : c,
      );
      const link = `/v1/query?q=${encodeURIComponent('{"measures":["sales.revenue"]}')}`;
      const before = (await createApp({ project: small.project }).request(link)).headers.get("etag")!;
      const after = createApp({ project: { ...small.project, spec: { ...small.project.spec, cubes } } });
      expect((await after.request(link, { headers: { "If-None-Match": before } })).status).toBe(200);
    } finally {
      await small.close();
    }
  });
});
