/** Dates as people read them: a level's ISO first day becomes `Jul 2025`, `Q3 2025`, `2025`. */

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const WEEKDAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

interface DateParts {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly time: string;
}

const parts = (iso: string): DateParts | undefined => {
  const match = /^(-?\d{4,6})-(\d{2})-(\d{2})(?:[T ](\d{2}:\d{2}))?/.exec(iso);
  return match
    ? { year: Number(match[1]), month: Number(match[2]), day: Number(match[3]), time: match[4] ?? "" }
    : undefined;
};

/** ISO week number of a calendar day, with the ISO year it belongs to. */
export const isoWeek = (year: number, month: number, day: number): { readonly year: number; readonly week: number } => {
  const date = new Date(Date.UTC(year, month - 1, day));
  date.setUTCDate(date.getUTCDate() + 4 - (date.getUTCDay() || 7));
  const isoYear = date.getUTCFullYear();
  return { year: isoYear, week: Math.ceil(((date.getTime() - Date.UTC(isoYear, 0, 1)) / 86_400_000 + 1) / 7) };
};

/**
 * A date level's value in words. `level` is the column's level (`month`, `fiscal_quarter`, …); without one a plain
 * day or instant is assumed.
 * What is not an ISO date is returned as it came.
 */
export const formatDate = (value: string, level?: string): string => {
  const p = parts(value);
  if (!p) return value;
  const month = MONTHS[p.month - 1] ?? String(p.month);
  // a year of whole weeks has periods that begin within a month, and often not in the one that they are mostly in
  if (p.day !== 1 && (level === "fiscal_period" || level === "fiscal_quarter"))
    return `${level === "fiscal_period" ? "Period" : "Quarter"} from ${p.day} ${month} ${p.year}`;
  if (p.day !== 1 && level === "fiscal_year") return `Year from ${p.day} ${month} ${p.year}`;
  switch (level) {
    case "year":
      return String(p.year);
    case "half":
      return `H${p.month < 7 ? 1 : 2} ${p.year}`;
    case "quarter":
      return `Q${Math.floor((p.month - 1) / 3) + 1} ${p.year}`;
    case "month":
    case "fiscal_period":
      return `${month} ${p.year}`;
    case "week": {
      const w = isoWeek(p.year, p.month, p.day);
      return `W${String(w.week).padStart(2, "0")} ${w.year}`;
    }
    case "fiscal_year":
      return p.month === 1 ? `FY ${p.year}` : `FY ${p.year}/${String((p.year + 1) % 100).padStart(2, "0")}`;
    case "fiscal_quarter":
      return `${month}–${MONTHS[(p.month + 1) % 12]} ${p.year}`;
    case "hour":
    case "minute":
      return `${p.day} ${month} ${p.year}, ${p.time || "00:00"}`;
    default:
      return p.time && p.time !== "00:00" ? `${p.day} ${month} ${p.year}, ${p.time}` : `${p.day} ${month} ${p.year}`;
  }
};

/** The same, short enough for an axis: the first line, and the year below it where it begins. */
export const formatDateTick = (value: string, level: string | undefined, first: boolean): string => {
  const p = parts(value);
  if (!p) return value;
  const month = MONTHS[p.month - 1] ?? "";
  const year = first || p.month === 1 ? `\n${p.year}` : "";
  switch (level) {
    case "year":
    case "fiscal_year":
      return formatDate(value, level);
    case "half":
      return `H${p.month < 7 ? 1 : 2}${year}`;
    case "quarter":
      return `Q${Math.floor((p.month - 1) / 3) + 1}${year}`;
    case "fiscal_quarter":
    case "month":
    case "fiscal_period":
      return p.day === 1 ? `${month}${year}` : `${p.day} ${month}${year}`;
    case "week": {
      const w = isoWeek(p.year, p.month, p.day);
      return `W${w.week}${first || w.week === 1 ? `\n${w.year}` : ""}`;
    }
    default:
      return `${p.day} ${month}${first || (p.month === 1 && p.day === 1) ? `\n${p.year}` : ""}`;
  }
};

/** Calendar numbers (`month_of_year`, `day_of_week`) in words; undefined where the attribute is none of them. */
export const formatCalendarNumber = (attribute: string, value: number): string | undefined => {
  if (attribute === "month_of_year") return MONTHS[value - 1];
  if (attribute === "day_of_week") return WEEKDAYS[value - 1];
  if (attribute === "quarter_of_year") return `Q${value}`;
  if (attribute === "week_of_year") return `W${String(value).padStart(2, "0")}`;
  return undefined;
};

/** A range of days in as few words as it needs: `Jan – Dec 2025`, `3 Mar – 9 Apr 2025`. */
export const formatRange = (from: string, until: string): string => {
  const a = parts(from),
    b = parts(until);
  if (!a || !b) return `${from} – ${until}`;
  const lastDay = new Date(Date.UTC(b.year, b.month, 0)).getUTCDate();
  const wholeMonths = a.day === 1 && b.day === lastDay;
  if (wholeMonths && a.month === 1 && b.month === 12)
    return a.year === b.year ? String(a.year) : `${a.year} – ${b.year}`;
  if (wholeMonths && a.year === b.year)
    return a.month === b.month
      ? `${MONTHS[a.month - 1]} ${a.year}`
      : `${MONTHS[a.month - 1]} – ${MONTHS[b.month - 1]} ${b.year}`;
  if (wholeMonths) return `${MONTHS[a.month - 1]} ${a.year} – ${MONTHS[b.month - 1]} ${b.year}`;
  const start = a.year === b.year ? `${a.day} ${MONTHS[a.month - 1]}` : formatDate(from);
  return from === until ? formatDate(from) : `${start} – ${formatDate(until)}`;
};
