/** Parameters of the world: the truth with which analyses of the demo are compared. */
export const PURCHASES = { r: 1.1, alpha: 8.2, a: 0.85, b: 5.2 } as const;

export const TIERS = ["Basic", "Silver", "Gold", "Platinum"] as const;
export const STATUSES = ["prospect", "active", "lapsed", "closed"] as const;
export const CHURN_REASONS = ["late delivery", "bad service", "price", "no reason"] as const;
export const CHURN_SHARES = [0.3, 0.25, 0.2, 0.25] as const;

/**
 * How customers react to a campaign. `extra`: chance of an order caused by the treatment; `always`: of one in either
 * arm.
 */
export const UPLIFT_TYPES = [
  { name: "persuadable", effect: 1, always: 0, suppress: 0, unsubscribe: 0.004 },
  { name: "sure thing", effect: 0, always: 0.1, suppress: 0, unsubscribe: 0.002 },
  { name: "lost cause", effect: 0, always: 0, suppress: 0, unsubscribe: 0.008 },
  { name: "sleeping dog", effect: 0, always: 0, suppress: 0.45, unsubscribe: 0.03 },
] as const;
/** The effect on customers who have stopped buying, relative to the others. */
export const GONE_FACTOR = 0.2;

export const CHANNELS = [
  { id: 1, name: "Store", kind: "sale", paid: false },
  { id: 2, name: "Web", kind: "sale", paid: false },
  { id: 3, name: "Phone", kind: "marketing", paid: true },
  { id: 4, name: "Business", kind: "sale", paid: false },
  { id: 5, name: "E-mail", kind: "marketing", paid: true },
  { id: 6, name: "SMS", kind: "marketing", paid: true },
  { id: 7, name: "Mail", kind: "marketing", paid: true },
  { id: 8, name: "Social", kind: "marketing", paid: true },
  { id: 9, name: "Search", kind: "traffic", paid: true },
  { id: 10, name: "Direct", kind: "traffic", paid: false },
  { id: 11, name: "Referral", kind: "traffic", paid: false },
  { id: 12, name: "Chat", kind: "service", paid: false },
] as const;
export const CHANNEL = {
  store: 1,
  web: 2,
  phone: 3,
  business: 4,
  email: 5,
  sms: 6,
  mail: 7,
  social: 8,
  search: 9,
  direct: 10,
  referral: 11,
  chat: 12,
} as const;
/** Codes as the source systems write them, by channel id. */
export const CHANNEL_CODES = [
  "",
  "store",
  "web",
  "phone",
  "business",
  "email",
  "sms",
  "mail",
  "social",
  "search",
  "direct",
  "referral",
  "chat",
] as const;

/**
 * Web orders caused by a channel's spend in a month, at scale 1: `ceiling * x^slope / (half^slope + x^slope)` where
 * x is this month's spend plus `carry` of the stock before, in euros.
 */
export const CURVES = [
  { channel: CHANNEL.email, spend: 5_000, carry: 0.2, half: 6_000, slope: 1.1, ceiling: 620, contact: 1 },
  { channel: CHANNEL.sms, spend: 3_500, carry: 0.1, half: 5_000, slope: 1.0, ceiling: 240, contact: 8 },
  { channel: CHANNEL.phone, spend: 9_000, carry: 0.15, half: 14_000, slope: 1.2, ceiling: 170, contact: 350 },
  { channel: CHANNEL.mail, spend: 14_000, carry: 0.45, half: 26_000, slope: 1.3, ceiling: 520, contact: 95 },
  { channel: CHANNEL.social, spend: 18_000, carry: 0.3, half: 24_000, slope: 1.2, ceiling: 820, contact: 3 },
  { channel: CHANNEL.search, spend: 26_000, carry: 0.05, half: 30_000, slope: 1.0, ceiling: 1_500, contact: 0 },
] as const;

export const CARRIERS = ["Swiftline", "ParcelUnion", "Hauspost", "BlueVan"] as const;
/** The planted fall: one delivery partner fails in one region for seven weeks. */
export const FALL = {
  region: "Bavaria",
  carrier: 3,
  from: "2025-09-08",
  until: "2025-10-26",
  lateRate: 0.75,
  ordersLost: 0.4,
  returnFactor: 3.5,
} as const;

export const PAYMENTS = ["card", "invoice", "paypal", "direct debit", "cash"] as const;
export const RETURN_REASONS = [
  "does not fit",
  "not as described",
  "damaged",
  "arrived too late",
  "changed mind",
] as const;

export const TOPICS = [
  { id: 1, name: "Where is my order", area: "Delivery", complaint: false, weight: 17 },
  { id: 2, name: "Delivered late", area: "Delivery", complaint: true, weight: 5 },
  { id: 3, name: "Damaged on arrival", area: "Delivery", complaint: true, weight: 5 },
  { id: 4, name: "How to return", area: "Returns", complaint: false, weight: 10 },
  { id: 5, name: "Refund missing", area: "Returns", complaint: true, weight: 6 },
  { id: 6, name: "Product question", area: "Advice", complaint: false, weight: 18 },
  { id: 7, name: "Availability", area: "Advice", complaint: false, weight: 9 },
  { id: 8, name: "Invoice wrong", area: "Billing", complaint: true, weight: 6 },
  { id: 9, name: "Payment", area: "Billing", complaint: false, weight: 7 },
  { id: 10, name: "Account and password", area: "Account", complaint: false, weight: 9 },
  { id: 11, name: "Too expensive", area: "Price", complaint: true, weight: 3 },
  { id: 12, name: "Warranty", area: "Product", complaint: true, weight: 5 },
] as const;
