/** The names of an attribute's bins. */

/** Names of bins, lowest first: `< 1`, `1 – 2`, `2 – 3`, `≥ 3`. A bin includes its lower bound. */
export const binLabels = (bins: readonly number[]): string[] => [
  `< ${bins[0]}`,
  ...bins.slice(1).map((upper, i) => `${bins[i]} – ${upper}`),
  `≥ ${bins.at(-1)}`,
];
