/**
 * An interval that may be read at any time: it covers the true difference at all sample sizes at once (asymptotic
 * confidence sequence; Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas 2021).
 */

/** How the interval is tuned. */
export interface SequentialOptions {
  /** probability of ever missing the true difference, 0.05 by default */
  readonly alpha?: number;
  /** units at which the interval is narrowest, 5,000 by default */
  readonly planned?: number;
}

/** The interval around a difference. @param n units of both groups together */
export function sequentialInterval(
  difference: number,
  standardError: number,
  n: number,
  { alpha = 0.05, planned = 5000 }: SequentialOptions = {},
): readonly [number, number] {
  const evidence = -2 * Math.log(alpha);
  const rho = (evidence + Math.log(evidence + 1)) / planned;
  const reach =
    standardError *
    Math.sqrt(n) *
    Math.sqrt(((2 * (n * rho + 1)) / (n * n * rho)) * Math.log(Math.sqrt(n * rho + 1) / alpha));
  return [difference - reach, difference + reach];
}
