import { declared } from "./declared-at.ts";
/** Dimensions: what facts are sliced by. A dimension is declared once and shared by every cube that joins it. */

export type AttributeType = "string" | "integer" | "number" | "boolean" | "date" | "timestamp";

export interface AttributeOptions {
  readonly title?: string;
  readonly description?: string;
  readonly type?: AttributeType;
}

/** A column; an expression over the table's columns; an attribute of a referenced dimension; or numbers cut into ordered bins. */
export type Attribute =
  | string
  | (AttributeOptions & { readonly sql: string; readonly bins?: readonly number[] })
  | (AttributeOptions & { readonly from: string });

export interface DimensionSpec {
  readonly name: string;
  readonly title?: string;
  readonly description?: string;
  readonly table?: string;
  readonly sql?: string;
  readonly key: string;
  readonly label?: string;
  readonly references?: { readonly [name: string]: { readonly to: Dimension; readonly on: string } };
  readonly attributes: { readonly [name: string]: Attribute };
  readonly hierarchies?: { readonly [name: string]: readonly string[] };
  readonly parentChild?: {
    readonly [name: string]: { readonly parent: string; readonly root?: string | number | null };
  };
  /** the table is SCD 2: `from` is included, `until` is not, null is open; `version` is the key of one version */
  readonly history?: { readonly from: string; readonly until: string; readonly version: string };
}

export type Dimension<S extends DimensionSpec = DimensionSpec> = S & { readonly kind: "dimension" };

/** Declares a dimension. Nothing is checked here: all problems of a model are reported at once when it is opened. */
export const defineDimension = <const S extends DimensionSpec>(spec: S): Dimension<S> =>
  declared({ ...spec, kind: "dimension" as const });

/** The attributes that every date dimension has. Periods are the ISO date of their first day; the others are numbers or texts. */
export const DATE_LEVELS = [
  "year",
  "half",
  "quarter",
  "month",
  "week",
  "day",
  "fiscal_year",
  "fiscal_quarter",
  "fiscal_period",
  "day_of_week",
  "day_of_month",
  "month_of_year",
  "quarter_of_year",
  "week_of_year",
  "is_weekend",
  "is_holiday",
  "holiday",
  "hour",
  "minute",
  "hour_of_day",
] as const;
export type DateLevel = (typeof DATE_LEVELS)[number];

/** A fiscal calendar of whole weeks, as retailers keep it. */
export interface FiscalWeeks {
  /** weeks of a quarter's three periods */
  readonly pattern: "4-4-5" | "4-5-4" | "5-4-4";
  /** the year ends with the last week that ends in the month before `fiscalYearStart` (default), or with the one that ends nearest to that month's end; a 53rd week belongs to the last period */
  readonly yearEnds?: "last" | "nearest";
}

export interface DateDimensionSpec {
  readonly name: string;
  readonly title?: string;
  readonly description?: string;
  /** ISO date, or "auto": the span of the facts */
  readonly from?: string;
  readonly until?: string;
  /** IANA zone in which a timestamp becomes a day; a DATE column is a day already */
  readonly timeZone?: string;
  readonly weekStart?: "monday" | "sunday" | "saturday";
  /** first month of the fiscal year, 1 to 12; the fiscal year is named for its first day */
  readonly fiscalYearStart?: number;
  /** fiscal years, quarters and periods of whole weeks in place of months */
  readonly fiscalWeeks?: FiscalWeeks;
  readonly holidays?: readonly { readonly on: string; readonly name: string }[];
}

export type DateDimension<S extends DateDimensionSpec = DateDimensionSpec> = S & { readonly kind: "date" };

/** Declares a calendar. */
export const defineDateDimension = <const S extends DateDimensionSpec>(spec: S): DateDimension<S> =>
  declared({ ...spec, kind: "date" as const });

export type AnyDimension = Dimension | DateDimension;
