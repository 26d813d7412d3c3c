/** A query with every name resolved: plain data for the planner. */
import type { Day } from "../../model/time/calendar.ts";
import type { AttributeType } from "../../model/dimension.ts";
import type { Format } from "../../model/measure.ts";
import type { Condition, Leaf, MeasureTree } from "./nodes.ts";
import type { DayRange } from "../time/date-range.ts";
import type { HistoryMode } from "./history-mode.ts";
import type { AttributeRef } from "../binding/member.ts";
import type { Value } from "../../model/query.ts";
import type { ResolvedTop } from "./top.ts";

/** A measure of the answer. */
export interface OutputMeasure {
  readonly name: string;
  readonly title: string;
  readonly description: string | undefined;
  readonly format: Format;
  readonly better: "up" | "down";
  readonly type: AttributeType;
  readonly tree: MeasureTree;
  /** the tree of the compared side; null without a comparison */
  readonly previous: MeasureTree | null;
}

/** What the planner reads of a query. */
export interface ResolvedQuery {
  /** the dimensions, in the query's order; key n is the column `kn` */
  readonly keys: readonly AttributeRef[];
  readonly measures: readonly OutputMeasure[];
  readonly leaves: { readonly all: readonly Leaf[] };
  /** dimension filters, ANDed */
  readonly rows: readonly Condition[];
  /** measure filters, ANDed */
  readonly having: readonly Condition[];
  /** measures that only filters or the order need */
  readonly hidden: ReadonlyMap<string, MeasureTree>;
  /** the ranges of a comparison; `years`: it moves by that many whole years */
  readonly compare: {
    readonly role: string;
    readonly current: DayRange;
    readonly previous: DayRange;
    readonly years: number | null;
  } | null;
  /** output grouping sets: positions of keys; the first is the details */
  readonly sets: readonly (readonly number[])[];
  readonly order: readonly {
    readonly by: { readonly key: number } | { readonly measure: string };
    readonly direction: "asc" | "desc";
  }[];
  readonly limit: number;
  /** rows of earlier pages */
  readonly offset?: number;
  readonly history: HistoryMode;
  readonly timeZone: string | null;
  readonly now: Day;
  readonly fillDates: boolean;
  /** rankings to run before the query itself */
  readonly tops?: readonly ResolvedTop[];
  /** the answer is the `n` rows with the most of a measure, so nothing has to be ranked before */
  readonly best?: { readonly measure: number; readonly n: number };
  /** members that `top` keeps, as values of key positions; only details are cut */
  readonly keep?: readonly { readonly keys: readonly number[]; readonly members: readonly (readonly Value[])[] }[];
}
