/** Links between entries that share a key. */
import type { DuckDBConnection } from "duckdb";
import { readColumns } from "../../engine/warehouse/columns.ts";
import type { MatchRules } from "../declare/match-rules.ts";
import type { Link } from "./cluster.ts";
import { ENTRIES, field, kindOf, latinField, signsField } from "./entries.ts";

const SHARED_BY = 50;

/** Every entry with the first entry of its key; keys that too many entries share are left out. */
export async function keyLinks(connection: DuckDBConnection, rules: MatchRules): Promise<readonly Link[]> {
  const keys = rules.keys.map((key) => (typeof key === "string" ? [key] : key));
  if (keys.length === 0) return [];
  const isName = (name: string): boolean => kindOf(rules, name) === "name";
  const written = keys.map((key, rule) => {
    const fields = key.map((name) => `e.${field(name)}`);
    return `SELECT ${rule} AS rule, idx, hash(${fields.join(", ")}) AS h
      FROM ${ENTRIES} AS e WHERE ${allKnown(fields)}`;
  });
  // a name in Latin letters joins the one Chinese name with this reading; two such names (王伟 and 王薇) stay apart
  const read = keys.flatMap((key, i) => {
    const names = key.filter(isName);
    if (names.length === 0) return [];
    const fields = key.map((name) => `e.${isName(name) ? latinField(name) : field(name)}`);
    const signs = `concat_ws(chr(0), ${names.map((name) => `e.${signsField(name)}`).join(", ")})`;
    return [
      `SELECT ${keys.length + i} AS rule, idx, hash(${fields.join(", ")}) AS h, nullif(${signs}, '') AS signs
       FROM ${ENTRIES} AS e WHERE ${allKnown(fields)}`,
    ];
  });
  const bySigns =
    read.length === 0
      ? ""
      : ` UNION ALL
         SELECT idx, hub, n FROM (
           SELECT idx, min(idx) OVER w AS hub, count(*) OVER w AS n, min(signs) OVER w AS least,
             max(signs) OVER w AS most, count(signs) OVER w AS written
           FROM (${read.join(" UNION ALL ")}) WINDOW w AS (PARTITION BY rule, h)
         ) WHERE written BETWEEN 1 AND n - 1 AND least = most`;
  const { columns } = await readColumns(
    await connection.run(
      `SELECT DISTINCT idx, hub FROM (
         SELECT idx, min(idx) OVER w AS hub, count(*) OVER w AS n
         FROM (${written.join(" UNION ALL ")}) WINDOW w AS (PARTITION BY rule, h)${bySigns}
       ) WHERE n BETWEEN 2 AND ${rules.sharedBy ?? SHARED_BY} AND hub <> idx ORDER BY idx, hub`,
    ),
  );
  const [entries = [], hubs = []] = columns;
  return entries.map((a, i) => ({ a: Number(a), b: Number(hubs[i]) }));
}

const allKnown = (fields: readonly string[]): string => fields.map((each) => `${each} IS NOT NULL`).join(" AND ");
