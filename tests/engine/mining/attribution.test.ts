import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { markov } from "../../../engine/mining/attribution/markov.ts";
import { RULES, summed, walk, type Paths } from "../../../engine/mining/attribution/paths.ts";
import { dataPath, hasData, randomOf } from "./_data.ts";

const read = (): { paths: Paths; names: string[] } => {
  const rows = gunzipSync(readFileSync(dataPath("attribution_paths.csv.gz")))
    .toString("utf8")
    .trim()
    .split("\n")
    .slice(1)
    .map((line) => line.split(","));
  const steps = rows.map(([path]) => path!.split(">").map((s) => s.trim()));
  const names = [...new Set(steps.flat())].sort();
  const offsets = new Int32Array(rows.length + 1);
  steps.forEach((s, i) => {
    offsets[i + 1] = offsets[i]! + s.length;
  });
  const column = (i: number): Float64Array => Float64Array.from(rows, (r) => Number(r[i]));
  return {
    names,
    paths: {
      offsets,
      channels: Int32Array.from(steps.flat(), (s) => names.indexOf(s)),
      conversions: column(1),
      value: column(2),
      nulls: column(3),
      channelCount: names.length,
    },
  };
};
const total = (values: Iterable<number>): number => [...values].reduce((a, b) => a + b, 0);

describe("attribution paths, as published", () => {
  test.skipIf(!hasData)("credits alpha with 6308 conversions by first touch (data folder needed)", () => {
    const { paths, names } = read();
    expect(walk(paths).credit.first.conversions[names.indexOf("alpha")]).toBe(6308);
  });
  test.skipIf(!hasData)(
    "gives alpha a removal effect of .55839949, 5344.948 conversions, at order 1 (data folder needed)",
    () => {
      const { paths, names } = read();
      const walked = walk(paths);
      const { removal, share } = markov(walked.moves, names.length, 1);
      expect(removal[names.indexOf("alpha")]).toBeCloseTo(0.55839949, 8);
      expect(share[names.indexOf("alpha")]! * total(paths.conversions)).toBeCloseTo(5344.948, 3);
    },
  );
  test.skipIf(!hasData)("gives a conversion rate of .22384514 for every order (data folder needed)", () => {
    const { paths, names } = read();
    for (const order of [1, 2, 3, 4])
      expect(markov(walk(paths, { order }).moves, names.length, order).chance).toBeCloseTo(0.22384514, 8);
  });
  test.skipIf(!hasData)(
    "divides all conversions and all value by every rule, to nine digits (data folder needed)",
    () => {
      const { paths, names } = read();
      const walked = walk({ ...paths, age: Float64Array.from(paths.channels, (_, i) => i % 30) });
      for (const rule of RULES) {
        expect(Math.abs(total(walked.credit[rule].conversions) / total(paths.conversions) - 1)).toBeLessThan(1e-9);
        expect(Math.abs(total(walked.credit[rule].value) / total(paths.value) - 1)).toBeLessThan(1e-9);
      }
      expect(total(markov(walked.moves, names.length, 1).share)).toBeCloseTo(1, 12);
    },
  );
});

describe("Markov chains", () => {
  const path = (channels: number[], conversions: number, nulls: number) => ({ channels, conversions, nulls });
  const pathsOf = (
    list: readonly { channels: number[]; conversions: number; nulls: number }[],
    channelCount: number,
  ): Paths => {
    const offsets = new Int32Array(list.length + 1);
    list.forEach((p, i) => {
      offsets[i + 1] = offsets[i]! + p.channels.length;
    });
    const conversions = Float64Array.from(list, (p) => p.conversions);
    return {
      offsets,
      channels: Int32Array.from(list.flatMap((p) => p.channels)),
      conversions,
      value: conversions,
      nulls: Float64Array.from(list, (p) => p.nulls),
      channelCount,
    };
  };
  test("computes removal effects of three channels as by hand", () => {
    // C1 > C2 > C3 > conversion, C1 > null, C2 > C3 > null
    const { chance, removal } = markov(
      walk(pathsOf([path([0, 1, 2], 1, 0), path([0], 0, 1), path([1, 2], 0, 1)], 3)).moves,
      3,
      1,
    );
    expect(chance).toBeCloseTo(1 / 3, 12);
    expect([...removal].map((r) => Number(r.toFixed(6)))).toEqual([0.5, 1, 1]);
  });
  test("equal a long simulation", () => {
    const random = randomOf(5);
    const list = Array.from({ length: 60 }, () =>
      path(
        Array.from({ length: 1 + Math.floor(random() * 5) }, () => Math.floor(random() * 4)),
        Math.floor(random() * 3),
        1 + Math.floor(random() * 4),
      ),
    );
    const { moves } = walk(pathsOf(list, 4));
    const { removal } = markov(moves, 4, 1);
    const runs = 200_000;
    const converts = (without: number): number => {
      let wins = 0;
      for (let r = 0; r < runs; r++) {
        for (let state = 0; ; ) {
          let draw = random() * moves.subarray(state * 6, state * 6 + 6).reduce((a, b) => a + b, 0);
          let next = 0;
          while (draw >= moves[state * 6 + next]!) draw -= moves[state * 6 + next++]!;
          if (next === 4) {
            wins++;
            break;
          }
          if (next === 5 || next === without) break;
          state = next + 1;
        }
      }
      return wins / runs;
    };
    const whole = converts(-1);
    for (const c of [0, 1, 2, 3]) expect(Math.abs(1 - converts(c) / whole - removal[c]!)).toBeLessThan(0.02);
  });
  test("adds blocks up to the whole", () => {
    const list = Array.from({ length: 30 }, (_, i) => path([i % 3, (i * 7) % 3], i % 2, 1));
    const one = walk(pathsOf(list, 3));
    const many = walk({ ...pathsOf(list, 3), block: Int32Array.from(list, (_, i) => i % 5) }, { blocks: 5 });
    expect([...summed(many.moves, one.moves.length, [1, 1, 1, 1, 1])]).toEqual([...one.moves]);
  });
});
