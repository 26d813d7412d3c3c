/** What a typed project knows at compile time: its members, which of them can be joined, and the types of the rows. */
import type { Filter } from "./filter.ts";
import type { DateLevel } from "./dimension.ts";
import type { ProjectSpec } from "./project.ts";
import type { ROWS } from "./row-count.ts";
import type { Comparison, NamedCalculation, Query, Result, Value } from "./query.ts";

type Names<T> = keyof T & string;
type Cubes<P extends ProjectSpec> = P["cubes"][number];
type Models<P extends ProjectSpec> = NonNullable<P["models"]>[number];

type LabelNames<M, Dimension extends string> = M extends {
  readonly name: infer N extends string;
  readonly outputs: infer O;
  readonly over: Dimension;
}
  ? {
      [K in Names<O>]: M extends { readonly as: { readonly [L in K]: infer A extends string } } ? A : `${N}_${K}`;
    }[Names<O>]
  : never;

type AttributeNames<D, M> = D extends { readonly kind: "date" }
  ? DateLevel
  : D extends {
        readonly name: infer N extends string;
        readonly key: infer K extends string;
        readonly attributes: infer A;
      }
    ? Names<A> | K | HierarchyNames<D> | LabelNames<M, N>
    : never;
/** A parent-child hierarchy is a member too. */
type HierarchyNames<D> = D extends { readonly parentChild: infer H } ? Names<H> : never;

/** A role alone means its label, or the days of a calendar. */
type RoleMembers<C, M> = C extends { readonly dimensions: infer D }
  ? { [R in Names<D>]: D[R] extends { readonly to: infer To } ? R | `${R}.${AttributeNames<To, M>}` : never }[Names<D>]
  : never;
type OwnMembers<C> = C extends { readonly name: infer N extends string; readonly attributes: infer A }
  ? `${N}.${Names<A>}`
  : never;

/** `cube.measure` of every cube, and `cube.#rows`. */
export type MeasureMember<P extends ProjectSpec> =
  Cubes<P> extends infer C
    ? C extends { readonly name: infer N extends string; readonly measures: infer M }
      ? `${N}.${Names<M> | typeof ROWS}`
      : never
    : never;
/** `role.attribute` and `cube.attribute` of every cube. */
export type DimensionMember<P extends ProjectSpec> =
  Cubes<P> extends infer C ? (C extends unknown ? RoleMembers<C, Models<P>> | OwnMembers<C> : never) : never;

/** `segments.name` of every segment, true or false for each member. */
export type SegmentMember<P extends ProjectSpec> = NonNullable<P["segments"]>[number] extends infer S
  ? S extends { readonly name: infer N extends string }
    ? `segments.${N}`
    : never
  : never;

/** The segments over a dimension that a cube has. */
type SegmentsOf<P extends ProjectSpec, C> = C extends { readonly dimensions: infer D }
  ? NonNullable<P["segments"]>[number] extends infer S
    ? S extends { readonly name: infer N extends string; readonly over: NamesOfDimensions<D> }
      ? `segments.${N}`
      : never
    : never
  : never;
type NamesOfDimensions<D> = {
  [R in keyof D]: D[R] extends { readonly to: { readonly name: infer N } } ? N : never;
}[keyof D];

/** The dimensions of one cube, wrapped so that several cubes' can be intersected. */
type DimensionsOf<P extends ProjectSpec, Name extends string> = Name extends string
  ? (
      members:
        | RoleMembers<Extract<Cubes<P>, { readonly name: Name }>, Models<P>>
        | OwnMembers<Extract<Cubes<P>, { readonly name: Name }>>
        | SegmentsOf<P, Extract<Cubes<P>, { readonly name: Name }>>,
    ) => void
  : never;
/** Measures whose number is repeated for the members of a dimension that their fact does not have. */
type Repeated<P extends ProjectSpec> =
  Cubes<P> extends infer C
    ? C extends { readonly name: infer N extends string; readonly measures: infer M }
      ? { [K in Names<M>]: M[K] extends { readonly unrelated: "repeat" } ? `${N}.${K}` : never }[Names<M>]
      : never
    : never;
type CubeOfMeasure<M extends string> = M extends `${infer Cube}.${string}` ? Cube : never;
/** The dimensions that every cube of the measures has; one that is repeated has all. */
export type JoinableDimension<P extends ProjectSpec, M extends string> = [Exclude<M, Repeated<P>>] extends [never]
  ? DimensionMember<P> | SegmentMember<P>
  : DimensionsOf<P, CubeOfMeasure<Exclude<M, Repeated<P>>>> extends (members: infer D) => void
    ? D & string
    : never;

type RoleName<P extends ProjectSpec> =
  Cubes<P> extends infer C ? (C extends { readonly dimensions: infer D } ? Names<D> : never) : never;
type SegmentName<P extends ProjectSpec> =
  SegmentMember<P> extends infer S ? (S extends `segments.${infer N}` ? N : never) : never;

/** One of a query's measures. */
export type Asked<P extends ProjectSpec> = MeasureMember<P> | NamedCalculation;
type MeasuresIn<Ms> = Ms extends readonly (infer A)[] ? Extract<A, string> : never;
type CalculationsIn<Ms> = Ms extends readonly (infer A)[]
  ? A extends { readonly name: infer N extends string }
    ? N
    : never
  : never;
/** The dimensions that the measures of a query can be spread by. */
export type SpreadBy<P extends ProjectSpec, Ms> = JoinableDimension<P, MeasuresIn<Ms>>;

