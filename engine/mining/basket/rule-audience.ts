/** The audience of a rule: members who bought the whole left side at some time and never the right side. */
import type { DuckDBValue } from "duckdb";
import { TesseraError, phrase } from "../../errors/index.ts";
import type { Engine } from "../../query/answer/engine.ts";
import { keyAttribute } from "../../query/binding/member.ts";
import { factRows, parametersOf } from "../fact-rows.ts";
import { last } from "../../lookup.ts";

/** Which rule, and whose members. */
export interface RuleAudienceRequest {
  /** the cube of purchases */
  readonly events: string;
  /** the role of its items */
  readonly item: string;
  /** the role of the members who buy */
  readonly audience: string;
  /** keys of items, as text */
  readonly left: readonly string[];
  readonly right: string;
}

/** Members as a filter. */
export interface RuleAudience {
  /** the attribute with the keys, for a filter */
  readonly member: string;
  /** the dimension */
  readonly over: string;
  readonly keys: readonly string[];
}

/**
 * The audience in the current data, which may be newer than the rule.
 * @throws TesseraError `mining-invalid` for an unknown cube or role
 */
export async function ruleAudience(
  engine: Engine,
  { events, item, audience, left, right }: RuleAudienceRequest,
  place = "$",
): Promise<RuleAudience> {
  const role = engine.catalog.roles.get(audience);
  if (!role || role.dimension.calendar)
    throw new TesseraError("mining-invalid", phrase`role "${audience}" not found`, { place: `${place} › audience` });
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
  const rightMark = last(marks);
  const keys = await engine.serving.using(async (connection) => {
    const read = await connection.runAndReadAll(
      `SELECT who::VARCHAR FROM (${printed.sql})
       WHERE who IS NOT NULL AND item::VARCHAR IN (${marks.join(", ")}) GROUP BY who
       HAVING count(DISTINCT item) FILTER (WHERE item::VARCHAR <> ${rightMark}) = ${left.length}
         AND count(*) FILTER (WHERE item::VARCHAR = ${rightMark}) = 0
       ORDER BY who`,
      parameters,
    );
    return read.getRows().map(([key]) => String(key));
  });
  return { member: `${audience}.${keyAttribute(role.dimension)}`, over: role.dimension.name, keys };
}
