/**
 * Intervals that reports show, on a thousand simulated populations each: they cover the truth as often as they say,
 * within three points. TESSERA_SEED draws others.
 */
import { expect, test } from "vitest";
import { bootstrapCurves, response } from "../../engine/mining/allocation/response-curve.ts";
import { budgetGain } from "../../engine/mining/allocation/budget-gain.ts";
import { fitCurve, adstock } from "../../engine/mining/allocation/response-curve.ts";
import { between, resample } from "../../engine/mining/attribution/chain-quality.ts";
import { BLOCKS } from "../../engine/mining/attribution/read-events.ts";
import { markov } from "../../engine/mining/attribution/markov.ts";
import { summed, walk } from "../../engine/mining/attribution/paths.ts";
import { compareAuc } from "../../engine/mining/churn/quality.ts";
import { cuped } from "../../engine/mining/experiment/cuped.ts";
import { relativeLift, welch, wilson } from "../../engine/mining/experiment/statistics.ts";
import { forecastSeries } from "../../engine/mining/forecast/forecast-series.ts";
import { countAt } from "../../engine/mining/lifetime-value/counts.ts";
import { fitGammaGamma } from "../../engine/mining/lifetime-value/gamma-gamma.ts";
import { BG_NBD, MOST_COUNTS } from "../../engine/mining/lifetime-value/process.ts";
import { totalInterval } from "../../engine/mining/lifetime-value/total.ts";
import { worthBounds } from "../../engine/mining/lifetime-value/worth.ts";
import { parameterInterval } from "../../engine/mining/maximise.ts";
import { fitCox } from "../../engine/mining/survival/cox.ts";
import { kaplanMeier } from "../../engine/mining/survival/kaplan-meier.ts";
import { qini, qiniBand, upliftTenths } from "../../engine/mining/uplift/qini.ts";
import { gammaOf, normalOf, randomOf } from "../engine/mining/_data.ts";

const POPULATIONS = Number(process.env["TESSERA_POPULATIONS"] ?? 1000);
const SEED = Number(process.env["TESSERA_SEED"] ?? 1);
const random = randomOf(SEED);
const normal = normalOf(random);
const gamma = gammaOf(random);
const exponential = (): number => -Math.log(1 - random());
const sum = (values: ArrayLike<number>): number => Array.from(values).reduce((a, b) => a + b, 0);

/** Counts how often each named interval holds the truth. */
class Tally {
  readonly held = new Map<string, number>();
  note(name: string, [low, high]: readonly [number, number], truth: number): void {
    this.held.set(name, (this.held.get(name) ?? 0) + (low <= truth && truth <= high ? 1 : 0));
  }
  /** @param of how many there were in all */
  expectNear(level: number, of = POPULATIONS, names = [...this.held.keys()]): void {
    const shares = Object.fromEntries(names.map((name) => [name, this.held.get(name)! / of]));
    console.log(`${level * 100} % intervals held in`, shares);
    for (const [name, share] of Object.entries(shares))
      expect(Math.abs(share - level), name).toBeLessThanOrEqual(0.03 + 1e-9);
  }
}

test("interval coverage, experiments: lift, relative lift, CUPED and proportions", () => {
  const tally = new Tally();
  const units = 2000,
    effect = 2;
  for (let p = 0; p < POPULATIONS; p++) {
    const groups = [1, 0].map((treated) => {
      const own = { n: 0, sum: 0, squares: 0 },
        before = { n: 0, sum: 0, squares: 0 };
      let [cross, bought] = [0, 0];
      for (let i = 0; i < units; i++) {
        // spend as it is: most buy nothing, few buy much, and those who bought before buy more
        const habit = Math.exp(normal());
        const x = random() < 0.5 ? 20 * habit : 0;
        const buys = random() < 0.3;
        const y = (buys ? 30 * habit * Math.exp(0.5 * normal()) : 0) + effect * treated;
        if (buys) bought++;
        own.n++;
        own.sum += y;
        own.squares += y * y;
        before.n++;
        before.sum += x;
        before.squares += x * x;
        cross += x * y;
      }
      return { own, before, cross, bought };
    });
    const [one, none] = groups as [(typeof groups)[number], (typeof groups)[number]];
    const base = 0.3 * 30 * Math.exp(0.5) * Math.exp(0.125);
    tally.note("lift", welch(one.own, none.own).interval, effect);
    tally.note("relative lift", relativeLift(one.own, none.own)!.interval, effect / base);
    tally.note("CUPED", cuped(one.own, none.own, one.before, none.before, one.cross, none.cross).interval, effect);
    tally.note("proportion", wilson(one.bought, units), 0.3);
  }
  tally.expectNear(0.95);
});

