/** Tables that a select reads: out of DuckDB's own parse of it, so that no name in a text or comment counts. */
import type { DuckDBConnection } from "duckdb";
import { TesseraError, phrase } from "../../engine/errors/index.ts";
import { quoteText } from "../../engine/warehouse/index.ts";

/** Names as written, without those that the select itself gives to its own parts. Throws `project-invalid` when it is no single select. */
export async function tablesRead(
  connection: DuckDBConnection,
  sql: string,
  place: string,
): Promise<ReadonlySet<string>> {
  const parsed = await connection.runAndReadAll(`SELECT json_serialize_sql(${quoteText(sql)})`);
  const tree = JSON.parse(String(parsed.getRowsJson()[0]![0])) as {
    readonly error?: boolean;
    readonly error_message?: string;
  };
  if (tree.error)
    throw new TesseraError(
      "project-invalid",
      phrase`the select cannot be read: ${tree.error_message ?? "syntax error"}`,
      {
        place,
      },
    );
  const names = new Set<string>();
  const own = new Set<string>();
  walk(tree, names, own);
  for (const name of own) names.delete(name);
  return names;
}

function walk(node: unknown, names: Set<string>, own: Set<string>): void {
  if (Array.isArray(node)) return node.forEach((each) => walk(each, names, own));
  if (typeof node !== "object" || node === null) return;
  const fields = node as { readonly [name: string]: unknown };
  if (
    fields["type"] === "BASE_TABLE" &&
    typeof fields["table_name"] === "string" &&
    fields["schema_name"] !== "recurring"
  )
    names.add(fields["table_name"]);
  const parts = (fields["cte_map"] as { readonly map?: readonly { readonly key: string }[] } | undefined)?.map;
  for (const part of parts ?? []) own.add(part.key);
  if (fields["type"] === "RECURSIVE_CTE_NODE" && typeof fields["cte_name"] === "string") own.add(fields["cte_name"]);
  for (const value of Object.values(fields)) walk(value, names, own);
}
