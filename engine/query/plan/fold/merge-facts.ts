/** The facts of a query as rows of one relation. */
import { k } from "./key-column.ts";
import type { Column } from "./fact-parts.ts";
import { column, integer, literal, type Select, type SelectLike, NULL } from "../../../sql/tree.ts";
import { setKey } from "../../language/grouping.ts";
import type { Leaf } from "../../resolve/nodes.ts";
import type { Part } from "./fact-plan.ts";

/** Facts meet as rows of one union: nulls in keys meet there by themselves, and nothing is joined. */
export function mergeFacts(of: readonly Part[], leaves: readonly Leaf[], keys: number): SelectLike {
  const names = leaves.map((leaf) => leaf.column);
  const selects = of.map((part) => part.select);
  const [only, another] = selects;
  if (only === undefined) return noFacts(names, keys);
  const has = (select: Select, name: string): boolean => select.columns.some((c) => c.as === name);
  const whole = selects.every((select) => names.every((name) => has(select, name)));
  if (another === undefined && whole) return only;
  const parts: Select[] = selects.map((select, n) => ({
    t: "select",
    from: { t: "select", select, as: `u${n}` },
    columns: [
      ...Array.from({ length: keys }, (_, i) => ({ expr: column(`u${n}`, k(i)), as: k(i) })),
      { expr: column(`u${n}`, "g"), as: "g" },
      ...names.map((as) => ({ expr: has(select, as) ? column(`u${n}`, as) : NULL, as })),
    ],
  }));
  // where each part has all measures, at levels of its own, no two rows are of one cell
  const levels = of.flatMap((part) => part.sets.map(setKey));
  if (whole && new Set(levels).size === levels.length) return { t: "union_all", of: parts };
  const by = [...Array.from({ length: keys }, (_, i) => column("u", k(i))), column("u", "g")];
  const merged = names.map((as): Column => {
    const found = selects.some((select) => has(select, as));
    return {
      expr: found ? { t: "aggregate", name: "max", of: column("u", as), filter: null } : literal(null, "double"),
      as,
    };
  });
  return {
    t: "select",
    from: { t: "select", select: { t: "union_all", of: parts }, as: "u" },
    columns: [...by.map((expr, i) => ({ expr, as: i < keys ? k(i) : "g" })), ...merged],
    groupBy: { keys: by },
  };
}

/** No rows, with the columns of the merged facts. */
function noFacts(names: readonly string[], keys: number): Select {
  return {
    t: "select",
    columns: [
      ...Array.from({ length: keys }, (_, i) => ({ expr: literal(null, "text"), as: k(i) })),
      { expr: integer(0), as: "g" },
      ...names.map((as) => ({ expr: literal(null, "double"), as })),
    ],
    where: literal(false, "boolean"),
  };
}
