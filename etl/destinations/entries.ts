/** What a list is made of, and its text forms. */
import type { Value } from "../../engine/model/query.ts";

export interface ListEntry {
  /** the entry's own number, by which its outcome comes back: `LIST:MEMBER` */
  readonly entry: string;
  readonly member: string;
  readonly assignee: string | null;
  /** in the order of the destination's columns */
  readonly values: readonly Value[];
}

export interface MadeList {
  readonly id: string;
  readonly name: string;
  readonly columns: readonly string[];
  readonly entries: readonly ListEntry[];
}

/** Columns that every list has before its own. */
export const OWN_COLUMNS = ["entry_id", "list_id", "member", "assignee"] as const;

export const rowOf = (list: MadeList, entry: ListEntry): readonly Value[] => [
  entry.entry,
  list.id,
  entry.member,
  entry.assignee,
  ...entry.values,
];

export const objectOf = (list: MadeList, entry: ListEntry): { readonly [column: string]: Value } => {
  const row = rowOf(list, entry);
  return Object.fromEntries([...OWN_COLUMNS, ...list.columns].map((name, i) => [name, row[i] ?? null]));
};

/** A text cell that a spreadsheet would take for a formula gets an apostrophe before it. */
const cell = (value: Value): string => {
  const text =
    value === null ? "" : typeof value === "string" && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

export const csvOf = (list: MadeList): string =>
  `${[[...OWN_COLUMNS, ...list.columns], ...list.entries.map((entry) => rowOf(list, entry))].map((row) => row.map(cell).join(",")).join("\r\n")}\r\n`;
