/** First and last day of every cube's facts along each of its date roles, read once for each version. */
import { parseDay, type Day } from "../../model/time/calendar.ts";
import { calendarOf, type Catalog } from "../../model/catalog.ts";
import { isBridge } from "../../model/cube.ts";
import { dayAt } from "../../model/time/zone.ts";
import { present } from "../../lookup.ts";
import { any, binary, cast, column, dayLiteral, integer, literal, type Expr } from "../../sql/tree.ts";
import { relationOf } from "./owner.ts";
import { ask, type Serving } from "../../warehouse/serving.ts";
import type { Binding } from "./binding.ts";
import type { DayRange } from "../time/date-range.ts";

/** First and last day of a cube's facts. */
export interface FactSpan extends DayRange {
  /**
   * every fact lies between them. A stand-in for "never", such as 0001-01-01 or 9999-12-31, is a fact outside: it
   * stretches no span
   */
  readonly whole: boolean;
}

/** Days outside these stand for "never" or "unknown" in most systems. */
const FIRST = "1800-01-01";
const LAST = "2199-12-31";

/** First and last value as stored; of moments, so that their days in any zone can be computed. */
interface Stored {
  readonly from: string;
  readonly until: string;
  readonly whole: boolean;
  readonly moments: boolean;
}

/** @returns a function that gives the span of a cube's role, in the calendar's zone or another; null without dates */
export async function readSpans(
  catalog: Catalog,
  binding: Binding,
  serving: Serving,
): Promise<(cube: string, role: string, zone?: string | null) => FactSpan | null> {
  const stored = new Map<string, Stored>();
  for (const cube of catalog.cubes.values()) {
    const roles = [...cube.roles].flatMap(([name, role]) => {
      if (role.to.kind !== "date" || isBridge(role)) return [];
      const physical = binding.factColumn(cube, role.on);
      return physical === undefined ? [] : [{ name, on: role.on, moments: physical.t === "instant" }];
    });
    if (roles.length === 0) continue;
    const columns = roles.flatMap(({ on, moments }, i) => {
      const of = moments ? column("f", on) : cast(column("f", on), "date");
      const at = (day: string): Expr =>
        moments ? literal(`${day} 00:00:00+00`, "timestamptz") : dayLiteral(dayFrom(day));
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
    const read = await ask(serving, { t: "select", columns, from: relationOf(cube.spec, "f") });
    for (const [i, { name, moments }] of roles.entries()) {
      const [first, last, odd] = [0, 1, 2].map((n) => read.columns[3 * i + n]?.[0]);
      if (typeof first === "string" && typeof last === "string")
        stored.set(`${cube.name}.${name}`, { from: first, until: last, whole: Number(odd) === 0, moments });
    }
  }
  const computed = new Map<string, FactSpan | null>();
  return (cube, role, zone) => {
    const found = stored.get(`${cube}.${role}`);
    if (!found) return null;
    const clock = found.moments ? (zone ?? calendarOf(catalog, role).timeZone) : "UTC";
    const key = `${cube}.${role}/${clock}`;
    const known = computed.get(key);
    if (known !== undefined) return known;
    const day = (text: string): Day | null => (found.moments ? dayAt(clock, Date.parse(text)) : parseDay(text));
    const [from, until] = [day(found.from), day(found.until)];
    const span = from === null || until === null ? null : { from, until, whole: found.whole };
    computed.set(key, span);
    return span;
  };
}

const dayFrom = (text: string): Day => present(parseDay(text), text);
