import { closeSync, existsSync, openSync, readdirSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { openState, readPointer, sweep, pinnedVersions, takeLease } from "../../../engine/warehouse/index.ts";
import {
  backupWarehouse,
  defineJob,
  keptVersions,
  listRuns,
  pinKept,
  restoreWarehouse,
  sqlite,
  unpinKept,
} from "../../../etl/index.ts";
import { makeCompany, type Company } from "../_company.ts";

let company: Company;
let folder: string;
const orders = defineJob({
  name: "o",
  source: sqlite({ name: "shop", path: "./shop.sqlite" }),
  extract: { table: "o", cursor: "id", key: "id" },
  into: { table: "o", mode: "merge", key: "id" },
});
const load = async (id: number): Promise<void> => {
  company.sql(`insert into o values (${id}, 'x')`);
  await company.load([orders]);
};
beforeEach(async () => {
  company = makeCompany();
  folder = join(company.folder, "backup");
  company.sql("create table o (id integer primary key, v text)");
  await load(1);
  await load(2);
});
afterEach(() => company.remove());

it("a restored backup equals its warehouse in versions, runs and watermarks, and loads continue from it", async () => {
  expect(await backupWarehouse(company.warehouse, folder)).toMatchObject({
    version: 2,
    versions: [2, 1],
    copied: 2,
    warnings: [],
  });
  await load(3);
  await expect(restoreWarehouse(folder, company.warehouse)).rejects.toMatchObject({ code: "usage" });
  const { replaced, version } = await restoreWarehouse(folder, company.warehouse, { force: true });
  expect([version, existsSync(join(replaced!, "current"))]).toEqual([2, true]);
  expect(await company.rows("select count(*) from o")).toEqual([["2"]]);
  const state = openState(company.warehouse);
  expect(listRuns(state, { limit: 9 }).map((run) => run.status)).toEqual(["published", "published"]);
  state.close();
  await company.load([orders]);
  expect(await company.rows("select count(*) from o")).toEqual([["3"]]);
  expect((await company.manifest())!.parent).toBe(2);
});

it("a second backup copies only new files and deletes those no longer kept", async () => {
  await backupWarehouse(company.warehouse, folder);
  await load(3);
  sweep(company.warehouse, [], new Date(), { last: 2, days: 0 });
  expect(await backupWarehouse(company.warehouse, folder)).toMatchObject({ version: 3, versions: [3, 2], copied: 1 });
  expect(readdirSync(join(folder, "files")).sort()).toEqual(["000002-main.duckdb", "000003-main.duckdb"]);
  rmSync(company.warehouse, { recursive: true });
  await restoreWarehouse(folder, company.warehouse);
  expect(await company.rows("select count(*) from o")).toEqual([["3"]]);
});

it("a damaged or interrupted backup is refused before anything is changed", async () => {
  await backupWarehouse(company.warehouse, folder);
  const handle = openSync(join(folder, "files", "000001-main.duckdb"), "r+");
  writeSync(handle, Buffer.from([1, 2, 3]), 0, 3, 9000);
  closeSync(handle);
  await expect(restoreWarehouse(folder, company.warehouse, { force: true })).rejects.toMatchObject({
    code: "version-damaged",
    message: expect.stringContaining("nothing was changed"),
  });
  // it mends itself by the next one
  expect(await backupWarehouse(company.warehouse, folder)).toMatchObject({ copied: 1 });
  rmSync(join(folder, "current"));
  await expect(restoreWarehouse(folder, company.warehouse, { force: true })).rejects.toMatchObject({
    code: "not-found",
  });
  expect(readPointer(company.warehouse)).toBe(2);
});

it("a backup is refused into a folder with other contents, and while a run writes", async () => {
  await expect(backupWarehouse(company.warehouse, join(company.folder, "drops", ".."))).rejects.toMatchObject({
    code: "usage",
  });
  const state = openState(company.warehouse);
  const lease = takeLease(state, "somebody");
  await expect(backupWarehouse(company.warehouse, folder)).rejects.toMatchObject({ code: "lease-held" });
  lease.release();
  state.close();
});

it("a damaged version is left out of a backup and reported", async () => {
  writeFileSync(join(company.warehouse, "files", "000002-main.duckdb"), "x");
  const made = await backupWarehouse(company.warehouse, folder);
  expect(made).toMatchObject({ version: 1, versions: [1] });
  expect(made.warnings.length).toBeGreaterThan(0);
});

it("a pinned version is kept when others of its age are deleted, until it is unpinned", async () => {
  pinKept(company.warehouse, 1, "report of May");
  await load(3);
  const state = openState(company.warehouse);
  const swept = (): number[] => {
    sweep(company.warehouse, [], new Date(), { last: 1, days: 0, pinned: pinnedVersions(state) });
    return keptVersions(company.warehouse).map((each) => each.version);
  };
  expect(swept()).toEqual([3, 1]);
  expect(keptVersions(company.warehouse)[1]).toMatchObject({
    version: 1,
    served: false,
    undone: false,
    roles: ["main"],
    pins: [{ reason: "report of May" }],
  });
  unpinKept(company.warehouse, 1, "report of May");
  expect(swept()).toEqual([3]);
  state.close();
  expect(() => pinKept(company.warehouse, 1, "x")).toThrow("version 1 not found");
});
