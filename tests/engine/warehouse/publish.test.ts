import {
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  currentVersion,
  filePath,
  listVersions,
  makeWorkFolder,
  openForWriting,
  publishVersion,
  readPointer,
  rollBack,
  sweep,
  type Manifest,
} from "../../../engine/warehouse/index.ts";
import { copyForWriting } from "../../../engine/warehouse/index.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tessera-warehouse-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A version in which table `t` has the numbers up to `rows`. */
async function publish(run: string, base: Manifest | null, rows: number): Promise<Manifest> {
  const work = makeWorkFolder(folder, run);
  const path = join(work, "main.duckdb");
  const from = filePath(folder, base, "main");
  if (from) copyForWriting(from, path);
  const writer = await openForWriting({ warehouse: path }, { tempDirectory: join(work, "temp") });
  await writer.connection.run("CREATE OR REPLACE TABLE t AS SELECT range AS n FROM range($1::BIGINT)", [BigInt(rows)]);
  await writer.close();
  return publishVersion(folder, { base, run, files: { main: path }, watermarks: { job: run } });
}

function flipByte(path: string): void {
  const handle = openSync(path, "r+");
  writeSync(handle, Buffer.from([0xff, 0x00, 0xff]), 0, 3, 5000);
  closeSync(handle);
}

describe("publishing", () => {
  it("an empty folder has no version", async () => {
    expect(await currentVersion(folder)).toBeUndefined();
  });

  it("a published version is current, with its tables, rows and watermarks in the manifest", async () => {
    const first = await publish("run-1", null, 5);
    expect(first.files[0]!.tables).toEqual([{ name: "t", rows: 5, columns: [{ name: "n", type: "BIGINT" }] }]);
    const second = await publish("run-2", first, 7);
    const current = await currentVersion(folder);
    expect(current!.manifest.version).toBe(2);
    expect(current!.manifest.parent).toBe(1);
    expect(current!.manifest.watermarks).toEqual({ job: "run-2" });
    expect(current!.warnings).toEqual([]);
    expect(second.files[0]!.path).toBe("files/000002-main.duckdb");
  });

  it("files that a publication does not replace are carried along", async () => {
    const first = await publish("run-1", null, 5);
    const work = makeWorkFolder(folder, "labels");
    const writer = await openForWriting({ labels: join(work, "l.duckdb") }, { tempDirectory: join(work, "temp") });
    await writer.connection.run("CREATE TABLE labels.rfm AS SELECT 1 AS customer_id");
    await writer.close();
    const second = await publishVersion(folder, {
      base: first,
      run: "mine-1",
      files: { labels_rfm: join(work, "l.duckdb") },
    });
    expect(second.files.map((file) => file.path)).toEqual([
      "files/000001-main.duckdb",
      "files/000002-labels_rfm.duckdb",
    ]);
    expect(second.watermarks).toEqual({ job: "run-1" });
    const third = await publishVersion(folder, { base: second, run: "erase-1", files: {}, without: ["labels_rfm"] });
    expect(third.files.map((file) => file.path)).toEqual(["files/000001-main.duckdb"]);
  });

  it("F16: a file that was not closed is refused", async () => {
    const path = join(folder, "x.duckdb");
    writeFileSync(path, "");
    writeFileSync(`${path}.wal`, "");
    await expect(publishVersion(folder, { base: null, run: "r", files: { main: path } })).rejects.toMatchObject({
      code: "version-damaged",
    });
    expect(await currentVersion(folder)).toBeUndefined();
  });
});

