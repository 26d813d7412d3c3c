export { TesseraError, type ErrorCode, type Problem } from "./errors/index.ts";
export * from "./model/index.ts";
export type { Column, Comparison, NamedCalculation, Query, Result, ResultMeta, Row, Value } from "./model/query.ts";
export type { Manifest, VersionFile, VersionTable } from "./warehouse/version.ts";
export { defineModel } from "./mining/define-model.ts";
export { defineTechnique } from "./mining/technique.ts";
export type {
  Allocation,
  AllocationRequest,
  ExperimentRequest,
  ExperimentVerdict,
  MiningModelSpec,
  Report,
} from "./mining/index.ts";
