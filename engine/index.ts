export { TesseraError, type ErrorCode, type Problem } from "./errors.ts";
export * from "./model/index.ts";
export type { Column, Comparison, NamedCalculation, Query, Result, ResultMeta, Row, Value } from "./query/query.ts";
export type { Manifest, VersionFile, VersionTable } from "./warehouse/version.ts";
export { allocate, defineModel, evaluateExperiment, type Allocation, type AllocationRequest, type ExperimentRequest, type ExperimentVerdict, type MiningModelSpec, type Report } from "./mining/index.ts";