describe("damage", () => {
  it("F15: after a flipped byte the last good version is served, with a warning", async () => {
    const first = await publish("run-1", null, 5);
    const second = await publish("run-2", first, 7000);
    flipByte(join(folder, second.files[0]!.path));
    const current = await currentVersion(folder);
    expect(current!.manifest.version).toBe(1);
    expect(current!.warnings.map((warning) => warning.message).join("; ")).toMatch(
      /000002-main.duckdb of version 2 does not match its checksum.*version 1 .* is served instead/,
    );
  });

  it("F15: a missing file and a pointer to nothing fall back as well", async () => {
    const first = await publish("run-1", null, 5);
    const second = await publish("run-2", first, 7);
    rmSync(join(folder, second.files[0]!.path));
    expect((await currentVersion(folder))!.manifest.version).toBe(1);
    writeFileSync(join(folder, "current"), "77\n");
    expect((await currentVersion(folder))!.manifest.version).toBe(1);
    rmSync(join(folder, "current"));
    expect((await currentVersion(folder))!.warnings[0]!.message).toMatch(/pointer/);
  });

  it("with no whole version left, the error names what is broken", async () => {
    const first = await publish("run-1", null, 5);
    rmSync(join(folder, first.files[0]!.path));
    await expect(currentVersion(folder)).rejects.toMatchObject({ code: "version-damaged" });
  });
});

describe("rolling back", () => {
  it("takes the run and what came after it back, in one rename", async () => {
    const first = await publish("run-1", null, 1);
    const second = await publish("run-2", first, 2);
    await publish("run-3", second, 3);
    const files = (): string[] => readdirSync(join(folder, "files")).sort();
    const before = files().map((name) => [name, statSync(join(folder, "files", name)).ino]);
    expect(await rollBack(folder, "run-2")).toEqual({ from: 3, to: 1, runs: ["run-3", "run-2"] });
    expect(files().map((name) => [name, statSync(join(folder, "files", name)).ino])).toEqual(before);
    expect((await currentVersion(folder))!.manifest.run).toBe("run-1");
    await expect(rollBack(folder, "run-3")).rejects.toMatchObject({ code: "not-found" });
    const next = await publish("run-4", first, 4);
    expect(next).toMatchObject({ version: 4, parent: 1 });
  });

  it("the first load cannot be taken back", async () => {
    await publish("run-1", null, 1);
    await expect(rollBack(folder, "run-1")).rejects.toMatchObject({ code: "version-gone" });
  });
});

describe("sweeping", () => {
  it("keeps the last versions, the last of each day and pinned ones, and removes files that no manifest names", async () => {
    let base: Manifest | null = null;
    for (let n = 1; n <= 6; n++) base = await publish(`run-${n}`, base, n);
    writeFileSync(join(folder, "files", "stray.duckdb"), "x");
    makeWorkFolder(folder, "dead");
    makeWorkFolder(folder, "alive");
    const swept = sweep(folder, ["alive"], new Date(), { last: 2, pinned: [2] });
    expect(listVersions(folder).map((each) => each.version)).toEqual([6, 5, 2]);
    expect(swept.files).toContain("stray.duckdb");
    expect(readdirSync(join(folder, "files")).sort()).toEqual([
      "000002-main.duckdb",
      "000005-main.duckdb",
      "000006-main.duckdb",
    ]);
    expect(readdirSync(join(folder, "work"))).toEqual(["alive"]);
  });

  it("a publication that ended before the pointer was renamed is removed, and the old version stays", async () => {
    const first = await publish("run-1", null, 1);
    const work = makeWorkFolder(folder, "run-2");
    copyForWriting(filePath(folder, first, "main")!, join(work, "main.duckdb"));
    await expect(
      publishVersion(folder, {
        base: first,
        run: "run-2",
        files: { main: join(work, "main.duckdb") },
        onStep: (step) => {
          if (step === "manifest") throw new Error("power cut");
        },
      }),
    ).rejects.toThrow("power cut");
    expect((await currentVersion(folder))!.manifest.version).toBe(1);
    sweep(folder, [], new Date());
    expect(listVersions(folder).map((each) => each.version)).toEqual([1]);
    expect(existsSync(join(folder, "files/000002-main.duckdb"))).toBe(false);
    expect(readPointer(folder)).toBe(1);
  });
});
