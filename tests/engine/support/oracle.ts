/**
 * A second opinion: a deliberately naive evaluator. It keeps every fact as a JavaScript row, and for each cell of the result and
 * each measure goes through all rows again. No SQL, no shared scans, no grouping sets, a calendar of its own.
 */
import type { Measure } from "../../../engine/model/measure.ts";

export type Value = string | number | boolean | null;
export interface FactRow {
  readonly [name: string]: Value | readonly Value[];
}

/** A fact's rows with every attribute already looked up: `customer.country`, `sales.channel`; dates as ISO days under the role's name. A list is a many-to-many attribute. */
export interface OracleCube {
  readonly rows: readonly FactRow[];
  readonly dateRole: string;
  readonly roles: ReadonlySet<string>;
  readonly measures: { readonly [name: string]: Measure };
}

export interface OracleQuery {
  readonly measures: readonly string[];
  readonly dimensions: readonly string[];
  readonly filters: readonly OracleFilter[];
  /** of the role `date` */
  readonly range: readonly [string, string] | null;
  readonly totals: boolean;
  readonly compare?: Comparison | null;
  /** a measure filter, taken at the query's grain */
  readonly having?: { readonly member: string; readonly operator: "gt" | "lte"; readonly value: number } | null;
}
export type Comparison =
  | "previous_period"
  | "previous_year"
  | { readonly months: number }
  | { readonly range: readonly [string, string] };
export type OracleFilter =
  | {
      readonly member: string;
      readonly operator: "equals" | "not_equals" | "is_null" | "not_null";
      readonly values?: readonly Value[];
    }
  | { readonly or: readonly OracleFilter[] }
  | { readonly not: OracleFilter };

const MS = 86_400_000;
const day = (iso: string): number => Math.round(Date.parse(`${iso}T00:00:00Z`) / MS);
const iso = (d: number): string => new Date(d * MS).toISOString().slice(0, 10);
const parts = (d: number): [number, number, number] => {
  const t = new Date(d * MS);
  return [t.getUTCFullYear(), t.getUTCMonth(), t.getUTCDate()];
};
const at = (y: number, m: number, d: number): number => Math.round(Date.UTC(y, m, d) / MS);
const lastOfMonth = (d: number): number => {
  const [y, m] = parts(d);
  return at(y, m + 1, 0);
};

export const FISCAL_START = 3; // April, counted from 0

/** Fiscal years of whole weeks: from the Monday nearest to 1 April, quarters of 4, 5 and 4 weeks; a 53rd week is the last period's. */
const WEEKS = [4, 5, 4, 4, 5, 4, 4, 5, 4, 4, 5, 4];
const weekYear = (y: number): number => {
  const near = at(y, FISCAL_START, 1) + 3;
  return near - ((new Date(near * MS).getUTCDay() || 7) - 1);
};
function fiscalStart(level: string, d: number): number {
  let y = parts(d)[0] + 1;
  while (weekYear(y) > d) y--;
  let start = weekYear(y);
  if (level === "fiscal_year") return start;
  for (const [n, weeks] of WEEKS.entries()) {
    if (level === "fiscal_quarter" && n % 3 > 0) continue;
    const length = level === "fiscal_quarter" ? 13 : weeks;
    if (n >= (level === "fiscal_quarter" ? 9 : 11) || d < start + 7 * length) return start;
    start += 7 * length;
  }
  throw new Error("a year has twelve periods");
}
/** First day of the period `n` periods after that of `d`. */
function fiscalPeriod(d: number, n: number): number {
  let start = fiscalStart("fiscal_period", d);
  for (let i = 0; i < Math.abs(n); i++) {
    if (n < 0) start = fiscalStart("fiscal_period", start - 1);
    else {
      let next = start + 28;
      while (fiscalStart("fiscal_period", next) === start) next++;
      start = next;
    }
  }
  return start;
}

