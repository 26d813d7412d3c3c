export { allocate, type Allocation, type AllocationRequest, type ChannelPlan } from "./allocation/allocate.ts";
export { fitCurve, marginal, response, type ResponseCurve } from "./allocation/response-curve.ts";
export { evaluateExperiment, type ExperimentRequest, type ExperimentVerdict, type OutcomeVerdict } from "./experiment/evaluate.ts";
export { fitModel, type LabelRun } from "./fit-model.ts";
export { labelAttribute, labelsTable, OUTPUTS } from "./outputs.ts";
export type { Figure, MiningContext, Report, ReportSection } from "./technique.ts";
