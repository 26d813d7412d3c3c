/** Finds the members of a segment or query that may be listed. */
import { TesseraError, didYouMean, phrase } from "../../engine/errors/index.ts";
import type { CatalogView } from "../../engine/model/catalog-view.ts";
import type { Filter } from "../../engine/model/filter.ts";
import type { Query, Row } from "../../engine/model/query.ts";
import type { OpenProject, QueryOptions } from "../project/open-project.ts";
import type { ListDestination } from "../declare/destination.ts";

/** The members of a list. */
export interface FoundMembers {
  /** the member name of the key */
  readonly key: string;
  readonly rows: readonly Row[];
  /** members that the rule finds, but without consent or on the do-not-contact list */
  readonly withheld: number;
  /** data version */
  readonly version: number;
}

/** Who is listed: the name of a stored segment, or a query whose filters apply. */
export type Audience = string | Query;

const MOST = 1_000_000;

/**
 * The members of a list with the destination's columns and those it is assigned by.
 * @throws TesseraError `not-found` for an unknown segment, `model-invalid` for a destination without a valid dimension
 */
export async function findMembers(
  project: OpenProject,
  destination: ListDestination,
  audience: Audience,
  options: QueryOptions = {},
): Promise<FoundMembers> {
  const catalog = project.catalog(options);
  const key = keyMember(catalog, destination);
  const rule = typeof audience === "string" ? segmentFilters(project, destination, audience) : (audience.filters ?? []);
  const isMeasure = new Set(catalog.cubes.flatMap((cube) => cube.measures.map((measure) => measure.member)));
  const { over, assign } = destination;
  const assignedBy = assign !== undefined && "member" in assign ? [assign.member] : [];
  const wanted = [...new Set([...Object.values(destination.columns), ...assignedBy])];
  const attributes = wanted.filter((member) => !isMeasure.has(member));
  const measures = wanted.filter((member) => isMeasure.has(member));
  const allowed: readonly Filter[] = [
    { member: destination.contact.consent, operator: "equals", values: [true] },
    { member: destination.contact.stop, operator: "equals", values: [false] },
  ];
  const { version } = project.manifest(options);
  const [listed, all] = await Promise.all([
    project.memberList({ over, filters: [...rule, ...allowed] }, attributes, options),
    project.segmentSize({ over, filters: rule }, options),
  ]);
  const amounts = await amountsByKey(project, destination, key, measures, options);
  const rows = listed.keys.map(
    (value, i): Row => ({
      [key]: value,
      ...Object.fromEntries(attributes.map((member) => [member, listed.values.get(member)?.[i] ?? null])),
      ...Object.fromEntries(measures.map((member) => [member, amounts.get(String(value))?.[member] ?? null])),
    }),
  );
  return { key, rows, withheld: all.members - rows.length, version };
}

function keyMember(catalog: CatalogView, { name, over }: ListDestination): string {
  const role = catalog.roles.find((each) => each.name === over);
  const key = role?.attributes.find((attribute) => attribute.isKey)?.member;
  if (key !== undefined) return key;
  throw new TesseraError(
    "model-invalid",
    phrase`dimension "${over}" with a key not found${didYouMean(
      over,
      catalog.roles.map((each) => each.name),
    )}`,
    { place: `destination ${name}`, remedy: "name a role of a dimension in `over`" },
  );
}

/** The measures of all members, by key. */
async function amountsByKey(
  project: OpenProject,
  { name }: ListDestination,
  key: string,
  measures: readonly string[],
  options: QueryOptions,
): Promise<ReadonlyMap<string, Row>> {
  if (measures.length === 0) return new Map();
  const { rows, meta } = await project.query({ measures, dimensions: [key], limit: MOST }, options);
  if (meta.truncated)
    throw new TesseraError(
      "too-large",
      phrase`more than ${MOST.toLocaleString("en")} members have ${measures.join(", ")}`,
      { place: `destination ${name}`, remedy: "list attributes instead of measures" },
    );
  return new Map(rows.map((row) => [String(row[key]), row]));
}

function segmentFilters(project: OpenProject, destination: ListDestination, name: string): readonly Filter[] {
  const segments = project.spec.segments ?? [];
  const segment = segments.find((each) => each.name === name);
  if (segment === undefined)
    throw new TesseraError(
      "not-found",
      phrase`segment "${name.slice(0, 100)}" not found${didYouMean(
        name.slice(0, 100),
        segments.map((each) => each.name),
      )}`,
      { remedy: { action: "list-members" } },
    );
  if (segment.over !== destination.over)
    throw new TesseraError(
      "query-invalid",
      phrase`segment ${name} is over ${segment.over}; destination ${destination.name} lists ${destination.over}`,
      { place: `segment ${name}`, remedy: phrase`choose a segment over ${destination.over}` },
    );
  return [{ segment: name }];
}
