import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  awaitLease,
  copyForWriting,
  currentVersion,
  leaseHolder,
  logUsage,
  openForWriting,
  openState,
  pinnedVersions,
  pinVersion,
  publishVersion,
  takeLease,
} from "../../../engine/warehouse/index.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tessera-state-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("the guard of DuckDB files", () => {
  it("F16: a second opening for writing in one process is refused, and works after the first is closed", async () => {
    const path = join(folder, "a.duckdb");
    const options = { tempDirectory: join(folder, "temp") };
    const writer = await openForWriting({ a: path }, options);
    await expect(openForWriting({ b: path }, options)).rejects.toMatchObject({ code: "file-busy" });
    await writer.close();
    await (await openForWriting({ b: path }, options)).close();
  });

  it("F16: a worker of the same process is refused as well, and so is another process", async () => {
    const path = join(folder, "a.duckdb");
    const writer = await openForWriting({ a: path }, { tempDirectory: join(folder, "temp") });
    const open = new URL("../../../engine/warehouse/open.ts", import.meta.url).href;
    const code = (tell: string): string =>
      `import(${JSON.stringify(new URL("../../../sources.mjs", import.meta.url).href)}).then(() => import(${JSON.stringify(open)})).then(({ openForWriting }) => openForWriting({ b: ${JSON.stringify(path)} }, { tempDirectory: ${JSON.stringify(join(folder, "other"))} })).then(() => "opened", (error) => error.code).then((told) => ${tell});`;
    const worker = new Worker(code('require("node:worker_threads").parentPort.postMessage(told)'), { eval: true });
    expect(await once(worker, "message")).toEqual(["file-busy"]);
    await worker.terminate();
    expect(execFileSync(process.execPath, ["-e", code("console.log(told)")], { encoding: "utf8" }).trim()).toBe(
      "file-busy",
    );
    await writer.connection.run("CREATE TABLE t AS SELECT 1 AS n");
    await writer.close();
  });

  it("F16: a file that is being built is neither published nor opened again", async () => {
    const path = join(folder, "a.duckdb");
    const writer = await openForWriting({ a: path }, { tempDirectory: join(folder, "temp") });
    await writer.connection.run("CREATE TABLE t AS SELECT 1 AS n; CHECKPOINT");
    await expect(publishVersion(folder, { base: null, run: "r", files: { main: path } })).rejects.toMatchObject({
      code: "file-busy",
    });
    expect(await currentVersion(folder)).toBeUndefined();
    await writer.close();
    expect((await publishVersion(folder, { base: null, run: "r", files: { main: path } })).version).toBe(1);
  });

  it("F16: a file is not copied live, while it is open for writing", async () => {
    const path = join(folder, "a.duckdb");
    const writer = await openForWriting({ a: path }, { tempDirectory: join(folder, "temp") });
    expect(() => copyForWriting(path, join(folder, "b.duckdb"))).toThrow(/open for writing/);
    expect(existsSync(join(folder, "b.duckdb"))).toBe(false);
    await writer.close();
    copyForWriting(path, join(folder, "b.duckdb"));
  });

  it("a lock left by a process that is gone is taken over", async () => {
    const path = join(folder, "a.duckdb");
    const gone = Number(execFileSync(process.execPath, ["-p", "process.pid"], { encoding: "utf8" }));
    writeFileSync(`${path}.lock`, JSON.stringify({ pid: gone, started: "1" }));
    const writer = await openForWriting({ a: path }, { tempDirectory: join(folder, "temp") });
    expect(JSON.parse(readFileSync(`${path}.lock`, "utf8"))).toMatchObject({ pid: process.pid });
    await writer.close();
    expect(existsSync(`${path}.lock`)).toBe(false);
  });
});

describe("the lease", () => {
  it("is held by one process at a time, which the error names", () => {
    const state = openState(folder);
    const lease = takeLease(state, "run-1");
    expect(() => takeLease(state, "run-2")).toThrow(/run run-1 has been writing the warehouse/);
    expect(leaseHolder(state)).toMatchObject({ run: "run-1", pid: process.pid });
    lease.release();
    takeLease(state, "run-2").release();
    state.close();
  });

  it("F13: whose process number was given to another process is stale", () => {
    const state = openState(folder);
    state.prepare("INSERT INTO leases VALUES ('warehouse', 'old', ?, 'another start', '2020')").run(process.pid);
    expect(leaseHolder(state)).toBeUndefined();
    takeLease(state, "new").release();
    state.close();
  });

  it("is waited for", async () => {
    const state = openState(folder);
    const lease = takeLease(state, "run-1");
    let released = false;
    setTimeout(() => {
      expect(leaseHolder(state)).toMatchObject({ run: "run-1" });
      released = true;
      lease.release();
    }, 150);
    const next = await awaitLease(state, "run-2", 60_000);
    expect(released).toBe(true);
    expect(leaseHolder(state)).toMatchObject({ run: "run-2" });
    next.release();
    expect(leaseHolder(state)).toBeUndefined();
    const held = takeLease(state, "run-3");
    await expect(awaitLease(state, "run-4", 0)).rejects.toMatchObject({ code: "lease-held" });
    held.release();
    state.close();
  });
});

describe("the state", () => {
  it("is opened twice and migrated once", () => {
    const one = openState(folder);
    const two = openState(folder);
    pinVersion(one, 3, "a report");
    expect(pinnedVersions(two)).toEqual([3]);
    expect(pinnedVersions(two, new Date(Date.now() + 500 * 86_400_000))).toEqual([]);
    logUsage(two, {
      caller: "owner",
      kind: "query",
      members: ["sales.revenue"],
      milliseconds: 3.5,
      rows: 2,
      status: "ok",
    });
    expect(one.prepare("SELECT caller, members, rows FROM query_log").all()).toEqual([
      { caller: "owner", members: "sales.revenue", rows: 2 },
    ]);
    one.close();
    two.close();
  });

  it("of a newer schema is refused", () => {
    const state = openState(folder);
    state.exec("PRAGMA user_version = 99");
    state.close();
    expect(() => openState(folder)).toThrow(/newer Tessera/);
  });
});