const levels = [new Map<string, Map<number, Value>>(), new Map<string, Map<number, Value>>()] as const;
export function levelOf(level: string, d: number, weeks: boolean): Value {
  const of = levels[weeks ? 1 : 0];
  const days = of.get(level) ?? new Map<number, Value>();
  if (days.size === 0) of.set(level, days);
  let value = days.get(d);
  if (value === undefined)
    days.set(d, (value = weeks && level.startsWith("fiscal_") ? iso(fiscalStart(level, d)) : levelAt(level, d)));
  return value;
}
function levelAt(level: string, d: number): Value {
  const [y, m] = parts(d);
  const dow = new Date(d * MS).getUTCDay() || 7;
  switch (level) {
    case "day":
      return iso(d);
    case "week":
      return iso(d - dow + 1);
    case "month":
      return iso(at(y, m, 1));
    case "quarter":
      return iso(at(y, Math.floor(m / 3) * 3, 1));
    case "year":
      return iso(at(y, 0, 1));
    case "half":
      return iso(at(y, m < 6 ? 0 : 6, 1));
    case "fiscal_period":
      return iso(at(y, m, 1));
    case "fiscal_quarter":
      return iso(at(y, m - ((m - FISCAL_START + 12) % 3), 1));
    case "fiscal_year":
      return iso(m >= FISCAL_START ? at(y, FISCAL_START, 1) : at(y - 1, FISCAL_START, 1));
    case "day_of_week":
      return dow;
    case "month_of_year":
      return m + 1;
    default:
      throw new Error(level);
  }
}

interface Window {
  readonly from: number;
  readonly until: number;
}
/** A cell: values of the dimensions spread out, and for a time measure the window that stands in place of its date values. */
interface Cell {
  readonly spread: readonly string[];
  readonly values: ReadonlyMap<string, Value>;
  readonly window: Window | null;
  /** of a member of a nested measure: its own rows of each cube */
  readonly part?: ReadonlyMap<string, readonly FactRow[]>;
  /** reads the days that its own are compared with */
  readonly compared?: boolean;
}

/** The cells of a comparison's two sides: each of the first by its values, with its first day; those of the second in time order. */
interface Timeline {
  readonly here: ReadonlyMap<string, number>;
  readonly first: readonly number[];
  readonly there: readonly Window[];
}

/** The dimensions by which a share's whole is spread. */
function spreadOfWhole(of: "total" | "parent" | readonly string[], spread: readonly string[]): readonly string[] {
  if (of === "total") return [];
  return of === "parent" ? spread.slice(0, -1) : spread.filter((d) => of.includes(d));
}

export class Oracle {
  /** @param weeks fiscal years are of whole weeks */
  constructor(
    readonly cubes: { readonly [name: string]: OracleCube },
    readonly calendar: readonly [string, string],
    readonly weeks = false,
    now = "2025-06-30",
  ) {
    this.now = day(now);
  }
  readonly now: number;

