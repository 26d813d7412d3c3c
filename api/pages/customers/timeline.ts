/** Fact rows of every cube as one timeline; rows of the same day and cube are one moment. */
import type { Column, Row } from "../../../engine/model/query.ts";
import { formatMember, formatNumber } from "../../charts/index.ts";
import type { CustomerEvents } from "../../services/customers/customer-events.ts";

export interface Moment {
  /** ISO day */
  readonly day: string;
  readonly kind: string;
  readonly cube: string;
  readonly what: string;
  readonly amount: string;
  readonly lines: number;
}

const MOST_PARTS = 4;
const AMOUNTS: ReadonlySet<string | undefined> = new Set(["currency", "minutes", "hours"]);

/** The members of a row, without its day and truth values. */
const membersText = (row: Row, columns: readonly Column[], day: string): string => {
  const parts = columns.flatMap((column) => {
    const value = row[column.name] ?? null;
    const shown = column.kind === "dimension" && column.name !== day && value !== null && typeof value !== "boolean";
    return shown ? [formatMember(value, column)] : [];
  });
  return [...new Set(parts)].slice(0, MOST_PARTS).join(" · ");
};

const amountText = (rows: readonly Row[], measure: Column | undefined): string => {
  if (!measure || !AMOUNTS.has(measure.format)) return "";
  const sum = rows.reduce((total, row) => total + Number(row[measure.name] ?? 0), 0);
  return sum === 0 ? "" : formatNumber(sum, measure);
};

const momentsOf = ({ cube, title, date, columns, rows }: CustomerEvents): Moment[] => {
  if (date === undefined) return [];
  const measure = columns.find(({ kind }) => kind === "measure");
  const days = new Map<string, Row[]>();
  for (const row of rows) {
    const day = row[date];
    if (typeof day === "string") days.set(day, [...(days.get(day) ?? []), row]);
  }
  return [...days].map(([day, lines]) => ({
    day,
    kind: title,
    cube,
    what: membersText(lines[0] ?? {}, columns, date),
    amount: amountText(lines, measure),
    lines: lines.length,
  }));
};

/** Newest first. */
export const timeline = (events: readonly CustomerEvents[]): Moment[] =>
  events.flatMap(momentsOf).sort((a, b) => b.day.localeCompare(a.day));
