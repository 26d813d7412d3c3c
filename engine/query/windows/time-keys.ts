/** The time keys of a grouping set: its keys along one date role. */
import { at, present } from "../../lookup.ts";
import type { DateLevel } from "../../model/dimension.ts";
import { isPeriod, parseDay } from "../../model/time/calendar.ts";
import { dayLiteral, literal, type Expr } from "../../sql/tree.ts";
import { levelOf, type AttributeRef } from "../binding/member.ts";
import type { GroupingSet } from "../language/grouping.ts";

/** A key along a date role. */
export interface TimeKey {
  /** its position among the query's keys */
  readonly position: number;
  readonly member: string;
  readonly level: DateLevel;
}

interface Keys {
  readonly keys: readonly AttributeRef[];
}

/** Whether a key lies along a role. */
export const isKeyOf = (ref: AttributeRef, role: string): boolean => ref.t === "role" && ref.role === role;

/** The positions of a set's keys along a role. */
export const timePositions = ({ keys }: Keys, set: GroupingSet, role: string): number[] =>
  set.filter((i) => isKeyOf(at(keys, i), role));

/** A set's keys along a role, with their levels. */
export const timeKeysOf = (query: Keys, set: GroupingSet, role: string): TimeKey[] =>
  timePositions(query, set, role).map((position) => {
    const ref = at(query.keys, position);
    return { position, member: ref.member, level: levelOf(ref) };
  });

/** The day of an ISO date that the planner made itself. @throws Error for any other text */
export const dayFrom = (text: string): number => present(parseDay(text), `the day ${text}`);

/** A time key's value in a list of cells. */
export function timeLiteral(value: string | number | boolean | null, level: DateLevel): Expr {
  if (typeof value === "string" && isPeriod(level)) return dayLiteral(dayFrom(value));
  if (typeof value === "number") return literal(value, "integer");
  return literal(value, typeof value === "boolean" ? "boolean" : "text");
}
