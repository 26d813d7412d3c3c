/** What a typed project knows at compile time: its members, which of them can be joined, and the types of the rows. */
import type { Filter } from "./filter.ts";
import type { DateLevel } from "./dimension.ts";
import type { ProjectSpec } from "./project.ts";
import type { Comparison, NamedCalculation, Query, Result, Value } from "../query/query.ts";

type Names<T> = keyof T & string;
type Cubes<P extends ProjectSpec> = P["cubes"][number];
type Models<P extends ProjectSpec> = NonNullable<P["models"]>[number];

type LabelNames<M, Dimension extends string> = M extends { readonly name: infer N extends string; readonly outputs: infer O; readonly over: Dimension }
  ? { [K in Names<O>]: M extends { readonly as: { readonly [L in K]: infer A extends string } } ? A : `${N}_${K}` }[Names<O>]
  : never;

type AttributeNames<D, M> = D extends { readonly kind: "date" } ? DateLevel
  : D extends { readonly name: infer N extends string; readonly key: infer K extends string; readonly attributes: infer A } ? Names<A> | K | HierarchyNames<D> | LabelNames<M, N> : never;
/** A parent-child hierarchy is a member too. */
type HierarchyNames<D> = D extends { readonly parentChild: infer H } ? Names<H> : never;

type RoleMembers<C, M> = C extends { readonly dimensions: infer D } ? { [R in Names<D>]: D[R] extends { readonly to: infer To } ? `${R}.${AttributeNames<To, M>}` : never }[Names<D>] : never;
type OwnMembers<C> = C extends { readonly name: infer N extends string; readonly attributes: infer A } ? `${N}.${Names<A>}` : never;

/** `cube.measure` of every cube. */
export type MeasureMember<P extends ProjectSpec> = Cubes<P> extends infer C ? (C extends { readonly name: infer N extends string; readonly measures: infer M } ? `${N}.${Names<M>}` : never) : never;
/** `role.attribute` and `cube.attribute` of every cube. */
export type DimensionMember<P extends ProjectSpec> = Cubes<P> extends infer C ? (C extends unknown ? RoleMembers<C, Models<P>> | OwnMembers<C> : never) : never;

/** `segments.name` of every segment, true or false for each member. */
export type SegmentMember<P extends ProjectSpec> = NonNullable<P["segments"]>[number] extends infer S ? (S extends { readonly name: infer N extends string } ? `segments.${N}` : never) : never;

/** The segments over a dimension that a cube has. */
type SegmentsOf<P extends ProjectSpec, C> = C extends { readonly dimensions: infer D } ? (NonNullable<P["segments"]>[number] extends infer S ? (S extends { readonly name: infer N extends string; readonly over: NamesOfDimensions<D> } ? `segments.${N}` : never) : never) : never;
type NamesOfDimensions<D> = { [R in keyof D]: D[R] extends { readonly to: { readonly name: infer N } } ? N : never }[keyof D];

/** The dimensions of one cube, wrapped so that several cubes' can be intersected. */
type DimensionsOf<P extends ProjectSpec, Name extends string> = Name extends string ? (members: RoleMembers<Extract<Cubes<P>, { readonly name: Name }>, Models<P>> | OwnMembers<Extract<Cubes<P>, { readonly name: Name }>> | SegmentsOf<P, Extract<Cubes<P>, { readonly name: Name }>>) => void : never;
type CubeOfMeasure<M extends string> = M extends `${infer Cube}.${string}` ? Cube : never;
/** The dimensions that every cube of the measures has. */
export type JoinableDimension<P extends ProjectSpec, M extends string> = [M] extends [never] ? DimensionMember<P> : DimensionsOf<P, CubeOfMeasure<M>> extends (members: infer D) => void ? D & string : never;

type ValueOf<D extends string> = D extends `segments.${string}` | `${string}.${"is_weekend" | "is_holiday"}` ? boolean | null
  : D extends `${string}.${"day_of_week" | "day_of_month" | "month_of_year" | "quarter_of_year" | "week_of_year" | "hour_of_day"}` ? number | null
  : D extends `${string}.${"year" | "half" | "quarter" | "month" | "week" | "day" | "fiscal_year" | "fiscal_quarter" | "fiscal_period"}` ? string | null : Value;

/** A row: a number or null for each measure, the attribute's value for each dimension. */
export type TypedRow<M extends string, D extends string> = { readonly [K in M]: number | null } & { readonly [K in D]: ValueOf<K> };

export type TypedQuery<P extends ProjectSpec, M extends string, D extends string> = Omit<Query, "measures" | "dimensions" | "filters" | "top" | "totals" | "pivot" | "compare"> & {
  readonly measures: readonly (M | NamedCalculation)[];
  readonly dimensions?: readonly D[];
  readonly filters?: readonly Filter<DimensionMember<P> | MeasureMember<P> | SegmentMember<P> | RoleName<P>>[];
  readonly top?: readonly { readonly dimension: NoInfer<D>; readonly by: NoInfer<M> | MeasureMember<P>; readonly n: number; readonly others?: boolean; readonly within?: readonly NoInfer<D>[] }[];
  readonly totals?: boolean | readonly (readonly NoInfer<D>[])[];
  readonly pivot?: { readonly columns: readonly NoInfer<D>[] };
  readonly compare?: { readonly dimension: RoleName<P>; readonly to: Comparison };
};
type RoleName<P extends ProjectSpec> = Cubes<P> extends infer C ? (C extends { readonly dimensions: infer D } ? Names<D> : never) : never;

export type TypedResult<M extends string, D extends string> = Result<TypedRow<M, D>>;
