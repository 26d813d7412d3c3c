import { at } from "../../../engine/lookup.ts";
import { defineTable, unique } from "../../index.ts";
import { STAGES, STAGE_ODDS } from "../world/deals.ts";
import { campaignId, money, versionOn } from "./sql.ts";

const odds = (stage: string): string =>
  `CASE ${stage} ${STAGES.map((name, i) => `WHEN '${name}' THEN ${at(STAGE_ODDS, i).toFixed(2)}`).join(" ")} END`;
const customer = "LEFT JOIN map_identity m ON m.source = 'erp' AND m.source_id = o.customer_no";

export const factOpportunities = defineTable({
  name: "fact_opportunities",
  title: "Opportunities",
  kind: "fact",
  key: "opportunity_id",
  sql: `
WITH quoted AS (
  SELECT opportunity_no, count(*) AS quotes, arg_max(amount, quote_no) AS amount FROM erp_quotes GROUP BY opportunity_no
), signed AS (
  SELECT opportunity_no, count(*) AS contracts, sum(amount) AS amount FROM erp_contracts GROUP BY opportunity_no
), known AS (
  SELECT o.*, m.customer_id FROM erp_opportunities o ${customer}
), versioned AS (
  SELECT k.*, v.customer_version FROM known k ${versionOn("k", "opened_on")}
)
SELECT o.opportunity_no AS opportunity_id, 'O' || lpad(CAST(o.opportunity_no AS VARCHAR), 5, '0') AS opportunity_no,
  o.title, o.department, o.customer_id, o.customer_version, o.salesperson_id,
  ${campaignId("o.campaign_code")} AS campaign_id, o.stage,
  CASE o.stage WHEN 'Won' THEN 'won' WHEN 'Lost' THEN 'lost' ELSE 'open' END AS status, o.opened_on, o.expected_on,
  o.closed_on, CAST(o.closed_on - o.opened_on AS INTEGER) AS cycle_days, o.lost_reason, o.value AS value_amount,
  ${money(`o.value * ${odds("o.stage")}`)} AS weighted_amount, CAST(coalesce(q.quotes, 0) AS INTEGER) AS quotes,
  ${money("coalesce(q.amount, 0)")} AS quoted_amount, CAST(coalesce(s.contracts, 0) AS INTEGER) AS contracts,
  ${money("coalesce(s.amount, 0)")} AS contract_amount
FROM versioned o LEFT JOIN quoted q USING (opportunity_no) LEFT JOIN signed s USING (opportunity_no)`,
  after: ["map_identity", "dim_customer", "erp_opportunities", "erp_quotes", "erp_contracts"],
  checks: [unique("opportunity_id")],
});

const passed = `
  SELECT s.opportunity_no, s.stage_no, s.stage, s.entered_on, lead(s.stage) OVER w AS next_stage,
    lead(s.entered_on) OVER w AS left_on, o.value, o.opened_on, o.salesperson_id, m.customer_id
  FROM erp_opportunity_stages s JOIN erp_opportunities o USING (opportunity_no) ${customer}
  WINDOW w AS (PARTITION BY s.opportunity_no ORDER BY s.stage_no)`;

export const factOpportunityStages = defineTable({
  name: "fact_opportunity_stages",
  title: "Stage history",
  kind: "fact",
  key: ["opportunity_id", "stage_no"],
  sql: `
WITH passed AS (${passed})
SELECT p.opportunity_no AS opportunity_id, p.stage_no, p.stage, p.next_stage, p.entered_on, p.left_on,
  CAST(p.left_on - p.entered_on AS INTEGER) AS days_in_stage, p.salesperson_id, p.customer_id, v.customer_version
FROM passed p ${versionOn("p", "entered_on")}`,
  after: ["map_identity", "dim_customer", "erp_opportunities", "erp_opportunity_stages"],
});

/** What was open at each month's end, so that a pipeline of the past can be seen as it was. */
export const factPipeline = defineTable({
  name: "fact_pipeline",
  title: "Pipeline at each month's end",
  kind: "fact",
  key: ["opportunity_id", "snapshot_on"],
  sql: `
WITH passed AS (${passed}), month_ends AS (
  SELECT CAST(last_day(month) AS DATE) AS snapshot_on
  FROM (SELECT unnest(generate_series(date_trunc('month', min(entered_on)), max(entered_on), INTERVAL 1 MONTH))
      AS month FROM erp_opportunity_stages)
), open AS (
  SELECT e.snapshot_on, p.*
  FROM month_ends e
  JOIN passed p ON p.entered_on <= e.snapshot_on AND (p.left_on IS NULL OR p.left_on > e.snapshot_on)
  WHERE p.stage NOT IN ('Won', 'Lost')
)
SELECT p.opportunity_no AS opportunity_id, p.snapshot_on, p.stage, 1 AS deals, p.value AS value_amount,
  ${money(`p.value * ${odds("p.stage")}`)} AS weighted_amount,
  CAST(p.snapshot_on - p.opened_on AS INTEGER) AS age_days, p.salesperson_id, p.customer_id, v.customer_version
FROM open p ${versionOn("p", "snapshot_on")}`,
  after: ["map_identity", "dim_customer", "erp_opportunities", "erp_opportunity_stages"],
});

export const factQuotas = defineTable({
  name: "fact_quotas",
  title: "Quotas",
  kind: "fact",
  key: ["month_on", "salesperson_id"],
  sql: "SELECT month AS month_on, salesperson_id, amount AS quota_amount FROM erp_quotas",
});

export const factTasks = defineTable({
  name: "fact_tasks",
  title: "Tasks",
  kind: "fact",
  key: "task_id",
  sql: `
WITH today AS (SELECT CAST(max(ordered_at) AS DATE) AS day FROM all_orders),
known AS (SELECT o.*, m.customer_id FROM erp_tasks o ${customer})
SELECT t.task_no AS task_id, t.salesperson_id, t.customer_id, v.customer_version, t.opportunity_no AS opportunity_id,
  t.kind AS task_kind, t.created_on, t.due_on, t.done_on, t.minutes,
  CASE WHEN t.done_on IS NULL THEN 'open' ELSE 'done' END AS task_status,
  t.done_on IS NULL AND t.due_on < (SELECT day FROM today) AS is_overdue,
  coalesce(t.done_on > t.due_on, false) AS done_late, CAST(t.done_on - t.created_on AS INTEGER) AS days_to_done
FROM known t ${versionOn("t", "created_on")}`,
  after: ["map_identity", "dim_customer", "all_orders", "erp_tasks"],
});

export const factProgramme = defineTable({
  name: "fact_programme",
  title: "Costs and benefits of the CRM",
  kind: "fact",
  key: "entry_id",
  sql: `
SELECT entry_no AS entry_id, month AS month_on, kind, item,
  ${money("CASE WHEN kind = 'cost' THEN amount END")} AS cost_amount,
  ${money("CASE WHEN kind = 'benefit' THEN amount END")} AS benefit_amount
FROM erp_programme`,
});
