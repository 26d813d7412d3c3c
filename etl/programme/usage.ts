/** Use of the warehouse by week, from the query log. */
import type { State } from "../../engine/warehouse/index.ts";

/** Questions and pages of a week. */
export interface UsageWeek {
  /** its Monday, ISO */
  readonly week: string;
  readonly requests: number;
  /** different callers */
  readonly callers: number;
  readonly failed: number;
}

interface DayRow {
  readonly day: string;
  readonly caller: string;
  readonly n: number;
  readonly failed: number;
}

const DAY = 86_400_000;

/** Number of the week's Monday, in days since 1970. */
function mondayOf(milliseconds: number): number {
  const day = Math.floor(milliseconds / DAY);
  return day - ((day + 3) % 7);
}

const isoDay = (day: number): string => new Date(day * DAY).toISOString().slice(0, 10);

/** The last weeks, oldest first, including weeks without requests. @param weeks how many, up to that of `at` */
export function usageByWeek(state: State, at: Date, weeks = 12): readonly UsageWeek[] {
  const first = mondayOf(at.getTime()) - 7 * (weeks - 1);
  const rows = state
    .prepare(
      `SELECT substr(at, 1, 10) AS day, caller, count(*) AS n, sum(status <> 'ok') AS failed FROM query_log
       WHERE at >= ? GROUP BY 1, 2`,
    )
    .all(isoDay(first)) as DayRow[];
  return Array.from({ length: weeks }, (_, i) => {
    const from = first + 7 * i;
    const own = rows.filter((row) => mondayOf(Date.parse(row.day)) === from);
    return {
      week: isoDay(from),
      requests: own.reduce((sum, row) => sum + row.n, 0),
      callers: new Set(own.map((row) => row.caller)).size,
      failed: own.reduce((sum, row) => sum + row.failed, 0),
    };
  });
}