test("interval coverage, lifetime value: parameters, the later total, and each customer's bounds", () => {
  const truth = { r: 1.2, alpha: 6, a: 0.9, b: 4 },
    money = { p: 4, q: 4, v: 60 };
  const customers = 600,
    horizon = 52;
  const [tally, each] = [new Tally(), { purchases: 0, saidPurchases: 0, value: 0, saidValue: 0 }];
  const chances = new Float64Array(MOST_COUNTS);
  for (let p = 0; p < POPULATIONS; p++) {
    const [x, tx, T, mean, later, worth] = Array.from({ length: 6 }, () => new Float64Array(customers)) as [
      Float64Array,
      Float64Array,
      Float64Array,
      Float64Array,
      Float64Array,
      Float64Array,
    ];
    for (let i = 0; i < customers; i++) {
      const rate = gamma(truth.r) / truth.alpha,
        nu = gamma(money.q) / money.v;
      const [u, w] = [gamma(truth.a), gamma(truth.b)];
      T[i] = 30 + 50 * random();
      let spent = 0;
      for (let t = exponential() / rate; t <= T[i]! + horizon; t += exponential() / rate) {
        const amount = gamma(money.p) / nu;
        if (t <= T[i]!) {
          x[i]!++;
          tx[i] = t;
          spent += amount;
        } else {
          later[i]!++;
          worth[i]! += amount;
        }
        if (random() < u / (u + w)) break;
      }
      mean[i] = x[i]! > 0 ? spent / x[i]! : 0;
    }
    const process = BG_NBD.fit({ x, tx, T });
    const spend = fitGammaGamma(x, mean);
    (["r", "alpha", "a", "b"] as const).forEach((name, i) =>
      tally.note(name, parameterInterval(process.maximum, i), truth[name]),
    );
    (["p", "q", "v"] as const).forEach((name, i) => tally.note(name, parameterInterval(spend.maximum, i), money[name]));
    tally.note("total", totalInterval(process, { x, tx, T }, horizon, p + 1) ?? [0, 0], sum(later));
    const bounds = worthBounds(spend);
    for (let i = p % 10; i < customers; i += 10) {
      const counts = process.chances(x[i]!, tx[i]!, T[i]!, horizon, chances);
      const [low, high] = [countAt(chances, counts, 0.1), countAt(chances, counts, 0.9)];
      const [least, most] = bounds(x[i]!, mean[i]!, chances, counts, [0.1, 0.9]);
      // counts are whole: their bounds hold in more than eight of ten, and how much more is known
      each.saidPurchases += sum(chances.subarray(low, high + 1));
      each.purchases += later[i]! >= low && later[i]! <= high ? 1 : 0;
      each.saidValue += Math.min(0.9, 1) - (least > 0 ? 0.1 : 0) + (most === 0 ? chances[0]! - 0.9 : 0);
      each.value += worth[i]! >= least && worth[i]! <= most ? 1 : 0;
    }
  }
  tally.expectNear(0.95);
  const looked = POPULATIONS * (customers / 10);
  console.log(
    "customers' bounds: purchases",
    each.purchases / looked,
    "said",
    each.saidPurchases / looked,
    "value",
    each.value / looked,
    "said",
    each.saidValue / looked,
  );
  expect(Math.abs(each.purchases - each.saidPurchases) / looked).toBeLessThan(0.03);
  expect(Math.abs(each.value - each.saidValue) / looked).toBeLessThan(0.03);
});

