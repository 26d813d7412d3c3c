/** Cost and benefit month by month, as planned and in a cautious scenario. */
import { at } from "../../../engine/lookup.ts";

/** Cost and benefit of one month. */
export interface Flow {
  /** ISO first day */
  readonly month: string;
  readonly cost: number;
  readonly benefit: number;
}

/** The cumulative net of both scenarios at the end of a month. */
export interface ScenarioMonth {
  readonly month: string;
  readonly net: number;
  readonly cautious: number;
}

/** Totals of one scenario over all months. */
export interface ScenarioTotals {
  readonly cost: number;
  readonly benefit: number;
  readonly net: number;
  /** the month from which the cumulative net stays at zero or above; null when it does not */
  readonly payback: string | null;
}

export interface Scenario {
  readonly months: readonly ScenarioMonth[];
  readonly plan: ScenarioTotals;
  readonly cautious: ScenarioTotals;
}

/** The sum of the first `months` values; of a fraction of a month, that fraction. */
const cumulated = (values: readonly number[], months: number): number => {
  const whole = Math.floor(months);
  return values.slice(0, whole).reduce((a, b) => a + b, 0) + (months - whole) * (values[whole] ?? 0);
};

const paybackOf = (months: readonly string[], net: readonly number[]): string | null => {
  const lastLoss = net.findLastIndex((value) => value < 0);
  return months[lastLoss + 1] ?? null;
};

/**
 * The cautious scenario doubles every cost. It halves every benefit and lets it come half as fast,
 * so by month k it has half of what the plan has by month k/2.
 */
export function scenarioOf(flows: readonly Flow[]): Scenario {
  const months = flows.map(({ month }) => month);
  const costs = flows.map(({ cost }) => cost);
  const benefits = flows.map(({ benefit }) => benefit);
  const net = months.map((_, k) => cumulated(benefits, k + 1) - cumulated(costs, k + 1));
  const cautious = months.map((_, k) => cumulated(benefits, (k + 1) / 2) / 2 - 2 * cumulated(costs, k + 1));
  const n = months.length;
  const cost = cumulated(costs, n);
  const benefit = cumulated(benefits, n);
  const late = cumulated(benefits, n / 2) / 2;
  return {
    months: months.map((month, k) => ({ month, net: at(net, k), cautious: at(cautious, k) })),
    plan: { cost, benefit, net: benefit - cost, payback: paybackOf(months, net) },
    cautious: { cost: 2 * cost, benefit: late, net: late - 2 * cost, payback: paybackOf(months, cautious) },
  };
}
