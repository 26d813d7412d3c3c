import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { fitAirline } from "../../../engine/mining/forecast/arima.ts";
import { backtest, naiveScale } from "../../../engine/mining/forecast/backtest.ts";
import { chooseEts, etsName, fitEts } from "../../../engine/mining/forecast/ets.ts";
import { forecastSeries } from "../../../engine/mining/forecast/forecast-series.ts";
import { fitSeasons } from "../../../engine/mining/forecast/seasons.ts";
import { airline, seasonalNaive, theta } from "../../../engine/mining/forecast/methods.ts";
import { dataPath, hasData, normalOf, randomOf } from "./_data.ts";

const passengers = (): number[] =>
  readFileSync(dataPath("AirPassengers.csv"), "utf8")
    .trim()
    .split("\n")
    .slice(1)
    .map((line) => Number(line.split(",").at(-1)!.replaceAll('"', "")));

describe("AirPassengers, as published", () => {
  test.skipIf(!hasData)("seasonal naive on the last twelve months: MASE 1.5709 (data folder needed)", () => {
    const y = passengers();
    expect(y).toHaveLength(144);
    const train = y.slice(0, 132);
    const found = seasonalNaive(12).forecast(train, 12);
    expect(found.reduce((a, f, i) => a + Math.abs(f - y[132 + i]!), 0) / 12 / naiveScale(train, 12)).toBeCloseTo(
      1.5709,
      4,
    );
  });
  test.skipIf(!hasData)(
    "ETS(M,Ad,M) has an AIC of 1395.2 or less, and so has what is chosen (data folder needed)",
    () => {
      expect(fitEts(passengers(), 12, { error: "M", trend: "Ad", season: "M" }).aic).toBeLessThanOrEqual(1395.2);
      const found = chooseEts(passengers(), 12);
      expect(etsName(found.form)).toMatch(/^ETS\(M,Ad?,M\)$/);
      expect(found.aic).toBeLessThanOrEqual(1395.2);
    },
  );
  test.skipIf(!hasData)("the airline model on logarithms has log-likelihood 244.70 (data folder needed)", () => {
    const found = fitAirline(passengers().map(Math.log), 12);
    expect(found.logLikelihood).toBeCloseTo(244.7, 2);
    expect([found.theta, found.seasonal].map((v) => Number(v.toFixed(3)))).toEqual([-0.402, -0.557]);
  });
  test.skipIf(!hasData)(
    "from twelve origins the airline model beats the seasonal naive, whose intervals hold (data folder needed)",
    () => {
      const y = passengers();
      const [a, n] = [airline(12), seasonalNaive(12)].map((method) =>
        backtest(method, y, 12, { horizon: 12, origins: 12 }),
      );
      expect(a!.mase).toBeLessThan(n!.mase);
      expect(a!.coverage).toBeGreaterThan(0.6);
    },
  );
});

describe("forecasts", () => {
  const random = randomOf(2);
  const normal = normalOf(random);
  test("follows a line with a season by theta", () => {
    const y = Array.from({ length: 60 }, (_, t) => (100 + t) * (1 + 0.2 * Math.sin((t * Math.PI) / 6)));
    theta(12)
      .forecast(y, 6)
      .forEach((f, h) =>
        expect(Math.abs(f / ((100 + 60 + h) * (1 + 0.2 * Math.sin(((60 + h) * Math.PI) / 6))) - 1)).toBeLessThan(0.05),
      );
  });
  test("finds the mean of noise by simple smoothing", () => {
    const y = Array.from({ length: 120 }, () => 50 + normal());
    expect(Math.abs(fitEts(y, 1, { error: "A", trend: "N", season: "N" }).forecast(1)[0]! - 50)).toBeLessThan(1);
  });
  test("recovers the parameters of an airline process", () => {
    const e = Array.from({ length: 420 }, () => normal());
    const w = e.map((v, t) => v - 0.5 * (e[t - 1] ?? 0) - 0.4 * (e[t - 12] ?? 0) + 0.2 * (e[t - 13] ?? 0));
    const y: number[] = [];
    w.forEach((v, t) => y.push(v + (y[t - 1] ?? 0) + (y[t - 12] ?? 0) - (y[t - 13] ?? 0)));
    const found = fitAirline(y.slice(20), 12);
    expect([Math.abs(found.theta + 0.5) < 0.15, Math.abs(found.seasonal + 0.4) < 0.15]).toEqual([true, true]);
  });
  const week = [0, 0.1, 0.05, -0.1, 0.2, 0.3, -0.55];
  const daily = Array.from({ length: 1096 }, (_, t) =>
    Math.exp(8 + 0.0002 * t + 0.3 * Math.sin((2 * Math.PI * t) / 365.25) + week[t % 7]! + 0.15 * normal()),
  );
  test("separates the seasons of the week and of the year in daily figures", () => {
    const found = fitSeasons(daily.map(Math.log), [7, 365.25]);
    for (let t = 0; t < 730; t += 5)
      expect(Math.abs(found(t) - 0.3 * Math.sin((2 * Math.PI * t) / 365.25) - week[t % 7]!)).toBeLessThan(0.06);
  });
  test("uses the season of the year for weeks, and none for a year and a half of months", () => {
    const weeks = Array.from({ length: 156 }, (_, w) => daily.slice(w * 7, w * 7 + 7).reduce((a, b) => a + b, 0));
    expect(forecastSeries(weeks, "week", 13).chosen.mase).toBeLessThan(0.9);
    const short = forecastSeries(
      Array.from({ length: 18 }, (_, t) => 100 + t + normal()),
      "month",
      6,
    );
    expect(Math.abs(short.total(6, 0.8).value / (6 * 121) - 1)).toBeLessThan(0.05);
  });
});