test("interval coverage, uplift: Qini, its lead, its curve, and deciles", () => {
  const draw = (n: number) => {
    const score = Float64Array.from({ length: n }, random),
      other = Float64Array.from({ length: n }, random);
    const treated = Uint8Array.from(score, () => (random() < 0.5 ? 1 : 0));
    return { score, other, treated, y: score.map((s, i) => (random() < 0.1 + (treated[i] ? 0.2 * s * s : 0) ? 1 : 0)) };
  };
  const all = draw(1_000_000);
  const [own, rival] = [qini(all.score, all.treated, all.y), qini(all.other, all.treated, all.y)];
  // the mean of .2 s² over the upper half and the upper tenth
  const [half, tenth] = [(0.2 / 3) * (1 - 0.125) * 2, (0.2 / 3) * (1 - 0.729) * 10];
  const tally = new Tally();
  for (let p = 0; p < POPULATIONS; p++) {
    const { score, other, treated, y } = draw(2000);
    const found = qiniBand(score, other, treated, y, p + 1);
    tally.note("Qini", found.interval, own);
    tally.note("lead", found.lead, own - rival);
    tally.note("curve", [Number(found.rows[10]!["low"]), Number(found.rows[10]!["high"])], 1000 * 0.5 * 0.5 * half);
    const first = upliftTenths(score, treated, y)[0]!;
    tally.note("tenth", [Number(first["low"]), Number(first["high"])], tenth);
  }
  tally.expectNear(0.95);
});

test("interval coverage, attribution: removal effects by blocks of resampled units", () => {
  // three channels; from each on with chances to the next, to convert, to end
  const next = [
      [0.2, 0.2, 0.1, 0.2, 0.3],
      [0.1, 0.2, 0.2, 0.1, 0.4],
      [0.3, 0.1, 0.1, 0.3, 0.2],
    ],
    first = [0.5, 0.3, 0.2];
  const pick = (chances: readonly number[]): number => {
    let u = random();
    return chances.findIndex((c) => (u -= c) < 0);
  };
  const drawn = (units: number) => {
    const [offsets, channels, conversions] = [[0], [] as number[], [] as number[]];
    for (let u = 0; u < units; u++) {
      for (let c = pick(first); ; ) {
        channels.push(c);
        const to = pick(next[c]!);
        if (to >= 3 || to < 0) {
          conversions.push(to === 3 ? 1 : 0);
          break;
        }
        c = to;
      }
      offsets.push(channels.length);
    }
    const won = Float64Array.from(conversions);
    return walk(
      {
        offsets: Int32Array.from(offsets),
        channels: Int32Array.from(channels),
        conversions: won,
        value: won,
        nulls: won.map((v) => 1 - v),
        block: Int32Array.from(won, (_, u) => u % BLOCKS),
        channelCount: 3,
      },
      { blocks: BLOCKS },
    );
  };
  const whole = drawn(2_000_000);
  const size = whole.states * 5;
  const truth = markov(summed(whole.moves, size, new Float64Array(BLOCKS).fill(1)), 3, 1);
  const tally = new Tally();
  for (let p = 0; p < POPULATIONS; p++) {
    const draws = resample(drawn(2000), size, 3, 1, p + 1);
    for (let c = 0; c < 3; c++) {
      tally.note(`removal ${c}`, between(draws.map((d) => d.removal[c]!)), truth.removal[c]!);
      tally.note(`share ${c}`, between(draws.map((d) => d.share[c]!)), truth.share[c]!);
    }
  }
  tally.expectNear(0.95);
});

