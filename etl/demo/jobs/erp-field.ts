import { defineJob, unique } from "../../index.ts";
import { erp } from "../sources.ts";

const money = { type: "decimal(14,2)", required: true } as const;
const key = { type: "bigint", required: true } as const;

export const erpSalespeople = defineJob({
  name: "erp_salespeople",
  title: "Salespeople",
  source: erp,
  extract: { table: "salespeople", key: "salesperson_id" },
  columns: {
    salesperson_id: { type: "integer", required: true },
    name: { type: "varchar", clean: ["name"] },
    team: "varchar",
    region: "varchar",
    country: "varchar",
    manager_id: "integer",
    hired_on: "date",
    active: "boolean",
  },
  checks: [unique("salesperson_id")],
  into: { table: "erp_salespeople", mode: "merge", key: "salesperson_id" },
  freshWithin: { hours: 26 },
  tags: ["nightly"],
});

export const erpQuotas = defineJob({
  name: "erp_quotas",
  title: "Quotas",
  source: erp,
  extract: { table: "quotas" },
  columns: {
    salesperson_id: { type: "integer", required: true },
    month: { type: "date", required: true },
    amount: money,
  },
  checks: [unique(["salesperson_id", "month"])],
  into: { table: "erp_quotas", mode: "merge", key: ["salesperson_id", "month"] },
  freshWithin: { hours: 26 },
  tags: ["nightly"],
});

export const erpOpportunities = defineJob({
  name: "erp_opportunities",
  title: "Opportunities",
  source: erp,
  extract: { table: "opportunities", cursor: "updated_at", lag: { hours: 1 }, key: "opportunity_no" },
  columns: {
    opportunity_no: key,
    customer_no: "varchar",
    salesperson_id: "integer",
    title: { type: "varchar", clean: ["trim"] },
    department: "varchar",
    value: money,
    stage: { type: "varchar", required: true },
    opened_on: { type: "date", required: true },
    expected_on: "date",
    closed_on: "date",
    lost_reason: "varchar",
    campaign_code: "varchar",
    updated_at: "timestamp",
  },
  checks: [unique("opportunity_no")],
  into: { table: "erp_opportunities", mode: "merge", key: "opportunity_no" },
  freshWithin: { hours: 26 },
  tags: ["nightly"],
});

export const erpOpportunityStages = defineJob({
  name: "erp_opportunity_stages",
  title: "Stage history of opportunities",
  source: erp,
  extract: { table: "opportunity_stages" },
  columns: {
    opportunity_no: key,
    stage_no: { type: "integer", required: true },
    stage: { type: "varchar", required: true },
    entered_on: { type: "date", required: true },
  },
  checks: [unique(["opportunity_no", "stage_no"])],
  into: { table: "erp_opportunity_stages", mode: "merge", key: ["opportunity_no", "stage_no"] },
  freshWithin: { hours: 26 },
  tags: ["nightly"],
});

export const erpQuotes = defineJob({
  name: "erp_quotes",
  title: "Quotes",
  source: erp,
  extract: { table: "quotes" },
  columns: { quote_no: key, opportunity_no: key, quoted_on: "date", amount: money, accepted: "boolean" },
  checks: [unique("quote_no")],
  into: { table: "erp_quotes", mode: "merge", key: "quote_no" },
  freshWithin: { hours: 26 },
  tags: ["nightly"],
});

export const erpContracts = defineJob({
  name: "erp_contracts",
  title: "Contracts",
  source: erp,
  extract: { table: "contracts" },
  columns: { contract_no: key, opportunity_no: key, signed_on: "date", amount: money, months: "integer" },
  checks: [unique("contract_no")],
  into: { table: "erp_contracts", mode: "merge", key: "contract_no" },
  freshWithin: { hours: 26 },
  tags: ["nightly"],
});

export const erpTasks = defineJob({
  name: "erp_tasks",
  title: "Tasks",
  source: erp,
  extract: { table: "tasks" },
  columns: {
    task_no: key,
    salesperson_id: "integer",
    customer_no: "varchar",
    opportunity_no: "bigint",
    kind: "varchar",
    created_on: { type: "date", required: true },
    due_on: { type: "date", required: true },
    done_on: "date",
    minutes: "integer",
  },
  checks: [unique("task_no")],
  onReject: { quarantine: true, failAbove: "2%" },
  into: { table: "erp_tasks", mode: "merge", key: "task_no" },
  freshWithin: { hours: 26 },
  tags: ["nightly"],
});

export const erpResponses = defineJob({
  name: "erp_campaign_responses",
  title: "Responses to campaigns",
  source: erp,
  extract: { table: "campaign_responses", cursor: "response_no", key: "response_no" },
  columns: {
    response_no: key,
    touch_id: "bigint",
    campaign_code: { type: "varchar", required: true },
    contact: "varchar",
    responded_at: { type: "timestamp", required: true },
    kind: "varchar",
    feedback: "varchar",
    order_no: "varchar",
  },
  checks: [unique("response_no")],
  into: { table: "erp_campaign_responses", mode: "merge", key: "response_no" },
  freshWithin: { hours: 26 },
  tags: ["nightly"],
});

export const erpProgramme = defineJob({
  name: "erp_programme",
  title: "Costs and benefits of the CRM",
  source: erp,
  extract: { table: "programme_entries" },
  columns: {
    entry_no: key,
    month: { type: "date", required: true },
    kind: { type: "varchar", required: true },
    item: "varchar",
    amount: money,
  },
  checks: [unique("entry_no")],
  into: { table: "erp_programme", mode: "merge", key: "entry_no" },
  freshWithin: { hours: 26 },
  tags: ["nightly"],
});
