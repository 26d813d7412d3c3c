/** Shall we make it? What a goal's period will come to, from what it has so far and what earlier years had by the same month. */
import { TesseraError } from "../../../engine/errors.ts";
import type { GoalSpec } from "../../../engine/model/declarations.ts";
import type { Reader } from "../../http/reader.ts";
import { dateRoleOf, type GoalState } from "../goals/goal-state.ts";

export interface GoalOutlook {
  /** whole months of the period that the data covers, of how many */
  readonly done: number;
  readonly of: number;
  /** what the period will come to, and the least and most by single earlier years; null where no earlier year says so */
  readonly expected: number | null;
  readonly range: readonly [number, number] | null;
  readonly years: number;
  /** a month from now on, and a month so far; null for what does not add up over months */
  readonly needed: number | null;
  readonly pace: number | null;
  readonly words: "reached" | "missed" | "on the way" | "uncertain" | "not on the way" | "open";
}

const YEAR = /^\d{4}$/;
const MOST_YEARS = 5;

/** Only whole years of what adds up are forecast; of a rate the present value stands for the end. */
export async function goalOutlook(goal: GoalSpec, state: GoalState, reader: Reader, today: string): Promise<GoalOutlook> {
  const over = today >= goal.by;
  const none: GoalOutlook = { done: 0, of: 0, expected: null, range: null, years: 0, needed: null, pace: null, words: over ? (state.reached ? "reached" : "missed") : "open" };
  const role = dateRoleOf(reader.catalog, goal.measure);
  const measure = reader.catalog.cubes.flatMap((c) => c.measures).find((m) => m.member === goal.measure);
  if (state.value === null || typeof goal.period !== "string" || !YEAR.test(goal.period) || !role) return none;
  const year = Number(goal.period);
  const up = goal.target >= goal.baseline.value;
  const good = (value: number): boolean => (up ? value >= goal.target : value <= goal.target);
  const months = year < Number(today.slice(0, 4)) ? 12 : year > Number(today.slice(0, 4)) ? 0 : Number(today.slice(5, 7)) - (lastDay(today) ? 0 : 1);
  if (over || months >= 12) return { ...none, done: 12, of: 12, expected: state.value, words: state.reached ? "reached" : "missed" };
  if (!measure || !["sum", "count"].includes(measure.kind) || months === 0) return { ...none, done: months, of: 12, words: months === 0 ? "open" : good(state.value) ? "on the way" : "not on the way" };
  try {
    const { rows } = await reader.query({ measures: [goal.measure], dimensions: [`${role}.month`], filters: [...(goal.filters ?? []), { member: role, operator: "in_range", values: [`${year - MOST_YEARS}-01-01`, `${year}-12-31`] }], limit: 200 });
    const byMonth = new Map(rows.map((row) => [String(row[`${role}.month`]).slice(0, 7), Number(row[goal.measure] ?? 0)]));
    return { ...none, done: months, of: 12, ...yearOutlook(byMonth, year, months, goal.target, up) };
  } catch (error) {
    if (!(error instanceof TesseraError)) throw error;
    return none;
  }
}

/**
 * The rest of a year as earlier years had it: each tells by its own season what the year will come to, and the least and most of them are the range.
 * @param byMonth amounts by `2025-01`; @param done months of `year` that are over, 1 to 11; @param up the target lies above the baseline
 */
export function yearOutlook(byMonth: ReadonlyMap<string, number>, year: number, done: number, target: number, up: boolean): Pick<GoalOutlook, "expected" | "range" | "years" | "needed" | "pace" | "words"> {
  const good = (value: number): boolean => (up ? value >= target : value <= target);
  const part = (y: number, until: number): number => Array.from({ length: until }, (_, m) => byMonth.get(`${y}-${String(m + 1).padStart(2, "0")}`) ?? 0).reduce((a, b) => a + b, 0);
  const soFar = part(year, done);
  const earlier = Array.from({ length: MOST_YEARS }, (_, k) => year - 1 - k).filter((y) => byMonth.has(`${y}-01`) && byMonth.has(`${y}-12`) && part(y, done) > 0);
  const needed = (target - soFar) / (12 - done), pace = soFar / done;
  if (earlier.length === 0) return { expected: null, range: null, years: 0, needed, pace, words: "open" };
  const ends = earlier.map((y) => (soFar * part(y, 12)) / part(y, done));
  const range = [Math.min(...ends), Math.max(...ends)] as const;
  return { expected: ends.reduce((a, b) => a + b, 0) / ends.length, range, years: ends.length, needed, pace, words: good(range[0]) && good(range[1]) ? "on the way" : good(range[0]) || good(range[1]) ? "uncertain" : "not on the way" };
}

const lastDay = (iso: string): boolean => new Date(Date.parse(iso) + 86_400_000).getUTCMonth() !== new Date(Date.parse(iso)).getUTCMonth();
