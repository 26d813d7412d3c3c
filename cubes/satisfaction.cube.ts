import { avg, calculated, count, defineCube } from "../engine/index.ts";
import { channel, customer, date, topic } from "./dimensions/index.ts";

const answered = [{ member: "satisfaction.answered", operator: "equals" as const, values: [true] }];
const recommend = (operator: "gte" | "lte", value: number) => [
  { member: "satisfaction.recommend", operator, values: [value] },
];

export const satisfaction = defineCube({
  name: "satisfaction",
  title: "Satisfaction",
  description: "Customers' answers to surveys after a case.",
  table: "fact_satisfaction",
  grain: ["survey_id"],
  dimensions: {
    date: { to: date, on: "asked_on", title: "Asked on" },
    customer: { to: customer, on: "customer_id" },
    topic: { to: topic, on: "topic_id" },
    channel: { to: channel, on: "channel_id", title: "Channel of the case" },
  },
  attributes: {
    answered: { sql: "answered", title: "Answered", type: "boolean" },
    stars: { sql: "score", title: "Score", type: "integer" },
    recommend: { sql: "recommend", title: "Would recommend (0 to 10)", type: "integer" },
    agent: { sql: "agent", title: "Agent" },
    team: { sql: "agent_team", title: "Desk team" },
  },
  measures: {
    asked: count({ title: "Asked", format: "integer" }),
    answers: count({ title: "Answers", format: "integer", where: answered }),
    response_rate: calculated("answers / asked", { title: "Answer rate", format: "percent" }),
    score: avg("score", { title: "Satisfaction", description: "Mean of 1 to 5.", format: "decimal" }),
    satisfied: count({
      title: "Satisfied",
      description: "Scores 4 and 5.",
      format: "integer",
      where: [{ member: "satisfaction.stars", operator: "gte", values: [4] }],
    }),
    satisfied_rate: calculated("satisfied / answers", { title: "Satisfied rate", format: "percent" }),
    promoters: count({
      title: "Promoters",
      description: "9 or 10 of 10.",
      format: "integer",
      where: recommend("gte", 9),
    }),
    detractors: count({
      title: "Detractors",
      description: "0 to 6 of 10.",
      format: "integer",
      better: "down",
      where: recommend("lte", 6),
    }),
    nps: calculated("100 * (promoters - detractors) / answers", {
      title: "Net promoter score",
      description: "Promoters minus detractors per 100 answers.",
      format: "decimal",
    }),
  },
});
