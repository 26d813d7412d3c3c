import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { defineProject } from "../../../engine/index.ts";
import { openState } from "../../../engine/warehouse/index.ts";
import { cancelRun, defineJob, files, getRun, pausedJobs, pauseJob, resumeJob, runLoad } from "../../../etl/index.ts";
import { openScheduler } from "../../../etl/schedule/scheduler.ts";
import { startService } from "../_service.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tessera-control-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("a paused job", () => {
  it("is not started by its schedule until it is resumed", async () => {
    const job = (name: string) =>
      defineJob({
        name,
        source: files({ name: "drops", path: "." }),
        extract: { file: "*.csv" },
        into: { table: name },
        schedule: { cron: "0 * * * *", timeZone: "UTC" },
      });
    const spec = defineProject({
      name: "test",
      warehouse: { path: folder },
      dimensions: [],
      cubes: [],
      jobs: [job("a"), job("b")],
    });
    mkdirSync(join(folder, "versions"), { recursive: true });
    let now = new Date("2026-01-01T00:30:00Z");
    const loaded: string[][] = [];
    const scheduler = openScheduler({
      spec,
      warehouse: folder,
      clock: () => now,
      load: async (jobs) => {
        loaded.push([...jobs].sort());
      },
    });
    const state = openState(folder);
    pauseJob(spec, state, "b", "test", now);
    expect([...pausedJobs(state)]).toEqual(["b"]);
    now = new Date("2026-01-01T01:30:00Z");
    await scheduler.tick();
    resumeJob(spec, state, "b");
    now = new Date("2026-01-01T02:30:00Z");
    await scheduler.tick();
    expect(loaded[0]).toEqual(["a"]);
    expect(
      loaded
        .slice(1)
        .flat()
        .filter((name) => name === "b"),
    ).toHaveLength(1);
    expect(() => pauseJob(spec, state, "c", "test", now)).toThrow('job "c" not found');
    await scheduler.close();
    state.close();
  });
});

describe("a run that another process cancels", () => {
  it("ends without publishing, and is marked as cancelled", async () => {
    // a page that never ends: the load waits for it
    let asked = (): void => undefined;
    const began = new Promise<void>((done) => {
      asked = done;
    });
    const service = await startService(() => {
      asked();
      return { status: 503, headers: { "retry-after": "60" } };
    });
    writeFileSync(join(folder, "package.json"), '{"type":"module"}');
    writeFileSync(
      join(folder, "tessera.config.ts"),
      `import { defineJob, defineProject, rest } from "tessera";
export default defineProject({ name: "slow", warehouse: { path: "./warehouse" }, dimensions: [], cubes: [], jobs: [defineJob({ name: "slow", source: rest({ name: "slow", baseUrl: "${service.url}" }), extract: { path: "/rows" }, into: { table: "slow" } })] });\n`,
    );
    let run = "";
    const ended = runLoad({
      folder,
      onProgress: (progress) => {
        run = progress.run;
      },
    }).catch((error: unknown) => error);
    await began;
    const state = openState(join(folder, "warehouse"));
    expect(cancelRun(state, run).run).toBe(run);
    expect(await ended).toMatchObject({ code: "cancelled" });
    expect(getRun(state, run)).toMatchObject({ status: "failed", version: null, error: { code: "cancelled" } });
    expect(() => cancelRun(state, run)).toThrow("has ended: failed");
    expect(() => cancelRun(state, "none")).toThrow('run "none" not found');
    state.close();
    await service.stop();
  });
});
