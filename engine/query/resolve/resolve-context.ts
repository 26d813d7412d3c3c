/** What queries are resolved against. */
import type { Catalog } from "../../model/catalog.ts";
import type { Calendar, Day } from "../../model/time/calendar.ts";
import type { Binding } from "../binding/binding.ts";
import type { AttributeRef } from "../binding/member.ts";

/** The model, as the caller sees it and as it is, and the day that relative dates count from. */
export interface ResolveContext {
  /** the model as the caller sees it */
  readonly catalog: Catalog;
  /** the whole model, for what measures are computed from; default: `catalog` */
  readonly whole?: Catalog;
  readonly binding: Binding;
  /** the binding with all members by label, for what measures are computed from; default: `binding` */
  readonly wholeBinding?: Binding;
  readonly now: Day;
  /** the most rows of an answer */
  readonly maxRows?: number;
}

/** The calendar that a date or timestamp is read by: its dimension's own, else the model's first. */
export const calendarFor = (catalog: Catalog, ref: AttributeRef): Calendar =>
  (ref.t === "role" && ref.dimension.calendar) || firstCalendar(catalog);

/** The first calendar of a model; without one, plain years in UTC. */
export function firstCalendar(catalog: Catalog): Calendar {
  for (const dimension of catalog.dimensions.values()) if (dimension.calendar) return dimension.calendar;
  return {
    timeZone: "UTC",
    weekStart: 1,
    fiscalStart: 1,
    fiscalWeeks: null,
    holidays: new Map(),
    from: null,
    until: null,
  };
}
