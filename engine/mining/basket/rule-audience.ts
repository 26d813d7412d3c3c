/** From a rule to whom it could be told: members who bought the whole left side at some time and the right side never. */
import type { DuckDBValue } from "duckdb";
import { TesseraError, phrase } from "../../errors/index.ts";
import type { Engine } from "../../query/answer/engine.ts";
import { keyAttribute } from "../../query/binding/member.ts";
import { factRows, parametersOf } from "../fact-rows.ts";
import { last as lastOf } from "../../lookup.ts";

export interface RuleAudienceRequest {
  /** the cube of purchases, the role of its items, the role of those who buy */
  readonly events: string;
  readonly item: string;
  readonly audience: string;
  /** keys of items, as text */
  readonly left: readonly string[];
  readonly right: string;
}

export interface RuleAudience {
  /** the attribute that holds the keys, for a filter */
  readonly member: string;
  readonly over: string;
  readonly keys: readonly string[];
}

/** Asked of the data as they are now, which may be newer than the rule. @throws TesseraError `mining-invalid` */
export async function ruleAudience(
  engine: Engine,
  { events, item, audience, left, right }: RuleAudienceRequest,
  place = "$",
): Promise<RuleAudience> {
  const role = engine.catalog.roles.get(audience);
  if (!role || role.dimension.calendar)
    throw new TesseraError("mining-invalid", phrase`unknown role ${audience}`, { place: `${place} › audience` });
  const itemRole =
    [...engine.catalog.roles.values()].find((r) => r.name === item) ??
    [...engine.catalog.roles.values()].find((r) => r.dimension.name === item);
  const printed = factRows(engine, place, {
    cube: events,
    columns: { who: { key: audience }, item: { key: itemRole?.name ?? item } },
    distinct: true,
  });
  const parameters: DuckDBValue[] = parametersOf(printed);
  const marks = [...left, right].map((key) => {
    parameters.push(key);
    return `$${parameters.length}`;
  });
  const last = lastOf(marks);
  const keys = await engine.serving.using(async (connection) =>
    (
      await connection.runAndReadAll(
        `
    SELECT who::VARCHAR FROM (${printed.sql}) WHERE who IS NOT NULL AND item::VARCHAR IN (${marks.join(", ")}) GROUP BY who
    HAVING count(DISTINCT item) FILTER (WHERE item::VARCHAR <> ${last}) = ${left.length} AND count(*) FILTER (WHERE item::VARCHAR = ${last}) = 0 ORDER BY who`,
        parameters,
      )
    )
      .getRows()
      .map(([key]) => String(key)),
  );
  return { member: `${audience}.${keyAttribute(role.dimension)}`, over: role.dimension.name, keys };
}
