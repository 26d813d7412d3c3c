/**
 * An author's expression that is plain arithmetic over the fact's own columns, with each column named by its relation:
 * it can then be computed after the joins, for the rows that are left. In a subselect DuckDB computes it for every row
 * of the scan (1.12 times the whole answer on the Star Schema Benchmark's last question).
 */
import { quote } from "../../sql/printer.ts";

const PLAIN = /^[\w\s+*().-]+$/;
const WORD = /[A-Za-z_]\w*|\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/** The expression with named columns; null for anything else: a function, text, a comment, an unknown column. */
export function arithmetic(sql: string, relation: string, isColumn: (name: string) => boolean): string | null {
  if (!PLAIN.test(sql) || sql.includes("--") || /\w\s*\(/.test(sql) || /\.\s*[A-Za-z_(]|[A-Za-z_]\w*\s*\./.test(sql))
    return null;
  let plain = true;
  const named = sql.replace(WORD, (word) => {
    if (/^\d/.test(word)) return word;
    if (!isColumn(word)) plain = false;
    return `${quote(relation)}.${quote(word)}`;
  });
  return plain ? named : null;
}
