/** Which version of a member a query sees, of dimensions that keep versions (SCD 2). */
import type { Day } from "../../model/time/calendar.ts";

/** The current version, the one at the event, or the one at a day. */
export type HistoryMode = "as_is" | "as_was" | { readonly asOf: Day };
