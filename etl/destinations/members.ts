/** Whom a segment or query finds, and who of them may be listed. */
import { TesseraError, didYouMean, phrase } from "../../engine/errors/index.ts";
import type { Filter } from "../../engine/model/filter.ts";
import type { Query, Row } from "../../engine/model/query.ts";
import type { OpenProject, QueryOptions } from "../project/open-project.ts";
import type { ListDestination } from "../declare/destination.ts";

export interface FoundMembers {
  /** the key's member name */
  readonly key: string;
  readonly rows: readonly Row[];
  /** found by the rule, but without consent or on the do-not-contact list */
  readonly withheld: number;
  readonly version: number;
}

/** What decides who is in a list: a stored segment's name, or a query whose filters count. */
export type Audience = string | Query;

const MOST = 1_000_000;

/**
 * The members, each with the destination's columns and those that it assigns by.
 * @throws TesseraError `not-found` for a segment that is not there, `model-invalid` for a destination that names what is not in the model
 */
export async function findMembers(
  project: OpenProject,
  destination: ListDestination,
  audience: Audience,
  options: QueryOptions = {},
): Promise<FoundMembers> {
  const catalog = project.catalog(options);
  const role = catalog.roles.find((each) => each.name === destination.over);
  const key = role?.attributes.find((attribute) => attribute.isKey)?.member;
  const place = `destination ${destination.name}`;
  if (key === undefined)
    throw new TesseraError(
      "model-invalid",
      phrase`${destination.over} is no dimension with a key${didYouMean(
        destination.over,
        catalog.roles.map((each) => each.name),
      )}`,
      { place },
    );
  const rule = typeof audience === "string" ? segmentFilters(project, destination, audience) : (audience.filters ?? []);
  const measures = new Set(catalog.cubes.flatMap((cube) => cube.measures.map((measure) => measure.member)));
  const wanted = [
    ...new Set([
      ...Object.values(destination.columns),
      ...(destination.assign !== undefined && "member" in destination.assign ? [destination.assign.member] : []),
    ]),
  ];
  const attributes = wanted.filter((member) => !measures.has(member));
  const allowed: readonly Filter[] = [
    { member: destination.contact.consent, operator: "equals", values: [true] },
    { member: destination.contact.stop, operator: "equals", values: [false] },
  ];
  const { over } = destination;
  const [listed, all, version] = await Promise.all([
    project.memberList({ over, filters: [...rule, ...allowed] }, attributes, options),
    project.segmentSize({ over, filters: rule }, options),
    project.manifest(options).version,
  ]);
  const amounts = new Map<string, Row>();
  const asked = wanted.filter((member) => measures.has(member));
  if (asked.length > 0) {
    const result = await project.query({ measures: asked, dimensions: [key], limit: MOST }, options);
    if (result.meta.truncated)
      throw new TesseraError(
        "too-large",
        phrase`more than ${MOST.toLocaleString("en")} members have ${asked.join(", ")}`,
        {
          place,
          remedy: "take attributes in place of measures",
        },
      );
    for (const row of result.rows) amounts.set(String(row[key]), row);
  }
  const rows = listed.keys.map(
    (value, i): Row => ({
      [key]: value,
      ...Object.fromEntries(attributes.map((member) => [member, listed.values.get(member)![i] ?? null])),
      ...Object.fromEntries(asked.map((member) => [member, amounts.get(String(value))?.[member] ?? null])),
    }),
  );
  return { key, rows, withheld: all.members - rows.length, version };
}

function segmentFilters(project: OpenProject, destination: ListDestination, name: string): readonly Filter[] {
  const segments = project.spec.segments ?? [];
  const segment = segments.find((each) => each.name === name);
  if (segment === undefined)
    throw new TesseraError(
      "not-found",
      phrase`there is no segment ${name.slice(0, 100)}${didYouMean(
        name.slice(0, 100),
        segments.map((each) => each.name),
      )}`,
      { remedy: "`tessera query` and /segments show them; a query's file is taken too" },
    );
  if (segment.over !== destination.over)
    throw new TesseraError(
      "query-invalid",
      phrase`${name} is a segment over ${segment.over}, and ${destination.name} lists ${destination.over}`,
      { place: `segment ${name}` },
    );
  return [{ segment: name }];
}
