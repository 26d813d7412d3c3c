import { defineModel } from "../../engine/index.ts";

export const rfm = defineModel({
  name: "rfm",
  title: "Recency, frequency, value",
  description: "How recently, how often and for how much a customer buys, in fifths, with a name for each kind.",
  technique: "rfm",
  over: "customer",
  events: "sales",
  value: "sales.revenue",
  asOf: "latest",
  as: { segment: "rfm_segment", recency: "rfm_recency", frequency: "rfm_frequency", monetary: "rfm_monetary" },
});

export const clusters = defineModel({
  name: "clusters",
  title: "Kinds of customers",
  description: "Customers alike in what they buy, bring back, complain about and are contacted for.",
  technique: "kmeans",
  over: "customer",
  features: [
    "sales.orders",
    "sales.revenue",
    "sales.average_order",
    "sales.discount_rate",
    "sales.return_rate",
    "service.cases",
    "customer.age",
  ],
  k: "auto",
  asOf: "latest",
  seed: 1,
  as: { cluster: "cluster", distance: "cluster_distance" },
});

export const lifetime = defineModel({
  name: "lifetime",
  title: "Lifetime value",
  description: "How often and for how much each customer will buy within a year, and whether he still buys at all.",
  technique: "bg_nbd",
  over: "customer",
  events: "sales",
  value: "sales.revenue",
  horizon: { weeks: 52 },
  discountRate: 0.1,
  as: {
    alive: "alive",
    purchases: "expected_purchases",
    purchases_low: "expected_purchases_low",
    purchases_high: "expected_purchases_high",
    value: "lifetime_value",
    value_low: "lifetime_value_low",
    value_high: "lifetime_value_high",
    value_band: "lifetime_value_band",
  },
});

export const churn = defineModel({
  name: "churn",
  title: "Risk of leaving",
  // returns and late deliveries stand on the order's day but are known later: they would tell the future
  description: "Which active customers will not buy within the next quarter, and what goes with it.",
  technique: "boosting",
  over: "customer",
  events: "sales",
  label: { inactive: { days: 90 } },
  features: ["sales.average_order", "sales.discount_rate", "service.cases", "customer.age"],
  cutoffs: "monthly",
  action: { cost: 4, worth: 60, works: 0.12 },
  as: { score: "churn_score", decile: "churn_decile", reason: "churn_reason" },
});

export const answers = defineModel({
  name: "answers",
  title: "Who answers campaigns",
  description: "Who buys after a contact, learnt from earlier campaigns; whom it pays to write to by that alone.",
  technique: "response",
  over: "customer",
  contacts: "assignments",
  treated: "assignments.treated",
  outcome: "assignments.conversions",
  events: "sales",
  features: ["sales.average_order", "sales.discount_rate", "sales.revenue", "customer.age"],
  action: { cost: 1.2, worth: 25 },
  as: { score: "answer_score", decile: "answer_decile", reason: "answer_reason" },
});

export const together = defineModel({
  name: "together",
  title: "Bought together",
  description: "Which products are bought together beyond chance, and which customers an offer could be made to.",
  technique: "basket",
  over: "product",
  events: "sales",
  basket: "sales.order",
  audience: "customer",
  support: 0.0005,
  as: { partner: "bought_with", lift: "bought_with_lift", confidence: "bought_with_confidence" },
});

export const attributed = defineModel({
  name: "attributed",
  title: "Attribution",
  description: "What orders owe to the channels that customers were touched through in the thirty days before them.",
  technique: "attribution",
  over: "channel",
  touches: "touches",
  channel: "channel",
  unit: "customer",
  time: "touches.touched_at",
  // what was sent and not opened has not touched anybody
  filters: [{ member: "touches.kind", operator: "in", values: ["open", "click", "visit"] }],
  conversions: "sales",
  conversion: "sales.order",
  value: "sales.revenue",
  cost: "spend.actual",
  lookback: 30,
  order: 2,
  as: { conversions: "attributed_conversions", value: "attributed_value", share: "attributed_share" },
});

export const cohorts = defineModel({
  name: "cohorts",
  title: "Cohorts",
  description: "Customers by the quarter of their first order, and how many of each quarter's buy again.",
  technique: "cohort",
  over: "customer",
  events: "sales",
  period: "quarter",
  as: { cohort: "cohort" },
});

export const staying = defineModel({
  name: "staying",
  title: "How long customers stay",
  description:
    "Time from the first order until a year of silence, by the channel that won them, and what goes with " +
    "leaving sooner.",
  technique: "survival",
  over: "customer",
  events: "sales",
  inactive: { days: 365 },
  by: "customer.acquired_through",
  features: ["customer.age", "customer.customer_type", "customer.acquired_through"],
  as: { state: "staying", days: "days_as_customer", stay: "chance_to_stay" },
});

export const outlook = defineModel({
  name: "outlook",
  title: "Revenue outlook",
  description:
    "Revenue of the next twelve months by the forecaster that did best from earlier origins, and months " +
    "that were not to be expected.",
  technique: "forecast",
  over: "date",
  measure: "sales.revenue",
  horizon: 12,
});

export const moved = defineModel({
  name: "moved",
  title: "Whom campaigns move",
  description: "Who buys because of a campaign and would not have without, learnt from the random hold-outs.",
  technique: "uplift",
  over: "customer",
  assignments: "assignments",
  treated: "assignments.treated",
  outcome: "assignments.conversions",
  features: ["assignments.prior_revenue", "customer.age"],
  as: { uplift: "uplift", decile: "uplift_decile" },
});

export const returnsMoved = defineModel({
  name: "returns_moved",
  title: "Why returns rose in autumn",
  description:
    "What the rise of the return rate in September and October 2025 is made of, against the seven weeks before.",
  technique: "drivers",
  over: "date",
  measure: "sales.return_rate",
  before: ["2025-07-21", "2025-09-07"],
  after: ["2025-09-08", "2025-10-26"],
  dimensions: ["customer.region", "sales.carrier", "channel.name", "product.department", "customer.customer_type"],
});

export const offers = defineModel({
  name: "offers",
  title: "Next best offer",
  description: "What to offer each customer next, by what names most of the next baskets.",
  technique: "next_offer",
  over: "customer",
  events: "sales",
  basket: "sales.order",
  item: "product",
  margin: "sales.margin",
  cost: 0.4,
  eligible: [{ member: "customer.do_not_contact", operator: "equals", values: [false] }],
  fatigue: { events: "touches", days: 14, most: 4 },
  as: { offer: "next_offer", chance: "next_offer_chance", worth: "next_offer_worth", reason: "next_offer_reason" },
});

export const ways = defineModel({
  name: "ways",
  title: "Ways to the shop",
  description:
    "What customers go through, in which order, and how many of those who are written to visit within a month.",
  technique: "journey",
  over: "customer",
  events: "touches",
  stage: "touches.kind",
  time: "touches.touched_at",
  funnel: { steps: ["send", "open", "click", "visit"], days: 30 },
  as: { step: "funnel_step", depth: "funnel_depth" },
});
