import { MONTHS } from "./calendar.ts";
import { Random } from "./random.ts";

export interface ProgrammeEntry {
  readonly id: number;
  readonly month: number;
  readonly kind: "cost" | "benefit";
  readonly item: string /** cents */;
  readonly amount: number;
}

/** What the CRM costs and brings month by month: it pays back in its second year. */
export function makeProgramme(seed: number, scale: number): readonly ProgrammeEntry[] {
  const random = new Random(seed, "programme");
  const entries: ProgrammeEntry[] = [];
  const add = (month: number, kind: "cost" | "benefit", item: string, euros: number): void => {
    entries.push({
      id: entries.length + 1,
      month,
      kind,
      item,
      amount: Math.round(euros * scale * 100 * (0.94 + 0.12 * random.next())),
    });
  };
  for (let month = 0; month < MONTHS; month++) {
    const grown = Math.min(1, month / 22);
    add(month, "cost", "licences", 9_500);
    add(month, "cost", "staff", 24_000 + 120 * month);
    const refresher = month % 12 === 0 ? 6_000 : 1_200;
    add(month, "cost", "training", month < 6 ? 8_000 : refresher);
    add(month, "cost", "data and hosting", 3_200);
    add(month, "benefit", "campaign uplift", 28_000 * grown);
    add(month, "benefit", "customers kept", 26_000 * grown * grown);
    add(month, "benefit", "service time saved", 11_000 * grown);
    add(month, "benefit", "mailings saved", 6_000 * Math.sqrt(grown));
  }
  return entries;
}
