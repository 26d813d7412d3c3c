/** What filters are resolved against. */
import type { Calendar, Day } from "../../model/time/calendar.ts";
import type { Catalog } from "../../model/catalog.ts";
import type { AttributeType } from "../../model/dimension.ts";
import type { Binding } from "../binding/binding.ts";
import type { AttributeRef } from "../binding/member.ts";

export interface ConditionContext {
  readonly catalog: Catalog;
  readonly binding: Binding;
  readonly now: Day;
  readonly calendarOf: (ref: AttributeRef) => Calendar;
  /** the query's zone, in place of the calendar's own */
  readonly timeZone?: string | null;
  /** the query's own calculations, and what they come to */
  readonly calculations?: ReadonlyMap<string, AttributeType>;
  /** the measures that the query compares */
  readonly compared?: ReadonlySet<string>;
}
