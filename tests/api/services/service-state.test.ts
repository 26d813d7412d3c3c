/** What the service keeps between requests. */
import { describe, expect, test } from "vitest";
import { miningRuns } from "../../../api/services/mining-runs.ts";
import { resultCache } from "../../../api/services/result-cache.ts";
import { TesseraError } from "../../../engine/errors/index.ts";
import type { OpenProject } from "../../../etl/project/open-project.ts";

const settled = (): Promise<void> => new Promise((done) => setTimeout(done, 5));

describe("the result cache", () => {
  const answer = (value: unknown): Promise<unknown> => Promise.resolve(value);
  test("drops the least recently used answer, not the oldest", async () => {
    const cache = resultCache(3);
    for (const key of ["a", "b", "c"]) cache.set(key, answer(key));
    await cache.get("a");
    cache.set("d", answer("d"));
    expect(["a", "b", "c", "d"].map((key) => cache.get(key) !== undefined)).toEqual([true, false, true, true]);
    expect(cache.size).toBe(3);
  });
  test("keeps 400 answers unless told otherwise", () => {
    const cache = resultCache();
    for (let i = 0; i <= 400; i++) cache.set(`${i}`, answer(i));
    expect([cache.size, cache.get("0"), cache.get("1") !== undefined]).toEqual([400, undefined, true]);
  });
  test("gives the same promise to a question asked twice at once", async () => {
    const cache = resultCache();
    const one = answer({ rows: [1] });
    cache.set("q", one);
    expect(cache.get("q")).toBe(one);
    await settled();
    expect(cache.get("q")).toBe(one);
  });
  test.each([
    [5000, true],
    [5001, false],
  ])("an answer of %i rows is kept: %s", async (rows, kept) => {
    const cache = resultCache();
    cache.set("q", answer({ rows: Array.from({ length: rows }, () => 1) }));
    await settled();
    expect(cache.get("q") !== undefined).toBe(kept);
  });
  test("drops a failed answer, but not a newer one under the same key", async () => {
    const cache = resultCache();
    let fail: (error: Error) => void = () => {};
    const failing = new Promise<unknown>((_, reject) => {
      fail = reject;
    });
    cache.set("q", failing);
    const newer = answer(2);
    cache.set("q", newer);
    cache.set("other", Promise.reject(new Error("no")));
    fail(new Error("late"));
    await settled();
    expect([cache.get("q"), cache.get("other")]).toEqual([newer, undefined]);
  });
});

describe("mining runs", () => {
  interface Started {
    readonly models: readonly string[];
    readonly progress: (what: string) => void;
    readonly end: (version: number) => void;
    readonly fail: (error: unknown) => void;
  }
  const bench = () => {
    const started: Started[] = [];
    const bugs: unknown[] = [];
    const project = {
      spec: { models: [{ name: "rfm" }, { name: "churn" }] },
      mine: (models: readonly string[], { onProgress }: { onProgress: (progress: { what: string }) => void }) =>
        new Promise((end, fail) => {
          started.push({
            models,
            progress: (what) => onProgress({ what }),
            end: (version) => end({ version }),
            fail,
          });
        }),
    } as unknown as OpenProject;
    let seconds = 0;
    const clock = (): Date => new Date(Date.UTC(2025, 0, 1, 0, 0, seconds++));
    return { started, bugs, runs: miningRuns(project, clock, (error) => bugs.push(error)) };
  };
  test("go from running to done, with the step, the version and both times", async () => {
    const { started, runs } = bench();
    expect(runs.last("rfm")).toBeNull();
    expect(runs.start("rfm")).toMatchObject({ model: "rfm", state: "running", what: "starting", version: null });
    started[0]?.progress("counting");
    expect(runs.running()).toMatchObject({ model: "rfm", what: "counting", finishedAt: null });
    started[0]?.end(7);
    await settled();
    expect(runs.last("rfm")).toEqual({
      model: "rfm",
      state: "done",
      what: "done",
      startedAt: "2025-01-01T00:00:00.000Z",
      finishedAt: "2025-01-01T00:00:01.000Z",
      version: 7,
      error: null,
    });
    expect(runs.running()).toBeNull();
  });
  test("are one at a time: a second one is refused until the first has ended, well or badly", async () => {
    const { started, runs } = bench();
    runs.start("rfm");
    for (const model of ["rfm", "churn"]) {
      expect(() => runs.start(model)).toThrow(/model rfm has been running since 2025-01-01T00:00:00/);
      try {
        runs.start(model);
      } catch (error) {
        expect((error as TesseraError).code).toBe("lease-held");
      }
    }
    started[0]?.fail(new TesseraError("too-little-data", "no facts"));
    await settled();
    expect(runs.last("rfm")).toMatchObject({ state: "failed", error: { code: "too-little-data" } });
    expect(runs.start("churn").state).toBe("running");
    expect(started.map(({ models }) => models)).toEqual([["rfm"], ["churn"]]);
  });
  test("tell errors that no person can cause, and only those", async () => {
    const { started, bugs, runs } = bench();
    runs.start("rfm");
    const bug = new RangeError("oops");
    started[0]?.fail(bug);
    await settled();
    runs.start("churn");
    started[1]?.fail(new TesseraError("lease-held", "another writer"));
    await settled();
    expect(bugs).toEqual([bug]);
  });
  test("are refused for an unknown model, busy or not", () => {
    const { runs } = bench();
    expect(() => runs.start("rfn")).toThrow(/model "rfn" not found.*"rfm"/);
  });
});
