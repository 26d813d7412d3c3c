export { allocate, type Allocation, type AllocationRequest, type ChannelPlan } from "./allocation/allocate.ts";
export { fitCurve, marginal, response, type ResponseCurve } from "./allocation/response-curve.ts";
export { evaluateExperiment, type ExperimentRequest, type ExperimentVerdict, type OutcomeVerdict } from "./experiment/evaluate.ts";
export { defineModel, type DefinedModel } from "./define-model.ts";
export { fitModel, type LabelRun } from "./fit-model.ts";
export { labelAttribute, labelsTable } from "../model/mining-model.ts";
export type { Figure, MiningContext, Plot, Report, ReportSection, Verdict } from "./technique.ts";
export type { MiningModelSpec } from "./techniques.ts";
