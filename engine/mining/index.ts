export { allocate, type Allocation, type AllocationRequest, type ChannelPlan } from "./allocation/allocate.ts";
export { fitCurve, marginal, response, type ResponseCurve } from "./allocation/response-curve.ts";
export {
  attribute,
  ATTRIBUTION_RULES,
  type Attribution,
  type AttributionRequest,
  type AttributionRule,
  type ChannelCredit,
} from "./attribution/attribute.ts";
export { RULE_TITLES } from "./attribution/fit-attribution.ts";
export { ruleAudience, type RuleAudience, type RuleAudienceRequest } from "./basket/rule-audience.ts";
export { checkPlan, type CampaignPlan, type PlannedOption } from "./contact-plan/campaign-plan.ts";
export {
  drawCampaign,
  type CampaignDraw,
  type CampaignSummary,
  type DrawnMember,
  type OptionSummary,
  type Scarce,
} from "./contact-plan/draw-campaign.ts";
export { planContacts } from "./contact-plan/plan-contacts.ts";
export type { ContactOption, ContactPlan, ContactProblem } from "./contact-plan/problem.ts";
export {
  evaluateExperiment,
  type ExperimentRequest,
  type ExperimentVerdict,
  type OutcomeVerdict,
} from "./experiment/evaluate.ts";
export { defineModel, type DefinedModel, type OwnModel } from "./define-model.ts";
export { tellMove } from "./drivers/tell-move.ts";
export { explainMove, usualDimensions, type Cut, type Move, type MoveRequest } from "./drivers/explain-move.ts";
export { expectedBands, type BandRequest, type Bands, type BandPoint } from "./anomalies/expected-bands.ts";
export { FORECAST_PERIODS, type ForecastPeriod } from "./forecast/forecast-series.ts";
export { goalOutlook, type Outlook, type OutlookRequest, type OutlookWords } from "./forecast/goal-outlook.ts";
export { fitModel, type LabelRun } from "./fit-model.ts";
export { labelAttribute, labelsTable } from "../model/mining-model.ts";
export { featureColumns, featureTable, readMatrix } from "./features.ts";
export {
  defineTechnique,
  type Figure,
  type Findings,
  type MiningContext,
  type ModelSpec,
  type Plot,
  type Report,
  type ReportSection,
  type Technique,
  type Verdict,
} from "./technique.ts";
export type { MiningModelSpec } from "./techniques.ts";
