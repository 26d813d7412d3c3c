import { avg, calculated, count, countDistinct, defineCube } from "../engine/index.ts";
import { customer, date } from "./dimensions/index.ts";

export const lists = defineCube({
  name: "lists",
  title: "Lists",
  description: "Entries of the lists given to people or systems, with the outcome of each.",
  table: "tessera_list_entries",
  grain: ["entry_id"],
  dimensions: { date: { to: date, on: "made_at", title: "List made on" }, customer: { to: customer, on: "member_no" } },
  attributes: {
    list: { sql: "list_id", title: "List" },
    audience: { sql: "audience", title: "List's segment" },
    destination: { sql: "destination", title: "Destination" },
    assignee: { sql: "assignee", title: "Worked on by" },
    outcome: {
      sql: "outcome",
      title: "Outcome",
      description: "Outcome of the entry; open until it is reported.",
    },
    state: { sql: "status", title: "List state" },
  },
  measures: {
    entries: count({ title: "List entries", format: "integer" }),
    lists: countDistinct("list_id", { title: "Lists made", format: "integer" }),
    answered: count({
      title: "Entries with an outcome",
      format: "integer",
      where: [{ member: "lists.outcome", operator: "not_equals", values: ["open"] }],
    }),
    answer_rate: calculated("answered / entries", { title: "Share with an outcome", format: "percent" }),
    days: avg("days_to_outcome", { title: "Days to the outcome", format: "days", better: "down" }),
  },
});
