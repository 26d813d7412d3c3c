/** Answers of few rows are cheaper to read whole than to cut: their limit is applied to the result. */
import { at } from "../../../lookup.ts";
import { mostMembers } from "../../rollup/fit.ts";
import { leafNamed } from "../logical/links.ts";
import { rollupNamed } from "../plan-context.ts";
import type { Rule } from "./rule.ts";

/** More rows than these are cut by the statement. */
const FEW = 5_000;

/** A compared day is in one cell of each side, or in the last four of a month that is compared with a shorter one. */
const COMPARED = 8;

export const fewRows: Rule = {
  name: "few-rows",
  apply(plan, links, context) {
    const keys = plan.keys.map((key) => links.ref(key));
    let most = 0;
    for (const fact of plan.facts) {
      if (fact.t === "nested" || !fact.rollup || fact.rollup.split) return plan;
      const rollup = rollupNamed(context, fact.rollup.name);
      const moves = fact.leaves.map((column) => leafNamed(plan.leaves, column).moves ?? []);
      // under any other window a day counts in many cells
      if (moves.flat().some(({ change }) => change.type !== "compare")) return plan;
      const members = plan.sets.map((set) =>
        mostMembers(
          rollup,
          set.map((i) => at(keys, i)),
        ),
      );
      // leaves under different windows have cells of their own, in one scan or in several
      const windows = new Set(moves.map((own) => JSON.stringify(own)));
      const each = [...windows].reduce((sum, own) => sum + (own === "[]" ? 1 : COMPARED), 0);
      most += each * members.reduce((sum, n) => sum + n, 0);
    }
    return most <= FEW ? { ...plan, fewRows: most } : plan;
  },
};
