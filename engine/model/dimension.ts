/** Dimensions: what facts are sliced by. A dimension is declared once and shared by every cube that joins it. */
import { declared } from "./declared-at.ts";

/** The type of an attribute's values, as results give them. */
export type AttributeType = "string" | "integer" | "number" | "boolean" | "date" | "timestamp";

/** What every form of an attribute may have. */
export interface AttributeOptions {
  readonly title?: string;
  readonly description?: string;
  /** default: the type that the warehouse gives */
  readonly type?: AttributeType;
  /** members in the order that they mean, for example stages or tiers; others come after them. Default: by value */
  readonly order?: readonly string[];
}

/**
 * A column; an expression over the table's columns; an attribute of a referenced dimension (`from: "region.name"`); or
 * a number cut into ordered bins by their lower bounds.
 */
export type Attribute =
  | string
  | (AttributeOptions & { readonly sql: string; readonly bins?: readonly number[] })
  | (AttributeOptions & { readonly from: string });

/** What `defineDimension` takes. */
export interface DimensionSpec {
  readonly name: string;
  readonly title?: string;
  readonly description?: string;
  /** the dimension's table; either this or `sql` */
  readonly table?: string;
  /** a SELECT to read the members from, in place of `table` */
  readonly sql?: string;
  /** the column with the key that facts hold */
  readonly key: string;
  /** the attribute that names a member to people; default: the key */
  readonly label?: string;
  /** further dimensions (a snowflake): `on` is this table's column with their key */
  readonly references?: { readonly [name: string]: { readonly to: Dimension; readonly on: string } };
  readonly attributes: { readonly [name: string]: Attribute };
  /** attributes from coarse to fine, for drilling */
  readonly hierarchies?: { readonly [name: string]: readonly string[] };
  /** hierarchies by a column with the parent's key; `root` is that column's value of a member without parent */
  readonly parentChild?: {
    readonly [name: string]: { readonly parent: string; readonly root?: string | number | null };
  };
  /** the table is SCD 2: `from` is included, `until` is not, null is open; `version` is the key of one version */
  readonly history?: { readonly from: string; readonly until: string; readonly version: string };
}

/** A declared dimension. */
export type Dimension<S extends DimensionSpec = DimensionSpec> = S & { readonly kind: "dimension" };

/**
 * Declares a dimension. Nothing is checked here: opening the model reports all its problems at once.
 * @example defineDimension({ name: "customer", table: "customers", key: "id", attributes: { country: "country" } })
 */
export const defineDimension = <const S extends DimensionSpec>(spec: S): Dimension<S> =>
  declared({ ...spec, attributes: spec.attributes ?? {}, kind: "dimension" as const });

/**
 * The attributes of every date dimension. A period is the ISO date of its first day; the others are numbers or texts.
 */
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
/** One of the attributes of a date dimension. */
export type DateLevel = (typeof DATE_LEVELS)[number];

/** A fiscal calendar of whole weeks, as retailers keep it. */
export interface FiscalWeeks {
  /** weeks of a quarter's three periods */
  readonly pattern: "4-4-5" | "4-5-4" | "5-4-4";
  /**
   * the year ends with the last week that ends in the month before `fiscalYearStart` (default), or with the week that
   * ends nearest to that month's end; a 53rd week belongs to the last period
   */
  readonly yearEnds?: "last" | "nearest";
}

/** What `defineDateDimension` takes. */
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

/** A declared calendar. */
export type DateDimension<S extends DateDimensionSpec = DateDimensionSpec> = S & { readonly kind: "date" };

/** Declares a calendar. @example defineDateDimension({ name: "date", timeZone: "Europe/Berlin" }) */
export const defineDateDimension = <const S extends DateDimensionSpec>(spec: S): DateDimension<S> =>
  declared({ ...spec, kind: "date" as const });

/** A declared dimension or calendar. */
export type AnyDimension = Dimension | DateDimension;

/** A dimension that is known to have a table. @throws Error for a calendar */
export function tableDimension(dimension: AnyDimension): Dimension {
  if (dimension.kind === "date") throw new Error(`dimension ${dimension.name} is a calendar, not a table`);
  return dimension;
}
