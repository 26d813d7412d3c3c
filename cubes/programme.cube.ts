import { calculated, defineCube, running, sum } from "../engine/index.ts";
import { date } from "./dimensions/index.ts";

export const programme = defineCube({
  name: "programme",
  title: "CRM programme",
  description: "Cost and benefit of the CRM itself.",
  table: "fact_programme",
  grain: ["entry_id"],
  dimensions: { date: { to: date, on: "month_on", title: "Month" } },
  attributes: { kind: { sql: "kind", title: "Cost or benefit" }, item: { sql: "item", title: "Item" } },
  measures: {
    cost: sum("cost_amount", { title: "Programme cost", format: "currency", better: "down" }),
    benefit: sum("benefit_amount", {
      title: "Programme benefit",
      description: "Measured against control groups and the time before.",
      format: "currency",
    }),
    net: calculated("coalesce(benefit, 0) - coalesce(cost, 0)", { title: "Net benefit", format: "currency" }),
    roi: calculated("net / cost", { title: "Return on the programme", format: "percent" }),
    cost_so_far: running("cost", { title: "Cost so far", format: "currency", better: "down" }),
    benefit_so_far: running("benefit", { title: "Benefit so far", format: "currency" }),
    net_so_far: calculated("benefit_so_far - cost_so_far", { title: "Net benefit so far", format: "currency" }),
  },
});
