/** The entries of a list, and their text forms. */
import type { Value } from "../../engine/model/query.ts";

/** An entry of a list. */
export interface ListEntry {
  /** the entry's id, by which its outcome comes back: `LIST:MEMBER` */
  readonly entry: string;
  readonly member: string;
  readonly assignee: string | null;
  /** in the order of the destination's columns */
  readonly values: readonly Value[];
}

/** A list with its entries. */
export interface MadeList {
  readonly id: string;
  readonly name: string;
  readonly columns: readonly string[];
  readonly entries: readonly ListEntry[];
}

/** The first columns of every list. */
export const OWN_COLUMNS = ["entry_id", "list_id", "member", "assignee"] as const;

/** An entry as a row, in the order of `OWN_COLUMNS` and the list's columns. */
export const rowOf = (list: MadeList, entry: ListEntry): readonly Value[] => [
  entry.entry,
  list.id,
  entry.member,
  entry.assignee,
  ...entry.values,
];

/** An entry as an object by column. */
export const objectOf = (list: MadeList, entry: ListEntry): { readonly [column: string]: Value } => {
  const row = rowOf(list, entry);
  return Object.fromEntries([...OWN_COLUMNS, ...list.columns].map((name, i) => [name, row[i] ?? null]));
};

/** A text that a spreadsheet would read as a formula. */
const isFormula = (value: Value): boolean => typeof value === "string" && /^[=+\-@\t\r]/.test(value);

const cell = (value: Value): string => {
  const text = isFormula(value) ? `'${String(value)}` : String(value ?? "");
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

/** A list as CSV with a header; formulas are disarmed by an apostrophe. */
export function csvOf(list: MadeList): string {
  const header: readonly Value[] = [...OWN_COLUMNS, ...list.columns];
  const rows = [header, ...list.entries.map((entry) => rowOf(list, entry))];
  return `${rows.map((row) => row.map(cell).join(",")).join("\r\n")}\r\n`;
}
