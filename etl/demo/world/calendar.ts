import { at } from "../../../engine/lookup.ts";
/** The demo's three years: days count from 2023-01-01, which is day 0. */
const EPOCH = Date.UTC(2023, 0, 1);
export const DAYS = 1096;
export const MONTHS = 36;

/** ISO date of a day, also before and after the three years. */
const isoDays = Array.from({ length: DAYS + 800 }, (_, i) =>
  new Date(EPOCH + (i - 400) * 86_400_000).toISOString().slice(0, 10),
);
export const isoDay = (day: number): string =>
  isoDays[day + 400] ?? new Date(EPOCH + day * 86_400_000).toISOString().slice(0, 10);
export const dayOf = (iso: string): number => Math.round((Date.parse(`${iso}T00:00:00Z`) - EPOCH) / 86_400_000);

const two = Array.from({ length: 60 }, (_, i) => String(i).padStart(2, "0"));
/** `2024-05-01 13:45:10`; seconds count from the first midnight, in the company's time zone. */
export function isoTime(seconds: number): string {
  const day = Math.floor(seconds / 86_400);
  const rest = seconds - day * 86_400;
  return `${isoDay(day)} ${two[Math.floor(rest / 3600)]}:${two[Math.floor(rest / 60) % 60]}:${two[rest % 60]}`;
}

/** month number of a day: 0 is January 2023 */
export const monthOf = new Uint8Array(DAYS);
export const firstOfMonth: number[] = [];
for (let day = 0; day < DAYS; day++) {
  const iso = isoDay(day);
  monthOf[day] = (Number(iso.slice(0, 4)) - 2023) * 12 + Number(iso.slice(5, 7)) - 1;
  if (iso.endsWith("-01")) firstOfMonth.push(day);
}

const BY_MONTH = [0.86, 0.84, 0.95, 1.0, 1.02, 0.97, 0.88, 0.86, 0.98, 1.05, 1.28, 1.5];
const BY_WEEKDAY = [1.02, 0.96, 0.94, 0.98, 1.12, 1.28, 0.7];
/** Relative activity of a day, with mean 1, so that the weeks of the purchase process keep their length. */
export const season = new Float64Array(DAYS);
for (let day = 0; day < DAYS; day++) season[day] = at(BY_MONTH, at(monthOf, day) % 12) * at(BY_WEEKDAY, (day + 6) % 7);
const mean = season.reduce((sum, x) => sum + x, 0) / DAYS;
for (let day = 0; day < DAYS; day++) season[day] = at(season, day) / mean;

/** Weeks of business time up to the beginning of each day. */
const clock = new Float64Array(DAYS + 1);
for (let day = 0; day < DAYS; day++) clock[day + 1] = at(clock, day) + at(season, day) / 7;
export const businessWeeks = (day: number): number => at(clock, day);

/** The day on which business time reaches `weeks`, searched from `from`; DAYS if it is after the end. */
export function dayAt(weeks: number, from: number): number {
  if (weeks >= at(clock, DAYS)) return DAYS;
  let low = from;
  let high = DAYS;
  while (low + 1 < high) {
    const middle = (low + high) >> 1;
    if (at(clock, middle) <= weeks) low = middle;
    else high = middle;
  }
  return low;
}
