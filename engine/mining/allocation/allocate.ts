/** Channel optimisation: response curves from what was spent and what came of it, and the split of a budget they recommend. */
import { TesseraError, phrase } from "../../errors/index.ts";
import type { AllocationRequest } from "../../model/declarations.ts";
import type { Engine } from "../../query/answer/engine.ts";
import type { RunOptions } from "../../warehouse/serving.ts";
import { bootstrapCurves, fitCurve, marginal, response, type ResponseCurve } from "./response-curve.ts";
import { budgetGain } from "./budget-gain.ts";
import { totalResponse, type Bounded } from "./split-budget.ts";
import { num } from "../numeric/index.ts";

export type { AllocationRequest };

export interface ChannelPlan {
  readonly channel: string;
  readonly curve: ResponseCurve;
  readonly current: number;
  readonly recommended: number;
  readonly bounds: readonly [number, number];
  readonly responseNow: number;
  readonly responseThen: number;
  /** what one more unit of money brings at the recommended spend */
  readonly marginal: number;
  /** the recommended spend lies outside what was ever spent */
  readonly extrapolated: boolean;
}

export interface Allocation {
  readonly budget: number;
  readonly channels: readonly ChannelPlan[];
  readonly now: number;
  readonly then: number;
  /** `promised`: what the best of bent curves promises beyond that, taken off already; the interval is 90 %, by bootstrap */
  readonly gain: {
    readonly value: number;
    readonly rate: number;
    readonly interval: readonly [number, number];
    readonly promised: number;
  };
  readonly shadowPrice: number;
  readonly notes: readonly string[];
}

const FEWEST = 8;
const REPETITIONS = 200;

const words = (value: number): string => Number(value.toPrecision(3)).toLocaleString("en");

/** @throws TesseraError `too-little-data` where no channel has periods enough */
export async function allocate(
  engine: Engine,
  request: AllocationRequest,
  options: RunOptions = {},
): Promise<Allocation> {
  const { rows } = await engine.query(
    {
      measures: [request.spend, request.outcome],
      dimensions: [request.channel, request.period],
      filters: request.filters ?? [],
      limit: 100_000,
    },
    options,
  );
  const series = new Map<string, { spend: number[]; outcome: number[] }>();
  for (const row of rows) {
    const name = row[request.channel];
    if (typeof name !== "string" || row[request.spend] === null) continue; // an outcome without spend teaches nothing about spending
    const one = series.get(name) ?? { spend: [], outcome: [] };
    one.spend.push(Number(row[request.spend]));
    one.outcome.push(Number(row[request.outcome] ?? 0));
    series.set(name, one);
  }
  const short = [...series].filter(([, s]) => s.spend.length < FEWEST).map(([name]) => name);
  const usable = [...series].filter(([, s]) => s.spend.length >= FEWEST);
  if (usable.length === 0)
    throw new TesseraError("too-little-data", phrase`no channel has ${FEWEST} periods of spend`, {
      place: "$.period",
      remedy: "use a shorter period or a longer range",
    });

  const seed = request.seed ?? 1;
  const fitted = usable.map(([channel, s], i) => {
    const curve = fitCurve(s.spend, s.outcome);
    const current = s.spend.reduce((a, b) => a + b, 0) / s.spend.length;
    const [low, high] = curve.observed;
    const [least, most] = request.bounds?.[channel] ?? [low / 2, high * 1.5];
    return {
      channel,
      curve,
      current,
      bounded: { curve, least, most } satisfies Bounded,
      draws: bootstrapCurves(s.spend, s.outcome, curve, REPETITIONS, seed + i),
    };
  });
  const budget = request.budget ?? fitted.reduce((a, f) => a + f.current, 0);
  const bounded = fitted.map((f) => f.bounded);
  const currentTotal = fitted.reduce((a, f) => a + f.current, 0);
  const present = fitted.map((f) => (f.current / currentTotal) * budget);
  const { spend, shadowPrice, value, promised, interval } = budgetGain(
    bounded,
    fitted.map((f) => f.draws),
    present,
    budget,
  );
  const now = totalResponse(bounded, present);
  const then = totalResponse(bounded, spend);
  const plans = fitted.map(
    (f, i): ChannelPlan => ({
      channel: f.channel,
      curve: f.curve,
      current: num(present, i),
      recommended: num(spend, i),
      bounds: [f.bounded.least, f.bounded.most],
      responseNow: response(f.curve, num(present, i)),
      responseThen: response(f.curve, num(spend, i)),
      marginal: marginal(f.curve, num(spend, i)),
      extrapolated: num(spend, i) < f.curve.observed[0] || num(spend, i) > f.curve.observed[1],
    }),
  );
  return {
    budget,
    channels: plans,
    now,
    then,
    shadowPrice,
    gain: { value, rate: now === 0 ? 0 : value / now, interval, promised },
    notes: [
      "Spend was not randomised: the curves show what went with spend, not proof of what it caused.",
      ...(promised > 0
        ? [
            `The best split of uncertain curves promises too much: ${words(promised)} of the ${words(then - now)} that the curves promise is expected not to come, and is taken off the gain.`,
          ]
        : []),
      ...plans
        .filter((p) => p.extrapolated)
        .map(
          (p) =>
            `${p.channel}: the recommended spend lies outside what was ever spent; the curve is extrapolated there.`,
        ),
      ...plans
        .filter((p) => p.curve.r2 < 0.1)
        .map(
          (p) => `${p.channel}: spend explains only ${(100 * p.curve.r2).toFixed(0)} % of the outcome's ups and downs.`,
        ),
      ...(short.length > 0 ? [`Left out for want of periods: ${short.join(", ")}.`] : []),
    ],
  };
}
