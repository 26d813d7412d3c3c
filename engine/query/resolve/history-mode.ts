/** Which version of a member with history a query sees. */
import type { Day } from "../../model/time/calendar.ts";

export type History = "as_is" | "as_was" | { readonly asOf: Day };
