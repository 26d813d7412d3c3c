/** Cost and benefit of the programme month by month, as planned and with expectations discounted: cost twice, time twice, benefit half. */

export interface Flow {
  readonly month: string;
  readonly cost: number;
  readonly benefit: number;
}

export interface ScenarioMonth {
  readonly month: string;
  readonly net: number;
  readonly cautious: number;
}

export interface Scenario {
  readonly months: readonly ScenarioMonth[];
  readonly plan: {
    readonly cost: number;
    readonly benefit: number;
    readonly net: number;
    readonly payback: string | null;
  };
  readonly cautious: {
    readonly cost: number;
    readonly benefit: number;
    readonly net: number;
    readonly payback: string | null;
  };
}

/** What is cumulated by `at`, months from the beginning, a month's amount spread evenly within it. */
const cumulated = (values: readonly number[], at: number): number => {
  const whole = Math.floor(at);
  return values.slice(0, whole).reduce((a, b) => a + b, 0) + (at - whole) * (values[whole] ?? 0);
};

/** The month from which on the cumulated net never is below zero again; null where there is none. */
const paybackOf = (months: readonly string[], net: readonly number[]): string | null => {
  let at = net.length;
  while (at > 0 && net[at - 1]! >= 0) at--;
  return at < net.length ? months[at]! : null;
};

/**
 * Cautious: each cost is paid when it falls due, but twice; a benefit comes at half its size and half as fast, so that by month k as much has come as the
 * plan had by k/2. Both are cumulated over the same months.
 */
export function scenarioOf(flows: readonly Flow[]): Scenario {
  const names = flows.map((f) => f.month),
    cost = flows.map((f) => f.cost),
    benefit = flows.map((f) => f.benefit);
  const net = names.map((_, k) => cumulated(benefit, k + 1) - cumulated(cost, k + 1));
  const cautious = names.map((_, k) => cumulated(benefit, (k + 1) / 2) / 2 - 2 * cumulated(cost, k + 1));
  const n = names.length;
  const [c, b, late] = [cumulated(cost, n), cumulated(benefit, n), cumulated(benefit, n / 2) / 2];
  return {
    months: names.map((month, k) => ({ month, net: net[k]!, cautious: cautious[k]! })),
    plan: { cost: c, benefit: b, net: b - c, payback: paybackOf(names, net) },
    cautious: { cost: 2 * c, benefit: late, net: late - 2 * c, payback: paybackOf(names, cautious) },
  };
}
