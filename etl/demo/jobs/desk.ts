import { defineJob, unique } from "../../index.ts";
import { desk } from "../sources.ts";

const text = { type: "varchar", clean: ["trim", "collapse", "empty"] } as const;
const moment = { type: "timestamptz", required: true } as const;

export const deskTopics = defineJob({
  name: "desk_topics",
  title: "Topics of the service desk",
  source: desk,
  extract: { path: "/v1/topics", records: "$.data", key: "topic_id" },
  columns: { topic_id: { type: "integer", required: true }, name: "varchar", area: "varchar", complaint: "boolean" },
  checks: [unique("topic_id")],
  into: { table: "desk_topics", mode: "merge", key: "topic_id" },
  freshWithin: { hours: 26 },
  tags: ["nightly"],
});

export const deskContacts = defineJob({
  name: "desk_contacts",
  title: "Contacts of the service desk",
  source: desk,
  extract: { path: "/v1/contacts", records: "$.data", cursor: "updated_at", since: "updated_since", key: "contact_id" },
  columns: {
    contact_id: { type: "varchar", required: true },
    name: { type: "varchar", clean: ["name", "empty"] },
    email: { type: "varchar", clean: ["trim", "lowercase", "empty"] },
    phone: text,
    country_code: "varchar",
    city: "varchar",
    customer_no: "varchar",
    updated_at: moment,
  },
  checks: [unique("contact_id")],
  into: { table: "desk_contacts", mode: "merge", key: "contact_id" },
  freshWithin: { hours: 26 },
  tags: ["nightly"],
});

export const deskCases = defineJob({
  name: "desk_cases",
  title: "Cases",
  source: desk,
  extract: { path: "/v1/cases", records: "$.data", cursor: "updated_at", since: "updated_since", key: "case_id" },
  columns: {
    case_id: { type: "varchar", required: true },
    contact_id: "varchar",
    order_no: "varchar",
    topic_id: "integer",
    channel: "varchar",
    priority: "varchar",
    agent: "varchar",
    team: "varchar",
    status: "varchar",
    opened_at: moment,
    first_answer_at: "timestamptz",
    resolved_at: "timestamptz",
    promised_hours: "integer",
    reopened: "boolean",
    messages: "integer",
    handling_minutes: "integer",
    cost: { type: "decimal(14,2)", required: true },
    updated_at: moment,
  },
  onReject: { quarantine: true, failAbove: "2%" },
  into: { table: "desk_cases", mode: "merge", key: "case_id" },
  freshWithin: { hours: 26 },
  schedule: { cron: "0 3 * * *", timeZone: "Europe/Berlin", retries: 3, backoff: "exponential" },
  tags: ["nightly"],
});

export const deskEvents = defineJob({
  name: "desk_case_events",
  title: "What happened in each case",
  source: desk,
  extract: { path: "/v1/events", records: "$.data", cursor: "at", since: "updated_since", key: "event_id" },
  columns: {
    event_id: { type: "bigint", required: true },
    case_id: { type: "varchar", required: true },
    kind: "varchar",
    at: moment,
  },
  into: { table: "desk_case_events", mode: "merge", key: "event_id" },
  freshWithin: { hours: 26 },
  tags: ["nightly"],
});

export const deskSurveys = defineJob({
  name: "desk_surveys",
  title: "Satisfaction answers",
  source: desk,
  extract: { path: "/v1/surveys", records: "$.data", cursor: "updated_at", since: "updated_since", key: "survey_id" },
  columns: {
    survey_id: { type: "bigint", required: true },
    case_id: { type: "varchar", required: true },
    asked_at: moment,
    answered_at: "timestamptz",
    score: "integer",
    recommend: "integer",
    updated_at: moment,
  },
  checks: [unique("survey_id")],
  into: { table: "desk_surveys", mode: "merge", key: "survey_id" },
  freshWithin: { hours: 26 },
  tags: ["nightly"],
});
