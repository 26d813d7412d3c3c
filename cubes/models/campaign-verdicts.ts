import { defineExperiment } from "../../engine/index.ts";

export const campaignVerdicts = defineExperiment({
  name: "campaigns",
  title: "Campaign verdicts",
  description:
    "Each campaign against its random control group: conversion, margin, and whether it paid for its contacts.",
  cube: "assignments",
  treated: "assignments.treated",
  by: "campaign.name",
  outcomes: [
    "assignments.conversions",
    "assignments.revenue",
    "assignments.margin",
    "assignments.cases",
    "assignments.satisfaction",
  ],
  covariate: "assignments.prior_revenue",
  cost: "assignments.cost",
  profit: "assignments.margin",
  windowEnds: "campaign.ended_on",
  heldOutShare: "campaign.holdout_share",
  follow: { sent: "touches.sends", answered: "responses.responses", spent: "touches.cost" },
  correction: "benjamini_hochberg",
});
