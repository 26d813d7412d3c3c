import { defineJob, matches, notNull, unique } from "../../index.ts";
import { erp } from "../sources.ts";

const text = { type: "varchar", clean: ["trim", "collapse", "empty"] } as const;

export const erpCustomers = defineJob({
  name: "erp_customers",
  title: "Customers of the ERP",
  source: erp,
  extract: { table: "customers", cursor: "updated_at", lag: { hours: 1 }, key: "customer_no" },
  columns: {
    customer_no: { type: "varchar", clean: ["trim", "uppercase"], required: true },
    kind: "varchar",
    first_name: { type: "varchar", clean: ["name", "empty"] },
    last_name: { type: "varchar", clean: ["name", "empty"] },
    company: text,
    industry: "varchar",
    gender: "varchar",
    birth_date: "date",
    email: { type: "varchar", clean: ["trim", "lowercase", "empty"] },
    phone: text,
    street: text,
    postcode: text,
    city: text,
    region: "varchar",
    country: "varchar",
    country_code: "varchar",
    language: "varchar",
    tier: "varchar",
    status: "varchar",
    owner_id: "integer",
    acquired_through: "varchar",
    created_on: "date",
    updated_at: { type: "timestamp", required: true },
  },
  checks: [unique("customer_no"), matches("country_code", "[A-Z]{2}")],
  onReject: { quarantine: true, failAbove: "5%" },
  into: { table: "erp_customers", mode: "merge", key: "customer_no" },
  freshWithin: { hours: 26 },
  schedule: { cron: "0 2 * * *", timeZone: "Europe/Berlin", retries: 3, backoff: "exponential" },
  tags: ["nightly"],
});

export const erpCustomerLog = defineJob({
  name: "erp_customer_log",
  title: "Changes of customers in the ERP",
  source: erp,
  extract: { table: "customer_log", cursor: "log_no", key: "log_no" },
  columns: {
    log_no: { type: "bigint", required: true },
    customer_no: { type: "varchar", required: true },
    changed_on: { type: "date", required: true },
    city: "varchar",
    region: "varchar",
    country: "varchar",
    tier: "varchar",
    status: "varchar",
    owner_id: "integer",
  },
  checks: [unique("log_no")],
  into: { table: "erp_customer_log", mode: "merge", key: "log_no" },
  freshWithin: { hours: 26 },
  tags: ["nightly"],
});

export const erpConsents = defineJob({
  name: "erp_consents",
  title: "Consents",
  source: erp,
  extract: { table: "consents" },
  columns: {
    customer_no: { type: "varchar", required: true },
    channel: { type: "varchar", required: true },
    granted: "boolean",
    changed_on: { type: "date", required: true },
  },
  checks: [notNull("granted")],
  into: { table: "erp_consents", mode: "replace" },
  freshWithin: { hours: 26 },
  tags: ["nightly"],
});

export const erpDoNotContact = defineJob({
  name: "erp_do_not_contact",
  title: "Do-not-contact list",
  source: erp,
  extract: { table: "do_not_contact" },
  columns: { customer_no: { type: "varchar", required: true }, since: "date", reason: "varchar" },
  into: { table: "erp_do_not_contact", mode: "replace" },
  freshWithin: { hours: 26 },
  tags: ["nightly"],
});
