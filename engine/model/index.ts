export type { Filter, FilterValue, MemberFilter, Operator } from "./filter.ts";
export type { Events, Format, Measure, MeasureOptions, MeasureRef, Span } from "./measure.ts";
export {
  sum,
  count,
  countDistinct,
  approxCountDistinct,
  avg,
  min,
  max,
  median,
  quantile,
  stddev,
  firstValue,
  lastValue,
  averageOverTime,
  calculated,
  conversion,
  measure,
  running,
  rolling,
  toDate,
  shift,
  share,
  rank,
} from "./measures.ts";
export {
  DATE_LEVELS,
  defineDateDimension,
  defineDimension,
  type AnyDimension,
  type AttributeType,
  type DateDimension,
  type DateLevel,
  type Dimension,
  type FiscalWeeks,
} from "./dimension.ts";
export { defineCube, type Cube, type Role } from "./cube.ts";
export {
  defineAllocation,
  defineDashboard,
  defineExperiment,
  defineGoal,
  defineSegment,
  type ChannelAllocation,
  type ChartKind,
  type Dashboard,
  type Experiment,
  type Goal,
  type Segment,
  type Tile,
} from "./declarations.ts";
export type { MiningModel, Output } from "./mining-model.ts";
export { defineProject, type Project, type ProjectSpec, type RoleSpec } from "./project.ts";
export type { AttributeView, CatalogView, CubeView, MeasureView, RoleView } from "./catalog-view.ts";