  /** Of a comparison each measure gives its value and the compared one. */
  answer(asked: OracleQuery): { rows: Map<string, Value[]>; totals: Map<string, Value[]> } {
    const sides = asked.compare ? this.#sides(asked, asked.compare) : null;
    const query: OracleQuery = sides ? { ...asked, range: [iso(sides.current.from), iso(sides.current.until)] } : asked;
    if (sides) this.#compared.set(query, sides.previous);
    const rows = new Map<string, Value[]>();
    const totals = new Map<string, Value[]>();
    const sets = query.totals ? [...query.dimensions.keys()].map((n) => query.dimensions.slice(0, n)) : [];
    for (const spread of [query.dimensions, ...sets]) {
      for (const values of this.#candidates(query, spread)) {
        const cell: Cell = { spread, values, window: null };
        const cells = sides ? [cell, { ...cell, compared: true }] : [cell];
        const found = query.measures.flatMap((m) => cells.map((c) => this.#value(m, c, query)));
        const exists = query.measures.some((m, i) =>
          cells.some(
            (c, n) =>
              found[i * cells.length + n] !== null && this.#leaves(m).some((leaf) => this.#found(m, leaf, c, query)),
          ),
        );
        const key = spread.map((d) => JSON.stringify(values.get(d))).join("|");
        const details = spread.length === query.dimensions.length;
        if (details && query.having && !passesHaving(query.having, this.#value(query.having.member, cell, query)))
          continue;
        if (exists || spread.length === 0) (details ? rows : totals).set(`${spread.length}:${key}`, found);
      }
    }
    return { rows, totals };
  }

  #measure(member: string): Measure {
    const [cube, name] = member.split(".") as [string, string];
    return this.cubes[cube]!.measures[name]!;
  }
  #full(member: string, owner: string): string {
    return member.includes(".") ? member : `${owner.split(".")[0]}.${member}`;
  }
  #leaves(member: string): string[] {
    const m = this.#measure(member);
    if (m.kind === "aggregate" || m.kind === "nested" || m.kind === "conversion" || m.kind === "semi_additive")
      return [member];
    if (m.kind === "calculated") return refsOf(m.formula).flatMap((r) => this.#leaves(this.#full(r, member)));
    return this.#leaves(this.#full((m as { base: string }).base, member));
  }

  readonly #compared = new WeakMap<OracleQuery, Window>();

  /** The range, cut at now where it is not over, and what it is compared with: as long, and from the same place in its own period. */
  #sides(query: OracleQuery, to: Comparison): { current: Window; previous: Window } {
    const range = { from: day(query.range![0]), until: day(query.range![1]) };
    const current = this.now >= range.from && this.now < range.until ? { from: range.from, until: this.now } : range;
    if (typeof to === "object" && "range" in to)
      return { current, previous: { from: day(to.range[0]), until: day(to.range[1]) } };
    const moved = (months: number): Window => ({
      from: clamped(current.from, months),
      until:
        current.until === lastOfMonth(current.until)
          ? lastOfMonth(clamped(current.until, months))
          : clamped(current.until, months),
    });
    if (to === "previous_year") return { current, previous: moved(-12) };
    if (to !== "previous_period") return { current, previous: moved(to.months) };
    if (parts(range.from)[2] === 1 && range.until === lastOfMonth(range.until)) {
      const [y0, m0] = parts(range.from),
        [y1, m1] = parts(range.until);
      return { current, previous: moved(-(12 * (y1 - y0) + m1 - m0 + 1)) };
    }
    const length = range.until - range.from + 1;
    return { current, previous: { from: current.from - length, until: current.until - length } };
  }

  readonly #timelines = new WeakMap<OracleQuery, Map<string, Timeline>>();

  /** The cells of both sides in time order. */
  #timeline(keys: readonly string[], query: OracleQuery): Timeline {
    const known = this.#timelines.get(query) ?? new Map<string, Timeline>();
    this.#timelines.set(query, known);
    const name = keys.join();
    const made = known.get(name);
    if (made) return made;
    const cells = (from: number, until: number): { key: string; from: number; until: number }[] => {
      const found: { key: string; from: number; until: number }[] = [];
      for (let d = from; d <= until; d++) {
        const key = JSON.stringify(keys.map((k) => levelOf(k.slice(5), d, this.weeks)));
        const last = found.at(-1);
        if (last?.key === key) last.until = d;
        else found.push({ key, from: d, until: d });
      }
      return found;
    };
    const here = cells(...this.#range(query));
    const previous = this.#compared.get(query)!;
    const timeline = {
      here: new Map(here.map((c, n) => [c.key, n])),
      first: here.map((c) => c.from),
      there: cells(previous.from, previous.until),
    };
    known.set(name, timeline);
    return timeline;
  }

  /** The days that a cell's own are compared with: the cell of the same place in time, or of the same calendar date a year before; undefined where there is none. */
  #partner(cell: Cell, query: OracleQuery): Window | undefined {
    const keys = cell.spread.filter((d) => d.startsWith("date."));
    if (keys.length === 0) return this.#compared.get(query)!;
    const { here, first, there } = this.#timeline(keys, query);
    const n = here.get(JSON.stringify(keys.map((k) => cell.values.get(k))));
    if (n === undefined) return undefined;
    if (query.compare === "previous_year" && keys.includes("date.day")) {
      const before = clamped(first[n]!, -12);
      return parts(before)[2] === parts(first[n]!)[2] ? { from: before, until: before } : undefined;
    }
    return there[n];
  }

  /** The days that stand in place of a cell's own; null: its own; undefined: it has none to look in. */
  #windowOf(cell: Cell, query: OracleQuery): Window | null | undefined {
    return cell.window ?? (cell.compared ? this.#partner(cell, query) : null);
  }

