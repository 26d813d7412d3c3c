import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openState } from "../../engine/warehouse/index.ts";
import { defineJob, listRuns, sqlite } from "../../etl/index.ts";
import { makeCompany, type Company } from "../etl/_company.ts";

let company: Company;
let mounted = "";

/** A small disk of its own under the warehouse; answers why there is none. */
function mountSmallDisk(folder: string): string | undefined {
  if (process.platform !== "linux" || process.getuid?.() !== 0) return "only root on Linux can make a small disk";
  mkdirSync(folder, { recursive: true });
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=24m", "tmpfs", folder], { stdio: "ignore" });
    mounted = folder;
    return undefined;
  } catch {
    return "this machine lets nobody mount a small disk";
  }
}
const unmount = (): void => {
  if (mounted !== "") execFileSync("umount", ["-l", mounted]);
  mounted = "";
};
const probe = makeCompany();
const NO_DISK = mountSmallDisk(join(probe.folder, "probe"));
unmount();
probe.remove();

beforeEach(() => {
  company = makeCompany();
});
afterEach(() => {
  unmount();
  company.remove();
});

const shop = sqlite({ name: "shop", path: "./shop.sqlite" });
const job = defineJob({
  name: "o",
  source: shop,
  extract: { table: "o", key: "id" },
  into: { table: "o", mode: "merge" },
});

describe.skipIf(NO_DISK !== undefined)(NO_DISK ?? "a disk that gets full", () => {
  it.each(["stage", "load", "publish", "moved", "manifest", "pointer"])(
    "F5: full when a load comes to “%s” gives a clear error; the served version stays, and loads go on once there is space",
    async (moment) => {
      mountSmallDisk(company.warehouse);
      company.sql(
        "create table o (id integer primary key, v text)",
        "insert into o with recursive n(i) as (select 1 union all select i + 1 from n where i < 20000) select i, hex(randomblob(8)) || i from n",
      );
      await company.load([job]);
      company.sql(
        "insert into o with recursive n(i) as (select 20001 union all select i + 1 from n where i < 60000) select i, hex(randomblob(60)) || i from n",
      );
      const filler = join(company.warehouse, "filler");
      const fill = (): void => {
        const { bavail, bsize } = statfsSync(company.warehouse);
        try {
          writeFileSync(filler, Buffer.alloc(Math.max(0, bavail * bsize - 4096)), { flag: "a" });
        } catch {
          /* it is full */
        }
      };
      const outcome = await company
        .load([job], {
          onProgress: ({ stage }) => {
            if (stage === moment) fill();
          },
          onPublish: (step) => {
            if (step === moment) fill();
          },
        })
        .then(
          (run) => run.status,
          (error: { readonly code: string; readonly message: string }) => `${error.code}: ${error.message}`,
        );
      // what was renamed is published, whether there was space to note it or not
      const published = ["pointer"].includes(moment);
      if (!published) expect(outcome).toMatch(/^(disk-full: the disk is full|published$)/);
      expect(await company.rows("select count(*) from o")).toEqual([
        [published || outcome === "published" ? "60000" : "20000"],
      ]);
      rmSync(filler);
      const again = await company.load([job]);
      expect(again.status).toBe("published");
      expect(await company.rows("select count(*), count(distinct id) from o")).toEqual([["60000", "60000"]]);
      expect(readdirSync(join(company.warehouse, "work"))).toEqual([]);
      const state = openState(company.warehouse);
      expect(listRuns(state).every((run) => run.status !== "running")).toBe(true);
      state.close();
    },
  );
});
