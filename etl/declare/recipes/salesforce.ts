/**
 * Salesforce as a source: a REST source and its jobs, as configuration.
 *
 * What the system does, and what answers it: `queryAll` gives deleted rows too, which `IsDeleted` marks (`query` hides them). `SystemModstamp` changes with
 * every change, `LastModifiedDate` does not; many rows share one, so the lower bound is included. A row may show up minutes after its
 * stamp, so each load begins again `lag` before the last one's end. The session of a client ends by the org's clock, not by a date in the token: it is renewed when
 * it is refused. `nextRecordsUrl` is a path of the same host.
 */
import { defineJob, type Job, type JobSpec } from "../job.ts";
import type { Duration } from "../duration.ts";
import { rest, type RestSource } from "../sources/rest.ts";
import type { Setting } from "../secret.ts";
import type { Columns } from "../column.ts";

export interface SalesforceSpec {
  readonly name: string;
  /** the org's own address, as `https://acme.my.salesforce.com` */
  readonly instanceUrl: Setting;
  /** the org's token service, as `https://acme.my.salesforce.com/services/oauth2/token` */
  readonly tokenUrl: Setting;
  readonly clientId: Setting;
  readonly clientSecret: Setting;
  /** requests a second; an org's daily allowance is shared by all its clients. Default 5 */
  readonly perSecond?: number;
}

export const salesforce = (spec: SalesforceSpec): RestSource =>
  rest({
    name: spec.name,
    baseUrl: spec.instanceUrl,
    auth: { oauth: { tokenUrl: spec.tokenUrl, clientId: spec.clientId, clientSecret: spec.clientSecret } },
    pagination: { kind: "link", next: "$.nextRecordsUrl" },
    rateLimit: { perSecond: spec.perSecond ?? 5 },
    retries: 5,
  });

export interface SalesforceObject
  extends Pick<JobSpec, "title" | "checks" | "onReject" | "schedule" | "after" | "tags"> {
  readonly name: string;
  readonly source: RestSource;
  /** `Account`, `Opportunity`, `Invoice__c` */
  readonly object: string;
  /** the fields that are asked for: their names are the columns', or stand in `from` */
  readonly columns: Columns;
  readonly table: string;
  /** default 60.0 */
  readonly apiVersion?: string;
  /** how late a row may show up; default 10 minutes */
  readonly lag?: Duration;
}

const NAME = /^[A-Za-z][A-Za-z0-9_]*$/;
const STAMP = "SystemModstamp";

/** A job that keeps a table as an object of Salesforce is, deletions included. Throws where a name is none of Salesforce's. */
export function salesforceObject({
  source,
  object,
  columns,
  table,
  apiVersion = "60.0",
  lag = { minutes: 10 },
  ...job
}: SalesforceObject): Job {
  const fields = [
    ...new Set([
      "Id",
      STAMP,
      "IsDeleted",
      ...Object.entries(columns).map(([name, spec]) => (typeof spec === "object" && spec.from) || name),
    ]),
  ];
  for (const name of [object, ...fields]) if (!NAME.test(name)) throw new Error(`${name} is no name of Salesforce's`);
  const key = Object.entries(columns).find(
    ([name, spec]) => ((typeof spec === "object" && spec.from) || name) === "Id",
  )?.[0];
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