test("interval coverage, forecasts: the next period, a later one, and the sum of four", () => {
  const tally = new Tally();
  const normal = normalOf(randomOf(SEED));
  for (let p = 0; p < POPULATIONS; p++) {
    let level = Math.log(1000);
    const y = Array.from({ length: 44 }, (_, t) => {
      level += 0.008 + 0.03 * normal();
      return Math.exp(level + 0.2 * Math.sin((Math.PI * t) / 2) + 0.1 * Math.cos(Math.PI * t) + 0.04 * normal());
    });
    const found = forecastSeries(y.slice(0, 40), "quarter", 4);
    tally.note("next", found.band(0, 0.8), y[40]!);
    tally.note("third", found.band(2, 0.8), y[42]!);
    tally.note("sum of four", found.total(4, 0.8).interval, sum(y.slice(40)));
  }
  tally.expectNear(0.8);
});

test("interval coverage, survival: Kaplan-Meier at a time, Cox's coefficient", () => {
  const tally = new Tally();
  for (let p = 0; p < POPULATIONS; p++) {
    const z = Float64Array.from({ length: 400 }, normal);
    const [plain, hazard] = [z.map(() => 10 * exponential()), z.map((v) => 10 * exponential() * Math.exp(-0.5 * v))];
    const ends = z.map(() => 20 * random());
    const seen = (times: Float64Array): Uint8Array => Uint8Array.from(times, (t, i) => (t <= ends[i]! ? 1 : 0));
    const until = (times: Float64Array): Float64Array => times.map((t, i) => Math.min(t, ends[i]!));
    const at = kaplanMeier(until(plain), seen(plain))
      .filter((s) => s.time <= 8)
      .pop()!;
    tally.note("survival", [at.low, at.high], Math.exp(-0.8));
    const { coefficients, standardErrors } = fitCox(until(hazard), seen(hazard), [z]);
    tally.note(
      "Cox",
      [coefficients[0]! - 1.96 * standardErrors[0]!, coefficients[0]! + 1.96 * standardErrors[0]!],
      0.5,
    );
  }
  tally.expectNear(0.95);
});

test("interval coverage, classifiers: AUC and its lead (DeLong)", () => {
  const tally = new Tally();
  for (let p = 0; p < POPULATIONS; p++) {
    const y = Float64Array.from({ length: 1000 }, () => (random() < 0.3 ? 1 : 0));
    const found = compareAuc(
      y.map((v) => v + normal()),
      y.map(() => normal()),
      y,
    );
    // normal scores one deviation apart: Φ(1 / √2)
    tally.note("AUC", found.interval, 0.7602499);
    tally.note("lead", found.lead, 0.2602499);
  }
  tally.expectNear(0.95);
});

test("interval coverage, channels: the gain of a new split of the budget", () => {
  const truth = [
    { base: 500, scale: 2000, half: 1800, carry: 0.4 },
    { base: 300, scale: 900, half: 900, carry: 0.1 },
  ].map((c) => ({ ...c, r2: 1, observed: [300, 2000] as const, periods: 36 }));
  const tally = new Tally();
  let [promised, claimed, came] = [0, 0, 0];
  for (let p = 0; p < POPULATIONS; p++) {
    const fitted = truth.map((curve, k) => {
      const spend = Array.from({ length: 36 }, () => 300 + 1700 * random());
      const outcome = adstock(spend, curve.carry).map(
        (x) => curve.base + curve.scale * (1 - Math.exp(-x / curve.half)) + 80 * normal(),
      );
      const found = fitCurve(spend, outcome);
      return {
        curve: found,
        least: found.observed[0] / 2,
        most: found.observed[1] * 1.5,
        draws: bootstrapCurves(spend, outcome, found, 200, 2 * p + k + 1),
        present: sum(spend) / 36,
      };
    });
    const gain = budgetGain(
      fitted,
      fitted.map((f) => f.draws),
      fitted.map((f) => f.present),
      sum(fitted.map((f) => f.present)),
    );
    const real = sum(truth.map((curve, k) => response(curve, gain.spend[k]!) - response(curve, fitted[k]!.present)));
    tally.note("gain", gain.interval, real);
    promised += gain.value + gain.promised;
    claimed += gain.value;
    came += real;
  }
  console.log(
    "gain: the curves promise",
    promised / POPULATIONS,
    "claimed",
    claimed / POPULATIONS,
    "came",
    came / POPULATIONS,
  );
  tally.expectNear(0.9);
});
