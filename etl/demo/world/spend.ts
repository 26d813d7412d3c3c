import { CURVES } from "./parameters.ts";
import { MONTHS } from "./calendar.ts";
import { Random } from "./random.ts";

export interface SpendMonth {
  readonly channel: number;
  readonly month: number;
  /** euros */
  readonly budget: number;
  readonly actual: number;
  /** web orders caused by the spend on average, at the world's scale */
  readonly expectedOrders: number;
}

/** Adstock, then saturation. */
export const responseTo = (
  stock: number,
  curve: { readonly half: number; readonly slope: number; readonly ceiling: number },
): number =>
  (curve.ceiling * Math.pow(stock, curve.slope)) / (Math.pow(curve.half, curve.slope) + Math.pow(stock, curve.slope));

export function makeSpend(seed: number, scale: number): readonly SpendMonth[] {
  const random = new Random(seed, "spend");
  return CURVES.flatMap((curve) => {
    let stock = 0;
    return Array.from({ length: MONTHS }, (_, month): SpendMonth => {
      const growth = 0.55 + 0.02 * month;
      const festive = month % 12 >= 10 ? 1.35 : 1;
      const budget = Math.round((curve.spend * growth * festive) / 100) * 100;
      // The months differ widely, so that the curves can be estimated; sometimes a channel pauses.
      const actual = random.chance(0.05) ? 0 : Math.round(budget * Math.exp(0.35 * random.normal() - 0.04) * 100) / 100;
      stock = actual + curve.carry * stock;
      return { channel: curve.channel, month, budget, actual, expectedOrders: scale * responseTo(stock, curve) };
    });
  });
}
