import { expect, test } from "vitest";
import { cuped } from "../../engine/mining/experiment/evaluate.ts";
import { relativeLift, welch } from "../../engine/mining/experiment/statistics.ts";
import { normalOf, randomOf } from "../mining/_data.ts";

test("95 % intervals of lift, relative lift and CUPED cover the truth in 92 to 98 of 100 simulated populations", () => {
  const random = randomOf(Number(process.env["TESSERA_SEED"] ?? 1));
  const normal = normalOf(random);
  const populations = 1000, units = 2000, effect = 2;
  const covered = { lift: 0, relative: 0, adjusted: 0 };
  for (let p = 0; p < populations; p++) {
    const groups = [1, 0].map((treated) => {
      const own = { n: 0, sum: 0, squares: 0 }, before = { n: 0, sum: 0, squares: 0 };
      let cross = 0;
      for (let i = 0; i < units; i++) {
        // spend as it is: most buy nothing, few buy much, and those who bought before buy more
        const habit = Math.exp(normal());
        const x = random() < 0.5 ? 20 * habit : 0;
        const y = (random() < 0.3 ? 30 * habit * Math.exp(0.5 * normal()) : 0) + effect * treated;
        own.n++; own.sum += y; own.squares += y * y;
        before.n++; before.sum += x; before.squares += x * x;
        cross += x * y;
      }
      return { own, before, cross };
    });
    const [one, none] = groups as [(typeof groups)[number], (typeof groups)[number]];
    const base = 0.3 * 30 * Math.exp(0.5) * Math.exp(0.125);
    const within = ([low, high]: readonly [number, number], truth: number): number => (low <= truth && truth <= high ? 1 : 0);
    covered.lift += within(welch(one.own, none.own).interval, effect);
    covered.relative += within(relativeLift(one.own, none.own)!.interval, effect / base);
    covered.adjusted += within(cuped(one.own, none.own, one.before, none.before, one.cross, none.cross).interval, effect);
  }
  for (const count of Object.values(covered)) expect(Math.abs(count / populations - 0.95)).toBeLessThan(0.03);
});
