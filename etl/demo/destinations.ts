import { defineDestination, env, toCsv, toWebhook } from "../index.ts";

/** Customers whom salespeople should telephone: assigned to the country's team, to whoever has the fewest. */
export const callList = defineDestination({
  name: "call_list",
  title: "Call list for sales",
  over: "customer",
  to: toCsv({ folder: env("NORTHGATE_LISTS") }),
  columns: {
    name: "customer.name",
    phone: "customer.phone",
    city: "customer.city",
    language: "customer.language",
    tier: "customer.segment",
    risk: "customer.churn_score",
    reason: "customer.churn_reason",
    value: "customer.annual_value",
  },
  contact: { consent: "customer.phone_consent", stop: "customer.do_not_contact" },
  assign: {
    by: "territory",
    member: "customer.country",
    people: {
      Germany: ["Inside sales Berlin", "Inside sales Munich"],
      Austria: ["Inside sales Vienna"],
      Switzerland: ["Inside sales Vienna"],
    },
    otherwise: ["Inside sales Europe"],
    most: 200,
  },
});

export const mailTool = defineDestination({
  name: "mail_tool",
  title: "Mail tool",
  description: "A segment as a mailing list, in batches of 200.",
  over: "customer",
  to: toWebhook({ url: env("MAIL_TOOL_URL"), secret: env("MAIL_TOOL_SECRET"), batch: 200 }),
  columns: { email: "customer.email", name: "customer.name", language: "customer.language" },
  contact: { consent: "customer.email_consent", stop: "customer.do_not_contact" },
});
