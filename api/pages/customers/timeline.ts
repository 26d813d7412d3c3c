/** What happened with one customer, of every kind of fact, newest first; the lines of one day and kind together. */
import type { Column, Row } from "../../../engine/model/query.ts";
import { formatMember, formatNumber } from "../../charts/index.ts";
import type { CustomerEvents } from "./customer-data.ts";

export interface Moment {
  readonly day: string;
  readonly kind: string;
  readonly cube: string;
  readonly what: string;
  readonly amount: string;
  readonly lines: number;
}

const words = (row: Row, columns: readonly Column[], day: string | undefined): string => {
  const parts = columns
    .filter(
      (c) =>
        c.kind === "dimension" &&
        c.name !== day &&
        row[c.name] !== null &&
        row[c.name] !== undefined &&
        typeof row[c.name] !== "boolean",
    )
    .map((c) => formatMember(row[c.name], c));
  return [...new Set(parts)].slice(0, 4).join(" · ");
};

/** Newest first, at most `most`. */
export const timeline = (events: readonly CustomerEvents[], most: number): Moment[] => {
  const moments: Moment[] = [];
  for (const { cube, title, date, columns, rows } of events) {
    if (date === undefined) continue;
    const measure = columns.find((c) => c.kind === "measure");
    const byDay = new Map<string, Row[]>();
    for (const row of rows) {
      const day = row[date];
      if (typeof day !== "string") continue;
      byDay.set(day, [...(byDay.get(day) ?? []), row]);
    }
    for (const [day, lines] of byDay) {
      const sum = measure ? lines.reduce((n, row) => n + Number(row[measure.name] ?? 0), 0) : 0;
      moments.push({
        day,
        kind: title,
        cube,
        what: words(lines[0]!, columns, date),
        amount:
          measure &&
          sum !== 0 &&
          (measure.format === "currency" || measure.format === "minutes" || measure.format === "hours")
            ? formatNumber(sum, measure)
            : "",
        lines: lines.length,
      });
    }
  }
  return moments.sort((a, b) => b.day.localeCompare(a.day)).slice(0, most);
};