/** What a comparison adds to each measure. */
type Side = "previous" | "change" | "change_rate";
export type TypedCompare<P extends ProjectSpec> = { readonly dimension: RoleName<P>; readonly to: Comparison };

type PeriodName =
  | "year"
  | "half"
  | "quarter"
  | "month"
  | "week"
  | "day"
  | "fiscal_year"
  | "fiscal_quarter"
  | "fiscal_period";
type NumberName = "day_of_week" | "day_of_month" | "month_of_year" | "quarter_of_year" | "week_of_year" | "hour_of_day";
type Whole<E extends boolean> = E extends true ? string | null : number | null;
type ValueOf<D extends string, E extends boolean> = D extends
  | `segments.${string}`
  | `${string}.${"is_weekend" | "is_holiday"}`
  ? boolean | null
  : D extends `${string}.${NumberName}`
    ? Whole<E>
    : D extends `${string}.${PeriodName}`
      ? string | null
      : Value;

/** The column that a role alone becomes. */
type FullName<P extends ProjectSpec, D extends string> = D extends `${string}.${string}`
  ? D
  : `${D}.${LabelOf<TargetOf<P, D>>}`;
type TargetOf<P extends ProjectSpec, R extends string> =
  Cubes<P> extends infer C
    ? C extends { readonly dimensions: { readonly [K in R]: { readonly to: infer To } } }
      ? To
      : never
    : never;
type LabelOf<To> = To extends { readonly kind: "date" }
  ? "day"
  : To extends { readonly label: infer L extends string }
    ? L
    : To extends { readonly key: infer K extends string }
      ? K
      : string;

/**
 * Decimals and integers are strings where every digit is asked for; what is divided, or named by a formula, may be a
 * number all the same.
 */
type NumberOf<P extends ProjectSpec, M extends string, E extends boolean> = E extends true
  ? M extends Computed<P>
    ? string | number | null
    : string | null
  : number | null;
type Computed<P extends ProjectSpec> =
  Cubes<P> extends infer C
    ? C extends { readonly name: infer N extends string; readonly measures: infer M }
      ? {
          [K in Names<M>]: M[K] extends { readonly kind: "calculated" | "share" | "nested" | "conversion" }
            ? `${N}.${K}`
            : never;
        }[Names<M>]
      : never
    : never;
type Exact<E extends boolean> = E extends true ? string | number | null : number | null;

/**
 * A row: a number or null for each measure and calculation, beside a comparison its other side too, and the attribute's
 * value for each dimension.
 */
export type TypedRow<P extends ProjectSpec, Ms, D extends string, C = undefined, E extends boolean = false> = {
  readonly [K in MeasuresIn<Ms>]: NumberOf<P, K, E>;
} & { readonly [K in CalculationsIn<Ms>]: Exact<E> } & ([C] extends [undefined]
    ? unknown
    : { readonly [K in `${MeasuresIn<Ms> | CalculationsIn<Ms>}.${"previous" | "change"}`]: Exact<E> } & {
        readonly [K in `${MeasuresIn<Ms> | CalculationsIn<Ms>}.change_rate`]: number | null;
      }) & { readonly [K in D as FullName<P, K>]: ValueOf<K extends `${string}.${string}` ? K : FullName<P, K>, E> };
type FilterMember<P extends ProjectSpec, Ms> =
  | DimensionMember<P>
  | MeasureMember<P>
  | SegmentMember<P>
  | CalculationsIn<Ms>
  | `${MeasuresIn<Ms> | CalculationsIn<Ms>}.${Side}`;

export type TypedQuery<
  P extends ProjectSpec,
  Ms extends readonly Asked<P>[],
  D extends string,
  C extends TypedCompare<P> | undefined = undefined,
  E extends boolean = false,
> = Omit<Query, "measures" | "dimensions" | "filters" | "top" | "totals" | "pivot" | "compare" | "order" | "exact"> & {
  readonly measures: Ms;
  readonly dimensions?: readonly D[];
  readonly filters?: readonly Filter<FilterMember<P, NoInfer<Ms>>, SegmentName<P>>[];
  readonly top?: readonly {
    readonly dimension: NoInfer<D>;
    readonly by: MeasureMember<P> | CalculationsIn<NoInfer<Ms>>;
    readonly n: number;
    readonly others?: boolean;
    readonly within?: readonly NoInfer<D>[];
  }[];
  readonly totals?: boolean | readonly (readonly NoInfer<D>[])[];
  readonly pivot?: { readonly columns: readonly NoInfer<D>[] };
  readonly order?: readonly {
    readonly member:
      | NoInfer<D>
      | RoleName<P>
      | MeasureMember<P>
      | CalculationsIn<NoInfer<Ms>>
      | ([NoInfer<C>] extends [undefined] ? never : `${MeasuresIn<NoInfer<Ms>> | CalculationsIn<NoInfer<Ms>>}.${Side}`);
    readonly direction?: "asc" | "desc";
  }[];
  readonly compare?: C;
  readonly exact?: E;
};

/** The rows below a cell are asked for like the cell. */
export type TypedCell<P extends ProjectSpec> = {
  readonly cell?: { readonly [K in DimensionMember<P> | SegmentMember<P>]?: Value };
};

export type TypedResult<P extends ProjectSpec, Ms, D extends string, C = undefined, E extends boolean = false> = Result<
  TypedRow<P, Ms, D, C, E>
>;
