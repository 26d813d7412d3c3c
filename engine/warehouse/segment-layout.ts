import { at } from "../lookup.ts";
/** Which months are in which file of a segmented table. Months are counted from the year 0: `year * 12 + month - 1`. */

/** The most files of one table: each costs a query some .1 ms to plan, whatever its filter. */
export const MOST_SEGMENTS = 24;

export interface Months {
  readonly from: number;
  /** the month after the last */
  readonly until: number;
}

export interface Counted extends Months {
  readonly rows: number;
}

export interface Placed extends Counted {
  /** the present segments that are merged into this one; none for new months */
  readonly of: readonly number[];
}

/** Beyond this many months, the search for the smallest neighbours would take long: such dates are mostly wrong. */
const MANY = 500;

/**
 * The segments after rows of these months have come: each new month one of its own, until there are too many; then the
 * two neighbours that together have the fewest rows become one, as often as it takes. So a table grows by rewriting two
 * small files now and then, and recent months stay apart from old ones. Ranges never overlap; months within a present
 * range belong to it.
 * @param present in order of time
 */
export function layOut(
  present: readonly Counted[],
  months: readonly { readonly month: number; readonly rows: number }[],
  limit = MOST_SEGMENTS,
): Placed[] {
  const covered = (month: number): boolean => present.some((range) => month >= range.from && month < range.until);
  const added: Placed[] = months
    .filter(({ month }) => !covered(month))
    .map(({ month, rows }) => ({ from: month, until: month + 1, rows, of: [] }));
  let placed: Placed[] = [
    ...present.map((range, i) => ({ from: range.from, until: range.until, rows: range.rows, of: [i] })),
    ...added,
  ].sort((a, b) => a.from - b.from);
  if (placed.length > MANY) placed = coarsely(placed, limit);
  while (placed.length > limit) {
    let least = 0;
    for (let i = 1; i + 1 < placed.length; i++) if (sum(placed, i) < sum(placed, least)) least = i;
    placed.splice(least, 2, joined(at(placed, least), at(placed, least + 1)));
  }
  return placed;
}

const sum = (placed: readonly Placed[], i: number): number => at(placed, i).rows + at(placed, i + 1).rows;

const joined = (a: Placed, b: Placed): Placed => ({
  from: a.from,
  until: b.until,
  rows: a.rows + b.rows,
  of: [...a.of, ...b.of],
});

/** Joins neighbours while together they have at most an equal share: at most twice the limit and one remain. */
function coarsely(placed: readonly Placed[], limit: number): Placed[] {
  const share = placed.reduce((total, each) => total + each.rows, 0) / limit;
  const found: Placed[] = [];
  for (const each of placed) {
    const last = found.at(-1);
    if (last !== undefined && last.rows + each.rows <= share) found.splice(-1, 1, joined(last, each));
    else found.push(each);
  }
  return found;
}

/** A month's number as `2024-03`. */
export const monthName = (month: number): string =>
  `${String(Math.floor(month / 12)).padStart(4, "0")}-${String((month % 12) + 1).padStart(2, "0")}`;

export function monthNumber(name: string): number {
  const [year = 0, month = 1] = name.split("-").map(Number);
  return year * 12 + month - 1;
}