  /** All combinations of values that any fact has, with every period of the range for time keys. */
  #candidates(query: OracleQuery, spread: readonly string[]): ReadonlyMap<string, Value>[] {
    const timeKeys = spread.filter((d) => d.startsWith("date."));
    const others = spread.filter((d) => !d.startsWith("date."));
    const cubes = [...new Set(query.measures.flatMap((m) => this.#leaves(m).flatMap((l) => this.#cubesOf(l))))];
    const combos = new Map<string, Map<string, Value>>();
    for (const name of cubes)
      for (const row of this.cubes[name]!.rows)
        for (const values of spreadOut(row, others))
          combos.set(JSON.stringify(values), new Map(others.map((d, i) => [d, values[i]!])));
    if (others.length === 0) combos.set("[]", new Map());
    const times = new Map<string, Map<string, Value>>();
    const [from, until] = this.#range(query);
    if (timeKeys.length === 0) times.set("[]", new Map());
    else
      for (let d = from; d <= until; d++) {
        const values = timeKeys.map((k) => levelOf(k.slice(5), d, this.weeks));
        times.set(JSON.stringify(values), new Map(timeKeys.map((k, i) => [k, values[i]!])));
      }
    return [...combos.values()].flatMap((c) => [...times.values()].map((t) => new Map([...c, ...t])));
  }

  /** The cubes whose rows a leaf reads. */
  #cubesOf(leaf: string): string[] {
    const m = this.#measure(leaf);
    return m.kind === "nested"
      ? this.#leaves(this.#full(m.base, leaf)).flatMap((l) => this.#cubesOf(l))
      : [leaf.split(".")[0]!];
  }

  /** The days of a cube's facts, all of them: where a window stands that has no day to stand at. */
  #factDays(cube: string): [number, number] {
    const days = this.cubes[cube]!.rows.flatMap((row) => (row["date"] === null ? [] : [day(row["date"] as string)]));
    return [days.reduce((a, b) => Math.min(a, b)), days.reduce((a, b) => Math.max(a, b))];
  }

