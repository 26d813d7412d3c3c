import { existsSync, readFileSync } from "node:fs";
import { DuckDBInstance } from "duckdb";
import { describe, expect, test } from "vitest";
import { kmeans, silhouette } from "../../engine/mining/clustering/kmeans.ts";
import { fitCurve, response } from "../../engine/mining/allocation/response-curve.ts";
import { splitBudget, totalResponse } from "../../engine/mining/allocation/split-budget.ts";
import { adjust, chanceToWin, relativeLift, sampleRatio, welch, type Moments } from "../../engine/mining/experiment/statistics.ts";
import { rfmSegment, RFM_SEGMENTS } from "../../engine/mining/rfm/segments.ts";

const DATA = new URL("../../../shared/data/", import.meta.url);
const has = existsSync(DATA);
const path = (name: string): string => new URL(name, DATA).pathname;

describe("k-means", () => {
  test.skipIf(!has)("finds iris's published inertia from 99 of 100 seeds (data folder needed)", () => {
    const rows = readFileSync(path("iris.csv"), "utf8").trim().split("\n").slice(1).map((line) => line.split(",").map((v) => v.replaceAll('"', "")).filter((v) => v !== "" && !Number.isNaN(Number(v))).map(Number).slice(-4));
    const data = Float64Array.from(rows.flat());
    const runs = Array.from({ length: 100 }, (_, seed) => kmeans(data, 150, 4, { k: 3, seed }));
    expect(runs.filter((r) => Math.abs(r.inertia - 78.851441) < 1e-5).length).toBeGreaterThanOrEqual(99);
    expect(silhouette(data, 150, 4, runs[0]!.assigned, 3)).toBeCloseTo(0.552819, 5);
  });
  test("the same seed gives the same clusters", () => {
    const data = Float64Array.from({ length: 600 }, (_, i) => Math.sin(i * 12.9898) * 43758.5453 % 1 + (i % 3));
    expect(kmeans(data, 300, 2, { k: 4, seed: 5 })).toEqual(kmeans(data, 300, 2, { k: 4, seed: 5 }));
  });
});

describe("experiments", () => {
  test("Welch's relative lift as GrowthBook's tests publish it", () => {
    const moments = (sum: number, squares: number, n: number): Moments => ({ n, sum, squares });
    const found = relativeLift(moments(2422.7, 134698.29, 3461), moments(1396.87, 52377.9767, 3407))!;
    expect(welch(moments(2422.7, 134698.29, 3461), moments(1396.87, 52377.9767, 3407)).difference).toBeCloseTo(0.29, 2);
    expect(welch(moments(2422.7, 134698.29, 3461), moments(1396.87, 52377.9767, 3407)).standardError).toBeCloseTo(0.12478, 5);
    expect(welch(moments(2422.7, 134698.29, 3461), moments(1396.87, 52377.9767, 3407)).p).toBeCloseTo(0.02016, 5);
    expect(found.difference).toBeCloseTo(0.7073, 3);
  });
  test("the sample ratio of 1000 to 1200 is no accident", () => expect(sampleRatio([1000, 1200]).p).toBeCloseTo(0.000020079, 9));
  test("chance to win with a flat prior", () => expect(chanceToWin(0.04082, 0.14725)).toBeCloseTo(0.60918, 4));
  test("corrections are monotone and never below the raw p", () => {
    const p = [0.01, 0.04, 0.03, 0.5];
    for (const method of ["bonferroni", "holm", "benjamini_hochberg"] as const) adjust(p, method).forEach((q, i) => expect(q).toBeGreaterThanOrEqual(p[i]!));
    expect(adjust(p, "holm").map((x) => Math.round(x * 1e4) / 1e4)).toEqual([0.04, 0.09, 0.09, 0.5]);
    expect(adjust(p, "benjamini_hochberg").map((x) => Math.round(x * 1e4) / 1e4)).toEqual([0.04, 0.0533, 0.0533, 0.5]);
  });
  test.skipIf(!has)("Hillstrom: both mailings raise spend as published, and the draw is sound (data folder needed)", async () => {
    const connection = await (await DuckDBInstance.create(":memory:")).connect();
    const read = await connection.runAndReadAll(`select segment, count(*)::int n, sum(spend)::double s, sum(spend * spend)::double q, avg(visit)::double v from '${path("hillstrom.parquet")}' group by 1`);
    const groups = new Map(read.getRowObjectsJson().map((r) => [String(r["segment"]), { n: Number(r["n"]), sum: Number(r["s"]), squares: Number(r["q"]), visit: Number(r["v"]) }]));
    const none = groups.get("No E-Mail")!;
    const mens = welch(groups.get("Mens E-Mail")!, none);
    const womens = welch(groups.get("Womens E-Mail")!, none);
    expect([mens.difference, mens.standardError, womens.difference, womens.standardError].map((x) => Number(x.toFixed(4)))).toEqual([0.7698, 0.1452, 0.4244, 0.1303]);
    expect(groups.get("Mens E-Mail")!.visit).toBeCloseTo(0.182757, 6);
    const { chi2, p } = sampleRatio([...groups.values()].map((g) => g.n));
    expect([chi2, p].map((x) => Number(x.toFixed(5)))).toEqual([0.20253, 0.90369]);
  });
});

describe("RFM", () => {
  test("every cell has a name and every name a cell", () => {
    const names = new Set<string>();
    for (let r = 1; r <= 5; r++) for (let v = 1; v <= 5; v++) names.add(rfmSegment(r, v));
    expect(names).toEqual(new Set(RFM_SEGMENTS));
  });
});

describe("channel optimisation", () => {
  test("a curve is recovered from the spend and outcome it made", () => {
    const spend = Array.from({ length: 36 }, (_, i) => 1000 + 800 * Math.sin(i * 1.3) + 300 * Math.cos(i * 0.7));
    let stock = 0;
    const outcome = spend.map((x) => { stock = x + 0.4 * stock; return 500 + 2000 * (1 - Math.exp(-stock / 1800)); });
    const curve = fitCurve(spend, outcome);
    expect(curve.carry).toBeCloseTo(0.4, 5);
    expect(curve.r2).toBeGreaterThan(0.99);
    expect(response(curve, 1000) / (2000 * (1 - Math.exp(-1000 / 0.6 / 1800)))).toBeCloseTo(1, 1);
  });
  test("the split equals brute force on a small grid and keeps its bounds", () => {
    const curve = (scale: number, half: number, carry: number) => ({ base: 0, scale, half, carry, r2: 1, observed: [0, 100] as const, periods: 12 });
    const channels = [{ curve: curve(100, 30, 0.2), least: 0, most: 60 }, { curve: curve(300, 90, 0), least: 10, most: 100 }, { curve: curve(50, 5, 0.5), least: 0, most: 100 }];
    const { spend } = splitBudget(channels, 100);
    expect(spend.reduce((a, b) => a + b, 0)).toBeCloseTo(100, 9);
    let best = 0;
    for (let a = 0; a <= 60; a += 0.25) for (let b = 10; a + b <= 100; b += 0.25) best = Math.max(best, totalResponse(channels, [a, b, 100 - a - b]));
    expect(totalResponse(channels, spend)).toBeGreaterThanOrEqual(best - 1e-9);
    expect(totalResponse(channels, spend) - best).toBeLessThan(0.01);
  });
});
