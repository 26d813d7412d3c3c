import { defineTable, unique } from "../../index.ts";
import { berlin, money, orderId, versionOn } from "./sql.ts";

export const factCases = defineTable({
  name: "fact_cases",
  title: "Cases",
  kind: "fact",
  key: "case_id",
  sql: `
WITH known AS (
  SELECT c.*, CAST(${berlin("c.opened_at")} AS DATE) AS opened_on,
    date_diff('second', c.opened_at, c.resolved_at) / 3600.0 AS hours, m.customer_id
  FROM desk_cases c LEFT JOIN map_identity m ON m.source = 'desk' AND m.source_id = c.contact_id
), versioned AS (
  SELECT k.*, v.customer_version FROM known k ${versionOn("k", "opened_on")}
)
SELECT CAST(substr(c.case_id, 2) AS BIGINT) AS case_id, c.case_id AS case_no, c.customer_id, c.customer_version,
  c.topic_id, d.channel_id, ${orderId("c.order_no")} AS order_id, c.priority, c.agent, c.team AS agent_team,
  c.status AS case_status, ${berlin("c.opened_at")} AS opened_at, c.opened_on,
  CAST(${berlin("c.resolved_at")} AS DATE) AS resolved_on,
  CAST(date_diff('second', c.opened_at, c.first_answer_at) / 60.0 AS DECIMAL(12,2)) AS first_answer_minutes,
  CAST(c.hours AS DECIMAL(12,2)) AS resolve_hours, c.promised_hours, c.hours <= c.promised_hours AS within_promise,
  c.reopened, c.messages, c.handling_minutes, ${money("c.cost")} AS cost_amount
FROM versioned c LEFT JOIN dim_channel d ON d.channel_code = c.channel`,
  after: ["map_identity", "dim_customer", "dim_channel", "desk_cases"],
  sort: ["opened_on"],
  checks: [unique("case_id")],
});

export const factSatisfaction = defineTable({
  name: "fact_satisfaction",
  title: "Satisfaction",
  kind: "fact",
  key: "survey_id",
  sql: `
SELECT s.survey_id, c.case_id, c.customer_id, c.customer_version, c.topic_id, c.channel_id, c.agent, c.agent_team,
  CAST(${berlin("s.asked_at")} AS DATE) AS asked_on, CAST(${berlin("s.answered_at")} AS DATE) AS answered_on,
  s.answered_at IS NOT NULL AS answered, s.score, s.recommend
FROM desk_surveys s LEFT JOIN fact_cases c ON c.case_no = s.case_id`,
  after: ["fact_cases", "desk_surveys"],
});