  #range(query: OracleQuery): [number, number] {
    return query.range ? [day(query.range[0]), day(query.range[1])] : [day(this.calendar[0]), day(this.calendar[1])];
  }

  #value(member: string, cell: Cell, query: OracleQuery): number | null {
    const m = this.#measure(member);
    if (this.#windowOf(cell, query) === undefined) return null;
    switch (m.kind) {
      case "aggregate":
        return this.#aggregate(member, m, cell, query);
      case "nested":
        return this.#nested(member, m, cell, query);
      case "semi_additive":
        return this.#overTime(member, m, cell, query);
      case "conversion":
        return this.#conversion(member, m, cell, query);
      case "calculated":
        return arithmetic(m.formula, (ref) => this.#value(this.#full(ref, member), cell, query));
      case "share": {
        const own = this.#value(this.#full(m.base, member), cell, query);
        const spread = spreadOfWhole(m.of, cell.spread);
        const dropped = cell.spread.filter((d) => !spread.includes(d));
        // a share's denominator keeps the window only where the cell's own days stay
        const whole = this.#value(
          this.#full(m.base, member),
          {
            ...(cell.compared && { compared: true }),
            spread,
            values: new Map([...cell.values].filter(([d]) => spread.includes(d))),
            window: dropped.some((d) => d.startsWith("date.")) ? null : cell.window,
          },
          query,
        );
        return own === null || whole === null || whole === 0 ? null : own / whole;
      }
      case "time": {
        const windows = this.#windows(m.change, cell, query, member.split(".")[0]!, this.#shifts(member));
        if (windows === null) return null;
        return this.#value(this.#full(m.base, member), { ...cell, window: windows }, query);
      }
      default:
        throw new Error(m.kind);
    }
  }

  /** Nothing but shifts stands between a measure and what it is taken of: then the whole range moves, else it is taken at the last day with facts. */
  #shifts(member: string): boolean {
    const m = this.#measure(member);
    return m.kind !== "time" || (m.change.type === "shift" && this.#shifts(this.#full(m.base, member)));
  }

  /** The cell's own days, unless a change outside has moved them already. */
  #daysOf(cell: Cell, query: OracleQuery, cube: string, shifts = false): Window | null {
    const moved = this.#windowOf(cell, query);
    if (moved === undefined || moved) return moved ?? null;
    const keys = cell.spread.filter((d) => d.startsWith("date."));
    const [from, until] =
      query.range === null && keys.length === 0 && !shifts ? this.#factDays(cube) : this.#range(query);
    let first: number | null = null;
    let last: number | null = null;
    for (let d = from; d <= until; d++)
      if (keys.every((k) => levelOf(k.slice(5), d, this.weeks) === cell.values.get(k))) {
        first ??= d;
        last = d;
      }
    return first === null || last === null ? null : { from: first, until: last };
  }

  #windows(
    change: Extract<Measure, { kind: "time" }>["change"],
    cell: Cell,
    query: OracleQuery,
    cube: string,
    shifts: boolean,
  ): Window | null {
    const days = this.#daysOf(cell, query, cube, shifts);
    if (days === null || days.from > days.until) return days; // of no days nothing is left, whatever is done with them
    const grain = cell.spread.filter((d) => d.startsWith("date.")).map((d) => d.slice(5));
    const rangeFrom = (): number => (cell.compared ? this.#compared.get(query)!.from : this.#range(query)[0]);
    switch (change.type) {
      case "running":
        return { from: change.within === "range" ? rangeFrom() : Number.NEGATIVE_INFINITY, until: days.until };
      case "to_date":
        return { from: day(String(levelOf(change.level, days.until, this.weeks))), until: days.until };
      case "rolling": {
        const months = (change.span.months ?? 0) + 12 * (change.span.years ?? 0);
        if (months === 0)
          return { from: days.until - (change.span.days ?? 0) - 7 * (change.span.weeks ?? 0) + 1, until: days.until };
        return { from: clamped(days.until, -months) + 1, until: days.until };
      }
      case "shift": {
        const months = (change.span.months ?? 0) + 12 * (change.span.years ?? 0);
        if (months === 0) {
          const n = (change.span.days ?? 0) + 7 * (change.span.weeks ?? 0);
          return { from: days.from + n, until: days.until + n };
        }
        // by the day, a day reads the same day number of the other month, and one that it lacks is nobody's
        const finest = [
          "day",
          "week",
          "month",
          "fiscal_period",
          "quarter",
          "fiscal_quarter",
          "half",
          "year",
          "fiscal_year",
        ].find((level) => grain.includes(level));
        const whole =
          this.weeks &&
          Number.isFinite(days.from) &&
          fiscalStart("fiscal_period", days.from) === days.from &&
          fiscalStart("fiscal_period", days.until + 1) === days.until + 1;
        if (
          this.weeks &&
          Number.isFinite(days.from) &&
          (whole ? finest === undefined || finest.startsWith("fiscal_") : finest?.startsWith("fiscal_"))
        ) {
          // periods of weeks are the months there: as far into the other period as into its own
          const place = (d: number): { start: number; end: number; own: number } => {
            const start = fiscalPeriod(d, months);
            return { start, end: fiscalPeriod(start, 1) - 1, own: start + d - fiscalStart("fiscal_period", d) };
          };
          const [first, last] = [place(days.from), place(days.until)];
          const until =
            fiscalStart("fiscal_period", days.until + 1) === days.until + 1 ? last.end : Math.min(last.own, last.end);
          const from = Math.min(first.own, first.end + 1);
          return until < from ? null : { from, until };
        }
        if (grain.includes("day")) {
          const same = clamped(days.from, months);
          const moved = (): number => (parts(same)[2] === parts(days.from)[2] ? same : same + 1);
          const from = days.from === Number.NEGATIVE_INFINITY ? days.from : moved();
          const until = clamped(days.until, months);
          return until < from ? null : { from, until };
        }
        return {
          from: days.from === Number.NEGATIVE_INFINITY ? days.from : clamped(days.from, months),
          until:
            days.until === lastOfMonth(days.until)
              ? lastOfMonth(clamped(days.until, months))
              : clamped(days.until, months),
        };
      }
    }
  }

  /** A leaf's own number is there, and a count counted something. */
  #found(member: string, leaf: string, cell: Cell, query: OracleQuery): boolean {
    const window = this.#windowsTo(member, leaf, cell, query);
    if (window === undefined) return false;
    const value = this.#value(leaf, { ...cell, window }, query);
    const m = this.#measure(leaf);
    return (
      value !== null &&
      !(
        (((m.kind === "aggregate" || m.kind === "nested") && m.aggregate.startsWith("count")) ||
          (m.kind === "conversion" && m.give === "count")) &&
        value === 0
      )
    );
  }
  /** The window under which a leaf is read for a measure; undefined where there is none. */
  #windowsTo(member: string, leaf: string, cell: Cell, query: OracleQuery): Window | null | undefined {
    const m = this.#measure(member);
    if (m.kind === "aggregate" || m.kind === "nested" || m.kind === "conversion" || m.kind === "semi_additive")
      return member === leaf ? cell.window : undefined;
    if (m.kind === "time") {
      const window = this.#windows(m.change, cell, query, member.split(".")[0]!, this.#shifts(member));
      return window === null
        ? undefined
        : this.#windowsTo(this.#full(m.base, member), leaf, { ...cell, window }, query);
    }
    if (m.kind === "share") return this.#windowsTo(this.#full(m.base, member), leaf, cell, query);
    for (const ref of refsOf((m as { formula: string }).formula)) {
      const found = this.#windowsTo(this.#full(ref, member), leaf, cell, query);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  readonly #passed = new WeakMap<OracleQuery, Map<string, { row: FactRow; day: number | null }[]>>();
  #rows(cubeName: string, cell: Cell, query: OracleQuery): readonly FactRow[] {
    if (cell.part) return cell.part.get(cubeName) ?? [];
    const passed = this.#passed.get(query) ?? new Map<string, { row: FactRow; day: number | null }[]>();
    this.#passed.set(query, passed);
    if (!passed.has(cubeName))
      passed.set(
        cubeName,
        this.cubes[cubeName]!.rows.filter((row) =>
          query.filters.every((f) => mentionsOther(f, cubeName, this.cubes) || passes(f, row)),
        ).map((row) => ({ row, day: row["date"] === null ? null : day(row["date"] as string) })),
      );
    const moved = this.#windowOf(cell, query);
    if (moved === undefined) return [];
    const window = moved ?? (query.range ? { from: day(query.range[0]), until: day(query.range[1]) } : null);
    const found: FactRow[] = [];
    const keys = cell.spread.flatMap((key) => {
      const date = key.startsWith("date.");
      return date && moved !== null ? [] : [{ key, level: date ? key.slice(5) : null, wanted: cell.values.get(key)! }];
    });
    for (const { row, day: d } of passed.get(cubeName)!) {
      if (window && (d === null || d < window.from || d > window.until)) continue;
      let inside = true;
      for (const { key, level, wanted } of keys) {
        if (level !== null) inside = d !== null && levelOf(level, d, this.weeks) === wanted;
        else {
          const own = row[key];
          if (!Array.isArray(own)) inside = own === wanted;
          else inside = own.length === 0 ? wanted === null : own.includes(wanted);
        }
        if (!inside) break;
      }
      if (inside) found.push(row);
    }
    return found;
  }

  /** The rows of each member of the finer grain, the base measure of each, and the aggregate of those that have one. */
  #nested(member: string, m: Extract<Measure, { kind: "nested" }>, cell: Cell, query: OracleQuery): number | null {
    const base = this.#full(m.base, member);
    const leaves = this.#leaves(base);
    const members = new Map<string, Map<string, FactRow[]>>();
    for (const cube of new Set(leaves.map((l) => l.split(".")[0]!))) {
      for (const row of this.#rows(cube, cell, query)) {
        const kept = m.where === undefined || m.where.every((f) => passes(f as OracleFilter, row));
        for (const values of kept
          ? spreadOut(
              row,
              m.per.map((p) => PER[p] ?? p),
            )
          : []) {
          // the query may itself be by the finer grain: a row with several links counts under the cell's own
          const own = m.per.every((p, i) => {
            const key = PER[p] ?? p;
            return !cell.spread.includes(key) || cell.values.get(key) === values[i];
          });
          if (values.includes(null) || !own) continue;
          const key = JSON.stringify(values);
          const part = members.get(key) ?? new Map<string, FactRow[]>();
          members.set(key, part.set(cube, [...(part.get(cube) ?? []), row]));
        }
      }
    }
    const found = [...members.values()].flatMap((part) => {
      const inner: Cell = { ...cell, part };
      const value = this.#value(base, inner, query);
      return value !== null &&
        leaves.some((leaf) => {
          const own = this.#value(leaf, inner, query);
          const spec = this.#measure(leaf);
          return own !== null && !(spec.kind === "aggregate" && spec.aggregate.startsWith("count") && own === 0);
        })
        ? [value]
        : [];
    });
    return m.aggregate === "count" ? found.length : summary(m.aggregate, found, m.quantile);
  }

  /** The sum over the days of the cell or of its window, up to now. */
  #overTime(
    member: string,
    m: Extract<Measure, { kind: "semi_additive" }>,
    cell: Cell,
    query: OracleQuery,
  ): number | null {
    const cube = member.split(".")[0]!;
    const values = this.#rows(cube, cell, query)
      .map((row) => row[m.of as string] as number | null)
      .filter((v) => v !== null);
    if (values.length === 0) return null;
    const keyed = query.range !== null || cell.spread.some((d) => d.startsWith("date."));
    const [first, last] = this.#range({ ...query, range: null });
    const days =
      this.#windowOf(cell, query) ?? (keyed ? this.#daysOf(cell, query, cube)! : { from: first, until: last });
    const from = Number.isFinite(days.from) ? days.from : first;
    const until = Math.min(days.until, this.now >= from ? this.now : days.until);
    return values.reduce((a, b) => a + b, 0) / Math.max(1, until - from + 1);
  }

  /** Each base event looks at every event of the other cube. */
  #conversion(
    member: string,
    m: Extract<Measure, { kind: "conversion" }>,
    cell: Cell,
    query: OracleQuery,
  ): number | null {
    const own = member.split(".")[0]!;
    const side = (events: typeof m.from): { cube: string; where: readonly unknown[] } =>
      typeof events === "string"
        ? {
            cube: this.#full(events, member).split(".")[0]!,
            where: this.#measure(this.#full(events, member)).where ?? [],
          }
        : { cube: events.cube ?? own, where: events.where ?? [] };
    const [from, to] = [side(m.from), side(m.to)];
    const strict = !(m.sameTime ?? from.cube !== to.cube);
    const later = this.#converting.get(m) ?? new Map<Value, number[]>();
    if (!this.#converting.has(m))
      for (const row of this.cubes[to.cube]!.rows)
        if (row["date"] !== null && to.where.every((f) => passes(f as OracleFilter, row)))
          later.set(row["customer_id"] as Value, [
            ...(later.get(row["customer_id"] as Value) ?? []),
            day(row["date"] as string),
          ]);
    this.#converting.set(m, later);
    const base = this.#rows(own, cell, query).filter(
      (row) =>
        row["customer_id"] !== null && row["date"] !== null && from.where.every((f) => passes(f as OracleFilter, row)),
    );
    const hits = base.filter((row) => {
      const at = day(row["date"] as string);
      return (later.get(row["customer_id"] as Value) ?? []).some(
        (d) => (strict ? d > at : d >= at) && d <= at + m.within.days!,
      );
    }).length;
    if (m.give === "count") return hits;
    return base.length === 0 ? null : hits / base.length;
  }
  readonly #converting = new Map<Measure, Map<Value, number[]>>();

  #aggregate(
    member: string,
    m: Extract<Measure, { kind: "aggregate" }>,
    cell: Cell,
    query: OracleQuery,
  ): number | null {
    const cube = member.split(".")[0]!;
    let rows = this.#rows(cube, cell, query);
    if (m.where) rows = rows.filter((row) => m.where!.every((f) => passes(f as OracleFilter, row)));
    if (m.aggregate === "count" && m.of === undefined) return rows.length;
    const values = rows.map((row) => row[m.of as string] as number | null).filter((v) => v !== null);
    const numbers = values as number[];
    switch (m.aggregate) {
      case "count":
        return values.length;
      case "count_distinct":
        return new Set(values).size;
      case "sum":
        return numbers.length === 0 ? null : numbers.reduce((a, b) => a + Math.round(b * 100), 0) / 100;
      default:
        return summary(m.aggregate, numbers, m.quantile);
    }
  }
}

