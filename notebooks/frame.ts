/** A query's result as a danfojs DataFrame. */
import { DataFrame, toJSON } from "danfojs-node";
import type { Result, Row, Value } from "tessera";

/** The result as a frame: columns named by their members, rows in their order; at least one row is needed. */
export function frame(result: Pick<Result, "columns" | "rows">): DataFrame {
  const names = result.columns.map((column) => column.name);
  return new DataFrame(
    result.rows.map((row) => names.map((name) => row[name] ?? null)),
    { columns: names },
  );
}

/** A frame's rows as plain objects, for Plot and for tables. */
export const rowsOf = (of: DataFrame): Row[] => toJSON(of, { format: "column" }) as Row[];

/** The numbers of a column, without nulls. */
export const numbersOf = (of: DataFrame, column: string): number[] =>
  (of.column(column).values as Value[]).filter(
    (value): value is number => typeof value === "number" && !Number.isNaN(value),
  );

/** A number of a row; 0 where it is missing. */
export const numberOf = (row: Row | undefined, name: string): number => Number(row?.[name] ?? 0);

/** The sum of numbers. */
export const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/**
 * A pivot, which danfojs lacks: a row for each member of `index`, a column for each of `columns`, the sum of `values`
 * in the cells. Members keep the order in which they appear; a cell without rows is null.
 */
export function pivot(of: DataFrame, index: string, columns: string, values: string): DataFrame {
  const cells = new Map<Value, Map<string, number>>();
  const heads: string[] = [];
  for (const row of rowsOf(of)) {
    const [key, head] = [row[index] ?? null, String(row[columns] ?? "(unknown)")];
    if (!heads.includes(head)) heads.push(head);
    const line = cells.get(key) ?? new Map<string, number>();
    line.set(head, (line.get(head) ?? 0) + Number(row[values] ?? 0));
    cells.set(key, line);
  }
  return new DataFrame(
    [...cells].map(([key, line]) => [key, ...heads.map((head) => line.get(head) ?? null)]),
    { columns: [index, ...heads] },
  );
}
