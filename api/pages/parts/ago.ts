/** The distance of an instant from now, and lengths of time. */
import type { Catalogue } from "../../i18n/index.ts";

type TimeWords = Catalogue["shared"]["time"];

const ahead = (seconds: number, words: TimeWords): string => {
  if (seconds < 60) return words.inAMoment;
  if (seconds < 3600) return words.inMinutes(Math.round(seconds / 60));
  if (seconds < 86_400) return words.inHours(Math.round(seconds / 3600));
  const days = Math.round(seconds / 86_400);
  return days === 1 ? words.tomorrow : words.inDays(days);
};

/** `5 min ago`, `tomorrow`. @param iso an ISO instant; other text is returned unchanged */
export const ago = (iso: string, now: Date, words: TimeWords): string => {
  const seconds = Math.round((now.getTime() - Date.parse(iso)) / 1000);
  if (!Number.isFinite(seconds)) return iso;
  if (seconds < 0) return ahead(-seconds, words);
  if (seconds < 45) return words.justNow;
  if (seconds < 3600) return words.minutesAgo(Math.max(1, Math.round(seconds / 60)));
  if (seconds < 86_400) return words.hoursAgo(Math.round(seconds / 3600));
  const days = Math.round(seconds / 86_400);
  if (days === 1) return words.yesterday;
  return days < 60 ? words.daysAgo(days) : words.monthsAgo(Math.round(days / 30.4));
};

/** `340 ms`, `12.4 s`, `3 min 20 s` */
export const duration = (milliseconds: number): string => {
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 60_000) return `${(milliseconds / 1000).toFixed(1)} s`;
  return `${Math.floor(milliseconds / 60_000)} min ${Math.round((milliseconds % 60_000) / 1000)} s`;
};