function summary(aggregate: string, numbers: readonly number[], quantile: number | undefined): number | null {
  switch (aggregate) {
    case "sum":
      return numbers.length === 0 ? null : numbers.reduce((a, b) => a + b, 0);
    case "min":
      return numbers.length === 0 ? null : Math.min(...numbers);
    case "max":
      return numbers.length === 0 ? null : Math.max(...numbers);
    case "avg":
      return numbers.length === 0 ? null : numbers.reduce((a, b) => a + b, 0) / numbers.length;
    case "median":
      return quantileOf(numbers, 0.5);
    case "quantile":
      return quantileOf(numbers, quantile!);
    case "stddev": {
      if (numbers.length < 2) return null;
      const mean = numbers.reduce((a, b) => a + b, 0) / numbers.length;
      return Math.sqrt(numbers.reduce((a, b) => a + (b - mean) ** 2, 0) / (numbers.length - 1));
    }
    default:
      throw new Error(aggregate);
  }
}
/** Where a row has a role's key. */
const PER: Readonly<Record<string, string>> = {
  customer: "customer.customer_id",
  product: "product.product_id",
  date: "date.day",
};

const clamped = (d: number, months: number): number => {
  const [y, m, dd] = parts(d);
  return Math.min(at(y, m + months, dd === 0 ? 1 : 1) + dd - 1, lastOfMonth(at(y, m + months, 1)));
};
const valuesOf = (row: FactRow, key: string): readonly Value[] => {
  const v = row[key];
  return Array.isArray(v) ? (v as Value[]) : [v as Value];
};
function spreadOut(row: FactRow, keys: readonly string[]): Value[][] {
  return keys.reduce<Value[][]>(
    (all, key) => {
      const values = valuesOf(row, key);
      return all.flatMap((prefix) => (values.length === 0 ? [null] : [...new Set(values)]).map((v) => [...prefix, v]));
    },
    [[]],
  );
}

