import { calculated, defineCube, sum, toDate } from "../engine/index.ts";
import { date, salesperson } from "./dimensions/index.ts";

export const quotas = defineCube({
  name: "quotas",
  title: "Quotas",
  description: "Sales quotas by salesperson and month.",
  table: "fact_quotas",
  grain: ["month_on", "salesperson_id"],
  dimensions: {
    date: { to: date, on: "month_on", title: "Month" },
    salesperson: { to: salesperson, on: "salesperson_id" },
  },
  measures: {
    quota: sum("quota_amount", { title: "Quota", format: "currency" }),
    quota_ytd: toDate("quota", "year", { title: "Quota, year to date", format: "currency" }),
    gap: calculated("sales.business_revenue - quotas.quota", {
      title: "Over quota",
      description: "Sales of the field sales force minus its quotas.",
      format: "currency",
    }),
    won_rate: calculated("closings.won_value / quotas.quota", {
      title: "Deals won against quota",
      format: "percent",
    }),
  },
});
