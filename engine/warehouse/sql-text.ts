/** Names and texts as DuckDB SQL. Values go as parameters wherever a statement takes them. */

export const quoteIdentifier = (name: string): string => `"${name.replaceAll('"', '""')}"`;

export function quoteText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
