/** The tables that a select reads, from DuckDB's parse tree: names in texts and comments do not count. */
import { readTexts } from "../extract/read-sql.ts";
import type { DuckDBConnection } from "duckdb";
import { TesseraError, phrase } from "../../engine/errors/index.ts";
import { quoteText } from "../../engine/warehouse/index.ts";

/** The parts of DuckDB's parse tree that name tables. */
interface ParseNode {
  readonly type?: string;
  readonly table_name?: string;
  readonly schema_name?: string;
  readonly cte_name?: string;
  readonly cte_map?: { readonly map?: readonly { readonly key: string }[] };
}

/**
 * Names of tables, without the select's own common table expressions.
 * @throws TesseraError `project-invalid` for anything but one valid select
 */
export async function tablesRead(
  connection: DuckDBConnection,
  sql: string,
  place: string,
): Promise<ReadonlySet<string>> {
  const [text = "{}"] = await readTexts(connection, `SELECT json_serialize_sql(${quoteText(sql)})`);
  const tree: { readonly error?: boolean; readonly error_message?: string } = JSON.parse(text);
  if (tree.error) throw invalidSelect(tree.error_message ?? "", place);
  const names = new Set<string>();
  const own = new Set<string>();
  walk(tree, names, own);
  for (const name of own) names.delete(name);
  return names;
}

function invalidSelect(message: string, place: string): TesseraError {
  const [, near] = /at or near "([^"]*)"/.exec(message) ?? [];
  return new TesseraError(
    "project-invalid",
    near === undefined ? "the select is not valid SQL" : phrase`SQL syntax error near "${near}" in the select`,
    { place, remedy: "write one SELECT statement", cause: message },
  );
}

function walk(node: unknown, names: Set<string>, own: Set<string>): void {
  if (Array.isArray(node)) return node.forEach((each) => walk(each, names, own));
  if (typeof node !== "object" || node === null) return;
  const { type, table_name, schema_name, cte_name, cte_map }: ParseNode = node;
  // `recurring` marks a reference to the recursive part itself
  if (type === "BASE_TABLE" && table_name !== undefined && schema_name !== "recurring") names.add(table_name);
  for (const part of cte_map?.map ?? []) own.add(part.key);
  if (type === "RECURSIVE_CTE_NODE" && cte_name !== undefined) own.add(cte_name);
  for (const value of Object.values(node)) walk(value, names, own);
}
