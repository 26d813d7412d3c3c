/** What filters are resolved against. */
import type { Catalog } from "../../model/catalog.ts";
import type { AttributeType } from "../../model/dimension.ts";
import type { Day } from "../../model/time/calendar.ts";
import type { Binding } from "../binding/binding.ts";

/** The model and the query's own names, for filters. */
export interface ConditionContext {
  readonly catalog: Catalog;
  readonly binding: Binding;
  readonly now: Day;
  /** the query's zone; null or missing: each calendar's own */
  readonly timeZone?: string | null;
  /** the query's own calculations, with their types */
  readonly calculations?: ReadonlyMap<string, AttributeType>;
  /** the measures that the query compares; missing: it compares none */
  readonly compared?: ReadonlySet<string>;
}
