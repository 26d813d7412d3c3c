/** Channel budgets: response curves from spend and outcome, and the split of a budget they recommend. */
import { TesseraError, phrase } from "../../errors/index.ts";
import type { AllocationRequest } from "../../model/declarations.ts";
import type { Engine } from "../../query/answer/engine.ts";
import type { RunOptions } from "../../warehouse/serving.ts";
import { bootstrapCurves, fitCurve, marginal, response, type ResponseCurve } from "./response-curve.ts";
import { budgetGain } from "./budget-gain.ts";
import { totalResponse, type Bounded } from "./split-budget.ts";
import { mean, sum } from "../numeric/summary.ts";
import { num } from "../numeric/vector.ts";

export type { AllocationRequest };

/** One channel. */
export interface ChannelPlan {
  readonly channel: string;
  readonly curve: ResponseCurve;
  /** spend a period now, scaled to the budget */
  readonly current: number;
  readonly recommended: number;
  /** of the recommended spend */
  readonly bounds: readonly [number, number];
  /** response at the present and the recommended spend */
  readonly responseNow: number;
  readonly responseThen: number;
  /** response to one more unit of money at the recommended spend */
  readonly marginal: number;
  /** the recommended spend is outside the observed range */
  readonly extrapolated: boolean;
}

/** A recommended budget. */
export interface Allocation {
  readonly budget: number;
  readonly channels: readonly ChannelPlan[];
  /** response to the present and the recommended split */
  readonly now: number;
  readonly then: number;
  /** extra response; `promised` is the overstatement already deducted; 90 % bootstrap interval */
  readonly gain: {
    readonly value: number;
    readonly rate: number;
    readonly interval: readonly [number, number];
    readonly promised: number;
  };
  /** response to one more unit of budget */
  readonly shadowPrice: number;
  readonly notes: readonly string[];
}

const FEWEST = 8;
const REPETITIONS = 200;

const words = (value: number): string => Number(value.toPrecision(3)).toLocaleString("en");

/**
 * Recommends a budget.
 * @throws TesseraError `too-little-data` where no channel has 8 periods of spend, `mining-invalid` for the bounds
 */
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
    if (typeof name !== "string" || row[request.spend] === null) continue; // no spend: nothing to learn
    const one = series.get(name) ?? { spend: [], outcome: [] };
    one.spend.push(Number(row[request.spend]));
    one.outcome.push(Number(row[request.outcome] ?? 0));
    series.set(name, one);
  }
  const short = [...series].filter(([, s]) => s.spend.length < FEWEST).map(([name]) => name);
  const usable = [...series].filter(([, s]) => s.spend.length >= FEWEST);
  if (usable.length === 0)
    throw new TesseraError("too-little-data", phrase`no channel has ${FEWEST} periods with spend`, {
      place: "$.period",
      remedy: "use a shorter period or a longer range",
    });

  const seed = request.seed ?? 1;
  const fitted = usable.map(([channel, s], i) => {
    const curve = fitCurve(s.spend, s.outcome);
    const current = mean(s.spend);
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
  const budget = request.budget ?? sum(fitted.map((f) => f.current));
  const bounded = fitted.map((f) => f.bounded);
  const currentTotal = sum(fitted.map((f) => f.current));
  const present = fitted.map((f) => (f.current / currentTotal) * budget);
  const { spend, shadowPrice, value, promised, interval } = budgetGain(
    bounded,
    fitted.map((f) => f.draws),
    present,
    budget,
  );
  const now = totalResponse(bounded, present);
  const then = totalResponse(bounded, spend);
  const plans = fitted.map(({ channel, curve, bounded: { least, most } }, i): ChannelPlan => {
    const [current, recommended] = [num(present, i), num(spend, i)];
    const [lowest, highest] = curve.observed;
    return {
      channel,
      curve,
      current,
      recommended,
      bounds: [least, most],
      responseNow: response(curve, current),
      responseThen: response(curve, recommended),
      marginal: marginal(curve, recommended),
      extrapolated: recommended < lowest || recommended > highest,
    };
  });
  return {
    budget,
    channels: plans,
    now,
    then,
    shadowPrice,
    gain: { value, rate: now === 0 ? 0 : value / now, interval, promised },
    notes: [
      "Spend was not randomised: the curves show association, not proof of cause.",
      ...(promised > 0
        ? [
            `The best split by uncertain curves overstates its gain: ${words(promised)} of ` +
              `${words(then - now)} is deducted.`,
          ]
        : []),
      ...plans
        .filter((p) => p.extrapolated)
        .map(
          (p) => `${p.channel}: the recommended spend is outside the observed range; the curve is extrapolated there.`,
        ),
      ...plans
        .filter((p) => p.curve.r2 < 0.1)
        .map((p) => `${p.channel}: spend explains only ${(100 * p.curve.r2).toFixed(0)} % of the outcome's variation.`),
      ...(short.length > 0 ? [`Left out, with too few periods: ${short.join(", ")}.`] : []),
    ],
  };
}
