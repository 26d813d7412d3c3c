import { defineModel } from "../../engine/index.ts";

export const rfm = defineModel({
  name: "rfm",
  title: "Recency, frequency, value",
  description: "Recency, frequency and monetary value of each customer in quintiles, with named segments.",
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
  description: "Customers who are alike in purchases, returns, complaints and contacts.",
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
  description:
    "Expected purchases and value of each customer within a year, and the probability that they still buy at " + "all.",
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
  // returns and late deliveries are dated by the order but known later: they would leak the future
  description: "Active customers at risk of not buying in the next quarter, with the factors associated with it.",
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
  description: "Who buys after a contact, learnt from earlier campaigns, and whom it pays to contact by that alone.",
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
  description: "Products bought together more often than by chance, and the audience of each offer.",
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
  description: "Credit of the channels for orders, by the touches in the thirty days before them.",
  technique: "attribution",
  over: "channel",
  touches: "touches",
  channel: "channel",
  unit: "customer",
  time: "touches.touched_at",
  // a message that was not opened is not a touch
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
  description: "Customers by the quarter of their first order, and the share that buys again in each later quarter.",
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
    "Time from the first order until a year without one, by acquisition channel, with the factors associated with " +
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
    "Revenue of the next twelve months by the forecaster that did best on unseen months, and unusual months.",
  technique: "forecast",
  over: "date",
  measure: "sales.revenue",
  horizon: 12,
});

export const moved = defineModel({
  name: "moved",
  title: "Whom campaigns move",
  description: "Customers whom a campaign influences, learnt from random control groups.",
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
    "Drivers of the rise in the return rate in September and October 2025, compared with the seven weeks before.",
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
  description: "The next best offer for each customer, by the recommender that finds most of the next baskets.",
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
    "Stages of the customer journey in order, and the share of contacted customers who visit within a month.",
  technique: "journey",
  over: "customer",
  events: "touches",
  stage: "touches.kind",
  time: "touches.touched_at",
  funnel: { steps: ["send", "open", "click", "visit"], days: 30 },
  as: { step: "funnel_step", depth: "funnel_depth" },
});
