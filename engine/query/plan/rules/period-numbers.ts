/**
 * Months, quarters and years are grouped by number, which takes a tenth of the time of the first day of a period. The
 * parts of a split range meet as dates.
 */
import { hinted, type Rule } from "./rule.ts";

const NUMBERED: ReadonlySet<string> = new Set(["month", "quarter", "year"]);

export const periodNumbers: Rule = {
  name: "period-numbers",
  apply(plan, links) {
    const numbered = plan.keys.map((key) => {
      const ref = links.ref(key);
      return ref.t === "role" && ref.dimension.calendar !== null && NUMBERED.has(ref.attribute.name);
    });
    return hinted(
      plan,
      "period_numbers",
      ({ along, rollup, sets }) => !along && !rollup?.split && sets.some((set) => set.some((i) => numbered[i])),
    );
  },
};
