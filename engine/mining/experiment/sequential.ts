/**
 * An interval that may be looked at as often as one likes: it covers the true difference at all sample sizes at once, with the
 * chance said (asymptotic confidence sequence; Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas 2021).
 */

/**
 * @param n units of both groups together; @param planned units at which the interval is narrowest
 * @returns the interval around the difference
 */
export function sequentialInterval(
  difference: number,
  standardError: number,
  n: number,
  { alpha = 0.05, planned = 5000 }: { readonly alpha?: number; readonly planned?: number } = {},
): readonly [number, number] {
  const evidence = -2 * Math.log(alpha);
  const rho = (evidence + Math.log(evidence + 1)) / planned;
  const reach =
    standardError *
    Math.sqrt(n) *
    Math.sqrt(((2 * (n * rho + 1)) / (n * n * rho)) * Math.log(Math.sqrt(n * rho + 1) / alpha));
  return [difference - reach, difference + reach];
}
