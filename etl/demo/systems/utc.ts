import { at } from "../../../engine/lookup.ts";
import { DAYS, isoDay, isoTime } from "../world/calendar.ts";

/** The shop's clock is UTC; the company's is that of Berlin. */
const summer = Uint8Array.from({ length: DAYS }, (_, day) => {
  const lastSunday = (month: number): string => {
    const end = new Date(Date.UTC(Number(isoDay(day).slice(0, 4)), month + 1, 0));
    return new Date(end.getTime() - end.getUTCDay() * 86_400_000).toISOString().slice(0, 10);
  };
  return isoDay(day) >= lastSunday(2) && isoDay(day) < lastSunday(9) ? 1 : 0;
});
/** Seconds of Berlin's clock as UTC with a Z. In the night of a change of clocks it may be an hour off. */
export const utc = (seconds: number): string => {
  const day = Math.min(DAYS - 1, Math.floor(seconds / 86_400));
  return `${isoTime(seconds - 3_600 * (1 + at(summer, day))).replace(" ", "T")}Z`;
};
