/**
 * Salesforce as configuration: a REST source and its jobs.
 *
 * - `queryAll` also returns deleted rows, marked by `IsDeleted`; `query` hides them.
 * - `SystemModstamp` changes with every change, `LastModifiedDate` does not. Many rows share one stamp, so the lower
 *   bound is included.
 * - A row may show up minutes after its stamp: each load begins `lag` before the end of the last one.
 * - The session ends by the org's settings, not by a date in the token: the token is renewed when it is refused.
 * - `nextRecordsUrl` is a path on the same host.
 */
import { phrase, TesseraError } from "../../../engine/errors/index.ts";
import { defineJob, type Job, type JobSpec } from "../job.ts";
import type { Duration } from "../duration.ts";
import { rest, type RestSource } from "../sources/rest.ts";
import type { Setting } from "../secret.ts";
import { sourceName, type Columns } from "../column.ts";

/** A Salesforce org as users write it. */
export interface SalesforceSpec {
  /** of the source; unique in the project */
  readonly name: string;
  /** the org's address, for example `https://acme.my.salesforce.com` */
  readonly instanceUrl: Setting;
  /** the org's token service, for example `https://acme.my.salesforce.com/services/oauth2/token` */
  readonly tokenUrl: Setting;
  readonly clientId: Setting;
  readonly clientSecret: Setting;
  /** requests a second, out of the daily limit that all clients of the org share; default 5 */
  readonly perSecond?: number;
}

/**
 * The source of a Salesforce org.
 * @example
 * salesforce({
 *   name: "sf",
 *   instanceUrl: env("SF_URL"),
 *   tokenUrl: env("SF_TOKEN_URL"),
 *   clientId: env("SF_ID"),
 *   clientSecret: env("SF_SECRET"),
 * })
 */
export const salesforce = (spec: SalesforceSpec): RestSource =>
  rest({
    name: spec.name,
    baseUrl: spec.instanceUrl,
    auth: { oauth: { tokenUrl: spec.tokenUrl, clientId: spec.clientId, clientSecret: spec.clientSecret } },
    pagination: { kind: "link", next: "$.nextRecordsUrl" },
    rateLimit: { perSecond: spec.perSecond ?? 5 },
    retries: 5,
  });

/** An object of Salesforce and the table it fills. */
export interface SalesforceObject
  extends Pick<JobSpec, "title" | "checks" | "onReject" | "schedule" | "after" | "tags"> {
  /** of the job; unique in the project */
  readonly name: string;
  readonly source: RestSource;
  /** `Account`, `Opportunity`, `Invoice__c` */
  readonly object: string;
  /** the fields to read; a field with another name than its column goes into `from` */
  readonly columns: Columns;
  /** the warehouse table */
  readonly table: string;
  /** default `60.0` */
  readonly apiVersion?: string;
  /** how late a row may show up; default 10 minutes */
  readonly lag?: Duration;
}

const NAME = /^[A-Za-z][A-Za-z0-9_]*$/;
const STAMP = "SystemModstamp";

/**
 * A job that keeps a table equal to an object of Salesforce, deletions included.
 * @throws TesseraError `job-invalid` for an invalid object or field name
 */
export function salesforceObject({
  source,
  object,
  columns,
  table,
  apiVersion = "60.0",
  lag = { minutes: 10 },
  ...job
}: SalesforceObject): Job {
  const names = Object.entries(columns).map(([name, spec]) => ({ name, from: sourceName(name, spec) }));
  const fields = [...new Set(["Id", STAMP, "IsDeleted", ...names.map(({ from }) => from)])];
  for (const name of [object, ...fields])
    if (!NAME.test(name))
      throw new TesseraError("job-invalid", phrase`invalid Salesforce name "${name}"`, {
        place: `job ${job.name}`,
        remedy: "use the API name of an object or field, for example Invoice__c",
      });
  const key = names.find(({ from }) => from === "Id")?.name;
  return defineJob({
    ...job,
    source,
    columns: key === undefined ? { Id: "varchar", ...columns } : columns,
    into: { table, mode: "merge", key: key ?? "Id" },
    deletes: { column: "IsDeleted" },
    extract: {
      path: `/services/data/v${apiVersion}/queryAll`,
      query: { q: `SELECT ${fields.join(", ")} FROM ${object} WHERE ${STAMP} >= {{since:iso}} ORDER BY ${STAMP}, Id` },
      records: "$.records",
      cursor: STAMP,
      lag,
    },
  });
}
