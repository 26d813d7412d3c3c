/** The weights of Fellegi and Sunter, estimated from the data by expectation and maximisation. */

/** Pairs with the same outcome of every comparison. */
export interface Pattern {
  /** a level for each field: -1 where a value is missing, 0 where they differ, above where they agree more and more */
  readonly levels: readonly number[];
  readonly count: number;
}

/** The pairs of one blocking rule. `held`: fields that its pairs agree on by construction, which therefore tell nothing within it. */
export interface BlockPatterns {
  readonly held: ReadonlySet<number>;
  readonly patterns: readonly Pattern[];
}

export interface Weights {
  /** field -> level -> chance among pairs that are one person */
  readonly m: readonly (readonly number[])[];
  /** field -> level -> chance among any two entries */
  readonly u: readonly (readonly number[])[];
  /** pairs within the blocks that are one person */
  readonly matches: number;
  readonly rounds: number;
}

const ROUNDS = 50;
const FLOOR = 1e-4;

/** Where there is nothing to learn from: two notes of one person mostly agree. */
const begin = (levels: number): number[] =>
  levels === 2 ? [0.1, 0.9] : [0.06, ...Array.from({ length: levels - 2 }, () => 0.14 / (levels - 2)), 0.8];

/** @param u from pairs drawn at random, which are hardly ever one person, so it stays as it is */
export function estimate(u: readonly (readonly number[])[], blocks: readonly BlockPatterns[]): Weights {
  let m = u.map((levels) => begin(levels.length));
  const shares = blocks.map(() => 0.3);
  let rounds = 0;
  let matches = 0;
  for (; rounds < ROUNDS; rounds++) {
    const sums = m.map((levels) => levels.map(() => 0));
    matches = 0;
    blocks.forEach(({ held, patterns }, b) => {
      let found = 0;
      let all = 0;
      for (const { levels, count } of patterns) {
        const p = posterior(levels, m, u, Math.log(shares[b]! / (1 - shares[b]!)), held);
        found += p * count;
        all += count;
        levels.forEach((level, f) => {
          if (level >= 0 && !held.has(f)) sums[f]![level]! += p * count;
        });
      }
      shares[b] = Math.min(0.999, Math.max(1e-6, all === 0 ? 0 : found / all));
      matches += found;
    });
    const next = sums.map((levels, f) => {
      const total = levels.reduce((sum, n) => sum + n, 0);
      // few pairs leave the beginning's opinion standing
      return total < 10 ? m[f]! : levels.map((n) => Math.max(FLOOR, n / total));
    });
    const moved = Math.max(...next.flatMap((levels, f) => levels.map((value, l) => Math.abs(value - m[f]![l]!))));
    m = next;
    if (moved < 1e-5) break;
  }
  return { m, u, matches, rounds };
}

function posterior(
  levels: readonly number[],
  m: readonly (readonly number[])[],
  u: readonly (readonly number[])[],
  prior: number,
  held: ReadonlySet<number>,
): number {
  let logit = prior;
  for (let f = 0; f < levels.length; f++) {
    const level = levels[f]!;
    if (level >= 0 && !held.has(f)) logit += Math.log(m[f]![level]! / u[f]![level]!);
  }
  return 1 / (1 + Math.exp(-logit));
}
