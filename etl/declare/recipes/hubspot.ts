/**
 * HubSpot as a source: a REST source and its jobs, as configuration.
 *
 * What the system does, and what answers it: a search ends at 10,000 results, and the modification stamps are not unique; so the search is
 * sorted by the object's id, which is, and asked anew behind the last id of each full window. A change shows up in searches late; so each load begins again `lag`
 * before the last one's end. Searches never give archived objects; so a second job reads their list, and takes them out of the table. It runs first, so that
 * an object that came back stays. Ten seconds hold a hundred requests, and searches are five a second: an answer of 429 says how long to wait.
 */
import { defineJob, type Job, type JobSpec } from "../job.ts";
import type { Duration } from "../duration.ts";
import { rest, type RestSource } from "../sources/rest.ts";
import { env, type Setting } from "../secret.ts";
import type { Columns } from "../column.ts";

export interface HubspotSpec {
  readonly name: string;
  /** token of a private app; default `HUBSPOT_TOKEN` in the environment */
  readonly token?: Setting;
  /** default `https://api.hubapi.com` */
  readonly baseUrl?: Setting;
  /** searches a second; default 4 */
  readonly perSecond?: number;
}

export const hubspot = (spec: HubspotSpec): RestSource =>
  rest({
    name: spec.name,
    baseUrl: spec.baseUrl ?? "https://api.hubapi.com",
    auth: { bearer: spec.token ?? env("HUBSPOT_TOKEN") },
    rateLimit: { perSecond: spec.perSecond ?? 4 },
    retries: 6,
  });

export interface HubspotObject extends Pick<JobSpec, "title" | "checks" | "onReject" | "schedule" | "after" | "tags"> {
  readonly name: string;
  readonly source: RestSource;
  /** `contacts`, `companies`, `deals`, `tickets` or a custom object's id */
  readonly object: string;
  /** the properties that are asked for, and `id`: their names are the columns', or stand in `from` */
  readonly columns: Columns;
  readonly table: string;
  /** how late a change may show up in searches; default 15 minutes */
  readonly lag?: Duration;
}

const WINDOW = 10_000;
const PAGE = 200;

/** Two jobs that keep a table as an object of HubSpot is: what was archived, then what was changed. */
export function hubspotObject({
  source,
  object,
  columns,
  table,
  lag = { minutes: 15 },
  ...job
}: HubspotObject): readonly [archived: Job, changed: Job] {
  if (!/^[A-Za-z0-9_-]+$/.test(object)) throw new Error(`${object} is no object of HubSpot's`);
  const stamp = object === "contacts" ? "lastmodifieddate" : "hs_lastmodifieddate";
  const asked = Object.entries(columns)
    .map(([name, spec]) => (typeof spec === "object" && spec.from) || name)
    .filter((name) => name !== "id");
  const properties = [...new Set([stamp, ...asked])];
  const key =
    Object.entries(columns).find(([name, spec]) => ((typeof spec === "object" && spec.from) || name) === "id")?.[0] ??
    "id";
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
