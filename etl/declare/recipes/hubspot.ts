/**
 * HubSpot as configuration: a REST source and its jobs.
 *
 * - A search ends at 10,000 results, and modification stamps are not unique: the search is sorted by the object's id,
 *   and repeated behind the last id of each full window.
 * - A change shows up late in searches: each load begins `lag` before the end of the last one.
 * - Searches never return archived objects: a second job reads their list and removes them from the table. It runs
 *   first, so that a restored object stays.
 * - 100 requests in ten seconds, five searches a second: status 429 says how long to wait.
 */
import { phrase, TesseraError } from "../../../engine/errors/index.ts";
import { defineJob, type Job, type JobSpec } from "../job.ts";
import type { Duration } from "../duration.ts";
import { rest, type RestSource } from "../sources/rest.ts";
import { env, type Setting } from "../secret.ts";
import { sourceName, type Columns } from "../column.ts";

/** A HubSpot account as users write it. */
export interface HubspotSpec {
  /** of the source; unique in the project */
  readonly name: string;
  /** token of a private app; default environment variable `HUBSPOT_TOKEN` */
  readonly token?: Setting;
  /** default `https://api.hubapi.com` */
  readonly baseUrl?: Setting;
  /** searches a second; default 4 */
  readonly perSecond?: number;
}

/** The source of a HubSpot account. @example hubspot({ name: "crm" }) */
export const hubspot = (spec: HubspotSpec): RestSource =>
  rest({
    name: spec.name,
    baseUrl: spec.baseUrl ?? "https://api.hubapi.com",
    auth: { bearer: spec.token ?? env("HUBSPOT_TOKEN") },
    rateLimit: { perSecond: spec.perSecond ?? 4 },
    retries: 6,
  });

/** An object of HubSpot and the table it fills. */
export interface HubspotObject extends Pick<JobSpec, "title" | "checks" | "onReject" | "schedule" | "after" | "tags"> {
  /** of the job; unique in the project */
  readonly name: string;
  readonly source: RestSource;
  /** `contacts`, `companies`, `deals`, `tickets` or a custom object's id */
  readonly object: string;
  /** the properties to read, and `id`; a property with another name than its column goes into `from` */
  readonly columns: Columns;
  /** the warehouse table */
  readonly table: string;
  /** how late a change may show up in searches; default 15 minutes */
  readonly lag?: Duration;
}

const WINDOW = 10_000;
const PAGE = 200;

/**
 * Two jobs that keep a table equal to an object of HubSpot: archived records, then changed ones.
 * @throws TesseraError `job-invalid` for an invalid object name
 */
export function hubspotObject({
  source,
  object,
  columns,
  table,
  lag = { minutes: 15 },
  ...job
}: HubspotObject): readonly [archived: Job, changed: Job] {
  if (!/^[A-Za-z0-9_-]+$/.test(object))
    throw new TesseraError("job-invalid", phrase`invalid HubSpot object "${object}"`, {
      place: `job ${job.name}`,
      remedy: "use contacts, companies, deals, tickets or the id of a custom object",
    });
  const stamp = object === "contacts" ? "lastmodifieddate" : "hs_lastmodifieddate";
  const names = Object.entries(columns).map(([name, spec]) => ({ name, from: sourceName(name, spec) }));
  const properties = [...new Set([stamp, ...names.map(({ from }) => from).filter((from) => from !== "id")])];
  const key = names.find(({ from }) => from === "id")?.name ?? "id";
  const all: Columns = key in columns ? columns : { id: "bigint", ...columns };
  const common = { source, columns: all, into: { table, mode: "merge" as const, key } };
  const gone = `${job.name}_archived`;
  return [
    defineJob({
      ...common,
      name: gone,
      title: `${job.title ?? job.name}: archived`,
      deletes: { column: "archived" },
      ...(job.schedule && { schedule: job.schedule }),
      ...(job.tags && { tags: job.tags }),
      ...(job.after && { after: job.after }),
      extract: {
        path: `/crm/v3/objects/${object}`,
        query: { archived: true, limit: 100, properties: properties.join(",") },
        records: "$.results",
        flatten: "properties",
        pagination: { kind: "cursor", next: "$.paging.next.after", parameter: "after" },
      },
    }),
    defineJob({
      ...job,
      ...common,
      after: [...(job.after ?? []), gone],
      extract: {
        path: `/crm/v3/objects/${object}/search`,
        records: "$.results",
        flatten: "properties",
        cursor: stamp,
        lag,
        body: {
          filterGroups: [
            {
              filters: [
                { propertyName: stamp, operator: "GTE", value: "{{since:ms}}" },
                { propertyName: "hs_object_id", operator: "GT", value: "{{last}}" },
              ],
            },
          ],
          sorts: [{ propertyName: "hs_object_id", direction: "ASCENDING" }],
          properties,
          limit: PAGE,
          after: "{{cursor}}",
        },
        pagination: { kind: "cursor", next: "$.paging.next.after", window: { size: WINDOW, key: "$.id", first: "0" } },
      },
    }),
  ];
}
