/** Variance reduction by a covariate from before the draw (CUPED; Deng, Xu, Kohavi and Walker 2013). */
import { mean, variance, welch, type Difference, type Moments } from "./statistics.ts";

/** One group: the outcome, the covariate, and the sum of their products. */
interface Group {
  readonly own: Moments;
  readonly before: Moments;
  readonly cross: number;
}

const covarianceOf = ({ own, before, cross }: Group): number => (cross - (own.sum * before.sum) / own.n) / (own.n - 1);

/**
 * The difference with the covariate taken out; theta is pooled over both groups.
 * @param treatedCross sum of outcome x covariate over the treated; @param controlCross the same of the control group
 * @returns with the share of the variance that the covariate explains
 */
export function cuped(
  treated: Moments,
  control: Moments,
  treatedBefore: Moments,
  controlBefore: Moments,
  treatedCross: number,
  controlCross: number,
): Difference & { readonly varianceSaved: number } {
  const one: Group = { own: treated, before: treatedBefore, cross: treatedCross };
  const none: Group = { own: control, before: controlBefore, cross: controlCross };
  const spread = variance(treatedBefore) * (treatedBefore.n - 1) + variance(controlBefore) * (controlBefore.n - 1);
  const shared = covarianceOf(one) * (treated.n - 1) + covarianceOf(none) * (control.n - 1);
  const theta = spread === 0 ? 0 : shared / spread;
  const centre = (treatedBefore.sum + controlBefore.sum) / (treatedBefore.n + controlBefore.n);
  const plain = welch(treated, control);
  const found = welch(withoutCovariate(one, theta, centre), withoutCovariate(none, theta, centre));
  return { ...found, varianceSaved: 1 - (found.standardError / plain.standardError) ** 2 };
}

function withoutCovariate(group: Group, theta: number, centre: number): Moments {
  const { own, before } = group;
  const v = Math.max(0, variance(own) - 2 * theta * covarianceOf(group) + theta ** 2 * variance(before));
  const m = mean(own) - theta * (mean(before) - centre);
  return { n: own.n, sum: m * own.n, squares: v * (own.n - 1) + m ** 2 * own.n };
}
