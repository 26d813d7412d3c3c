/** What a technique says of its outputs: all that a declaration needs, without reading in how anything is fitted. */
import type { Output } from "../model/mining-model.ts";

const LIFETIME = {
  alive: {
    type: "number",
    title: "Chance to be alive",
    description: "Chance, 0 to 1, that the customer still buys at all.",
  },
  purchases: { type: "number", title: "Expected purchases", description: "Purchases expected within the horizon." },
  purchases_low: {
    type: "integer",
    title: "Purchases, at least",
    description: "Nine in ten such customers make at least as many within the horizon.",
  },
  purchases_high: {
    type: "integer",
    title: "Purchases, at most",
    description: "Nine in ten such customers make at most as many within the horizon.",
  },
  value: { type: "number", title: "Expected value", description: "Value expected within the horizon, discounted." },
  value_low: {
    type: "number",
    title: "Value, at least",
    description: "Nine in ten such customers are worth at least as much within the horizon.",
  },
  value_high: {
    type: "number",
    title: "Value, at most",
    description: "Nine in ten such customers are worth at most as much within the horizon.",
  },
  value_band: {
    type: "string",
    title: "Value band",
    description: "A to E: fifths of all customers by expected value, A the most.",
  },
} as const;

const CHURN = {
  score: {
    type: "number",
    title: "Risk of leaving",
    description: "Chance, 0 to 1, of no purchase in the label's period.",
  },
  decile: { type: "integer", title: "Risk tenth", description: "1 the tenth most at risk, 10 the least." },
  reason: {
    type: "string",
    title: "Main reason",
    description: "What raises the risk most against the average customer.",
  },
} as const;

/** `main`: the output that sorts members into groups; null where none does */
interface Described {
  readonly name: string;
  readonly title: string;
  readonly main: string | null;
  readonly outputs: { readonly [output: string]: Output };
}

export const OUTPUTS = {
  rfm: {
    name: "rfm",
    title: "RFM",
    main: "segment",
    outputs: {
      segment: {
        type: "string",
        title: "RFM segment",
        description: "Named from the quintiles of recency, frequency and money.",
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
  logistic: {
    name: "logistic",
    title: "Churn by logistic regression",
    main: "decile",
    outputs: CHURN,
  },
  kmeans: {
    name: "kmeans",
    title: "Clusters",
    main: "cluster",
    outputs: {
      cluster: {
        type: "string",
        title: "Cluster",
        description: "The nearest cluster, named for what makes it different.",
      },
      distance: {
        type: "number",
        title: "Distance to the cluster's centre",
        description: "In standard deviations of the scaled features.",
      },
    },
  },
  basket: {
    name: "basket",
    title: "Basket analysis",
    main: null,
    outputs: {
      partner: { type: "string", title: "Bought with", description: "What goes with it most strongly, by lift." },
      lift: {
        type: "number",
        title: "Lift of what goes with it",
        description: "How many times as often as chance the two are bought together.",
      },
      confidence: {
        type: "number",
        title: "Confidence of what goes with it",
        description: "Share of its baskets that also hold the other.",
      },
    },
  },
  attribution: {
    name: "attribution",
    title: "Attribution",
    main: null,
    outputs: {
      conversions: {
        type: "number",
        title: "Attributed conversions",
        description: "Conversions that the channel is given credit for (Markov chain).",
      },
      value: {
        type: "number",
        title: "Attributed value",
        description: "Value that the channel is given credit for (Markov chain).",
      },
      share: {
        type: "number",
        title: "Share of the credit",
        description: "Part of all conversions, 0 to 1 (Markov chain).",
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
      state: { type: "string", title: "Still there", description: "there or gone, by the time since the last event." },
      days: { type: "integer", title: "Days there", description: "From the first event until gone, or until the day." },
      stay: {
        type: "number",
        title: "Chance to stay a quarter",
        description: "Chance, 0 to 1, to be still there 91 days on, by how long the member is there.",
      },
    },
  },
  forecast: {
    name: "forecast",
    title: "Forecast",
    main: null,
    outputs: {},
  },
  boosting: {
    name: "boosting",
    title: "Churn by gradient-boosted trees",
    main: "decile",
    outputs: CHURN,
  },
  uplift: {
    name: "uplift",
    title: "Uplift",
    main: "decile",
    outputs: {
      uplift: {
        type: "number",
        title: "Uplift",
        description: "Chance of the outcome if treated, less the chance if not.",
      },
      decile: { type: "integer", title: "Uplift tenth", description: "1 the tenth that is moved most, 10 the least." },
    },
  },
  drivers: {
    name: "drivers",
    title: "Drivers",
    main: null,
    outputs: {},
  },
  next_offer: {
    name: "next_offer",
    title: "Next best offer",
    main: null,
    outputs: {
      offer: { type: "string", title: "Next offer", description: "What to offer next." },
      chance: {
        type: "number",
        title: "Chance of the next offer",
        description: "Chance, 0 to 1, that the next basket holds it, as it came for others.",
      },
      worth: {
        type: "number",
        title: "Worth of the next offer",
        description: "Chance times the item's margin, less the cost of the offer; unknown where no margin is given.",
      },
      reason: {
        type: "string",
        title: "Reason of the next offer",
        description: "Bought before, or goes with what was bought.",
      },
    },
  },
  journey: {
    name: "journey",
    title: "Journey",
    main: "step",
    outputs: {
      step: { type: "string", title: "Step reached", description: "The farthest step of the funnel within its days." },
      depth: { type: "integer", title: "Steps done", description: "How many steps of the funnel, 0 for none." },
    },
  },
  response: {
    name: "response",
    title: "Response to campaigns",
    main: "decile",
    outputs: {
      score: { type: "number", title: "Chance to answer", description: "Chance, 0 to 1, of an answer to a contact." },
      decile: {
        type: "integer",
        title: "Response tenth",
        description: "1 the tenth most likely to answer, 10 the least.",
      },
      reason: {
        type: "string",
        title: "Main reason to answer",
        description: "What raises the chance most against the average member.",
      },
    },
  },
} as const satisfies { readonly [technique: string]: Described };