const passesHaving = ({ operator, value }: NonNullable<OracleQuery["having"]>, own: number | null): boolean =>
  own !== null && (operator === "gt" ? own > value : own <= value);

function passes(filter: OracleFilter, row: FactRow): boolean {
  if ("or" in filter) return filter.or.some((f) => passes(f, row));
  if ("not" in filter) return !passes(filter.not, row);
  const values = valuesOf(row, filter.member);
  const one = (v: Value): boolean => {
    switch (filter.operator) {
      case "equals":
        return filter.values!.includes(v);
      case "not_equals":
        return !filter.values!.includes(v);
      case "is_null":
        return v === null;
      case "not_null":
        return v !== null;
    }
  };
  return values.length === 0 ? one(null) : values.some(one);
}

function mentionsOther(filter: OracleFilter, cube: string, cubes: { readonly [name: string]: OracleCube }): boolean {
  if ("or" in filter) return filter.or.some((f) => mentionsOther(f, cube, cubes));
  if ("not" in filter) return mentionsOther(filter.not, cube, cubes);
  const owner = filter.member.split(".")[0]!;
  return owner !== cube && owner in cubes;
}

function quantileOf(numbers: readonly number[], q: number): number | null {
  if (numbers.length === 0) return null;
  const sorted = [...numbers].sort((a, b) => a - b);
  const place = (sorted.length - 1) * q;
  const low = Math.floor(place);
  return sorted[low]! + (sorted[Math.min(low + 1, sorted.length - 1)]! - sorted[low]!) * (place - low);
}

export const refsOf = (formula: string): string[] => [...new Set(formula.match(/[a-z_]+(\.[a-z_0-9]+)?[0-9]*/g) ?? [])];

/** `a op b (op c)` with null for any null, and for a division by zero: enough for the formulas that the tests make. */
function arithmetic(formula: string, value: (ref: string) => number | null): number | null {
  const tokens = formula.split(" ");
  let left = operand(tokens[0]!, value);
  for (let i = 1; i < tokens.length; i += 2) {
    const right = operand(tokens[i + 1]!, value);
    if (left === null || right === null) left = null;
    else if (tokens[i] === "+") left += right;
    else if (tokens[i] === "-") left -= right;
    else if (tokens[i] === "*") left *= right;
    else left = right === 0 ? null : left / right;
  }
  return left;
}
const operand = (token: string, value: (ref: string) => number | null): number | null =>
  /^[0-9.]+$/.test(token) ? Number(token) : value(token);
