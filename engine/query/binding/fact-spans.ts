/** First and last day of every cube's facts along each of its date roles; read once a version. */
import { parseDay, type Day } from "../../model/time/calendar.ts";
import type { Catalog } from "../../model/catalog.ts";
import { dayAt } from "../../model/time/zone.ts";
import { any, binary, cast, column, dayLiteral, integer, literal, type Expr } from "../../sql/tree.ts";
import { printDuckdb } from "../../sql/print-duckdb.ts";
import type { Serving } from "../../warehouse/serving.ts";
import type { Binding } from "./binding.ts";
import type { DayRange } from "../time/date-range.ts";

export interface FactSpan extends DayRange {
  /** no fact lies before or after; a column's stand-in for "none", as 0001-01-01 or 9999-12-31, is a fact, but stretches no span */
  readonly whole: boolean;
}

/** Days beyond these are no dates of a company's facts, but stand for "never" or "unknown". */
const FIRST = "1800-01-01";
const LAST = "2199-12-31";

/** Of moments the first and the last, so that any zone's days can be told. */
interface Stored {
  readonly from: string;
  readonly until: string;
  readonly whole: boolean;
  readonly moments: boolean;
}

/** @returns the span of a cube's role, in the calendar's zone or another; null where it has no dates */
export async function readSpans(
  catalog: Catalog,
  binding: Binding,
  serving: Serving,
): Promise<(cube: string, role: string, zone?: string | null) => FactSpan | null> {
  const stored = new Map<string, Stored>();
  for (const cube of catalog.cubes.values()) {
    const roles = [...cube.roles].flatMap(([name, role]) => {
      const physical = role.to.kind === "date" && "on" in role ? binding.factColumn(cube, role.on) : undefined;
      return physical === undefined
        ? []
        : [{ name, on: (role as { readonly on: string }).on, moments: physical === "TIMESTAMP WITH TIME ZONE" }];
    });
    if (roles.length === 0) continue;
    const columns = roles.flatMap(({ on, moments }, i) => {
      const of = moments ? column("f", on) : cast(column("f", on), "date");
      const at = (day: string): Expr =>
        moments ? literal(`${day} 00:00:00+00`, "timestamptz") : dayLiteral(parseDay(day)!);
      const inside = binary("and", binary(">=", of, at(FIRST)), binary("<=", of, at(LAST)));
      const outside = any([binary("<", of, at(FIRST)), binary(">", of, at(LAST))]);
      return [
        ...(["min", "max"] as const).map((name) => ({
          as: `${name}${i}`,
          expr: { t: "aggregate" as const, name, of, filter: inside },
        })),
        { as: `odd${i}`, expr: { t: "aggregate" as const, name: "count" as const, of: integer(1), filter: outside } },
      ];
    });
    const from =
      cube.spec.table !== undefined
        ? ({ t: "table", name: cube.spec.table, as: "f" } as const)
        : ({ t: "fragment", sql: cube.spec.sql!, as: "f" } as const);
    const read = await serving.run(printDuckdb({ t: "select", columns, from }).sql);
    for (const [i, { name, moments }] of roles.entries()) {
      const [first, last, odd] = [0, 1, 2].map((n) => read.columns[3 * i + n]![0]);
      if (typeof first === "string" && typeof last === "string")
        stored.set(`${cube.name}.${name}`, { from: first, until: last, whole: Number(odd) === 0, moments });
    }
  }
  const known = new Map<string, FactSpan | null>();
  return (cube, role, zone) => {
    const found = stored.get(`${cube}.${role}`);
    if (!found) return null;
    const clock = found.moments ? (zone ?? catalog.roles.get(role)!.dimension.calendar!.timeZone) : "UTC";
    const key = `${cube}.${role}/${clock}`;
    if (known.has(key)) return known.get(key)!;
    const day = (text: string): Day | null => (found.moments ? dayAt(clock, Date.parse(text)) : parseDay(text));
    const [from, until] = [day(found.from), day(found.until)];
    const span = from === null || until === null ? null : { from, until, whole: found.whole };
    known.set(key, span);
    return span;
  };
}
