/** Outputs of the techniques that describe or score customers. */
import type { Described } from "./described.ts";

const LIFETIME = {
  alive: {
    type: "number",
    title: "Probability alive",
    description: "Probability, 0 to 1, that the customer still buys at all.",
  },
  purchases: { type: "number", title: "Expected purchases", description: "Purchases expected within the horizon." },
  purchases_low: {
    type: "integer",
    title: "Purchases, lower bound",
    description: "Nine in ten such customers make at least as many within the horizon.",
  },
  purchases_high: {
    type: "integer",
    title: "Purchases, upper bound",
    description: "Nine in ten such customers make at most as many within the horizon.",
  },
  value: { type: "number", title: "Expected value", description: "Value expected within the horizon, discounted." },
  value_low: {
    type: "number",
    title: "Value, lower bound",
    description: "Nine in ten such customers are worth at least as much within the horizon.",
  },
  value_high: {
    type: "number",
    title: "Value, upper bound",
    description: "Nine in ten such customers are worth at most as much within the horizon.",
  },
  value_band: {
    type: "string",
    title: "Value band",
    description: "A to E: fifths of all customers by expected value, A the most valuable.",
  },
} as const;

const CHURN = {
  score: {
    type: "number",
    title: "Churn risk",
    description: "Probability, 0 to 1, of no purchase in the label's period.",
  },
  decile: { type: "integer", title: "Risk decile", description: "1 the tenth most at risk, 10 the least." },
  reason: {
    type: "string",
    title: "Main reason",
    description: "What raises the risk most compared with the average customer.",
  },
} as const;

export const CUSTOMER_OUTPUTS = {
  rfm: {
    name: "rfm",
    title: "RFM",
    main: "segment",
    outputs: {
      segment: {
        type: "string",
        title: "RFM segment",
        description: "Named from the quintiles of recency, frequency and monetary value.",
      },
      recency: { type: "integer", title: "Recency score", description: "1 (longest ago) to 5 (most recent)." },
      frequency: { type: "integer", title: "Frequency score", description: "1 (fewest purchases) to 5 (most)." },
      monetary: { type: "integer", title: "Monetary score", description: "1 (least money) to 5 (most)." },
    },
  },
  bg_nbd: {
    name: "bg_nbd",
    title: "Lifetime value by BG/NBD and Gamma-Gamma",
    main: "value_band",
    outputs: LIFETIME,
  },
  pareto_nbd: {
    name: "pareto_nbd",
    title: "Lifetime value by Pareto/NBD and Gamma-Gamma",
    main: "value_band",
    outputs: LIFETIME,
  },
  logistic: { name: "logistic", title: "Churn by logistic regression", main: "decile", outputs: CHURN },
  boosting: { name: "boosting", title: "Churn by gradient-boosted trees", main: "decile", outputs: CHURN },
  kmeans: {
    name: "kmeans",
    title: "Clusters",
    main: "cluster",
    outputs: {
      cluster: {
        type: "string",
        title: "Cluster",
        description: "The nearest cluster, named for what distinguishes it.",
      },
      distance: {
        type: "number",
        title: "Distance to the cluster's centre",
        description: "In standard deviations of the scaled features.",
      },
    },
  },
  cohort: {
    name: "cohort",
    title: "Cohorts",
    main: "cohort",
    outputs: { cohort: { type: "string", title: "Cohort", description: "Period of the first event." } },
  },
  survival: {
    name: "survival",
    title: "Survival",
    main: "state",
    outputs: {
      state: { type: "string", title: "Status", description: "there or gone, by the time since the last event." },
      days: {
        type: "integer",
        title: "Tenure in days",
        description: "From the first event until the customer left, or until the day of the labels.",
      },
      stay: {
        type: "number",
        title: "Probability of staying a quarter",
        description: "Probability, 0 to 1, of still being there in 91 days, by tenure.",
      },
    },
  },
  uplift: {
    name: "uplift",
    title: "Uplift",
    main: "decile",
    outputs: {
      uplift: {
        type: "number",
        title: "Uplift",
        description: "Probability of the outcome if treated, minus the probability if not.",
      },
      decile: {
        type: "integer",
        title: "Uplift decile",
        description: "1 the tenth with the most uplift, 10 the least.",
      },
    },
  },
  response: {
    name: "response",
    title: "Response to campaigns",
    main: "decile",
    outputs: {
      score: {
        type: "number",
        title: "Response probability",
        description: "Probability, 0 to 1, of a response to a contact.",
      },
      decile: {
        type: "integer",
        title: "Response decile",
        description: "1 the tenth most likely to respond, 10 the least.",
      },
      reason: {
        type: "string",
        title: "Main reason to respond",
        description: "What raises the probability most compared with the average member.",
      },
    },
  },
  journey: {
    name: "journey",
    title: "Journey",
    main: "step",
    outputs: {
      step: {
        type: "string",
        title: "Step reached",
        description: "The furthest step of the funnel reached within its days.",
      },
      depth: {
        type: "integer",
        title: "Steps completed",
        description: "Number of funnel steps completed, 0 for none.",
      },
    },
  },
} as const satisfies { readonly [technique: string]: Described };
