/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** Choosing a period: the usual ones as links, any other by its first and last day. */
import { formatRange } from "../../charts/index.ts";
import { Icon } from "./icon.tsx";
import { Caret, Options, Picker, type OptionGroup } from "./picker.tsx";

export const PHRASES: readonly (readonly [string, string])[] = [
  ["this month", "This month"],
  ["last month", "Last month"],
  ["this quarter", "This quarter"],
  ["last quarter", "Last quarter"],
  ["this year", "This year"],
  ["last year", "Last year"],
  ["last 30 days", "Last 30 days"],
  ["last 90 days", "Last 90 days"],
  ["last 12 months", "Last 12 months"],
  ["year to date", "Year to date"],
];

/** A period in words. */
export const periodWords = (period: string | null): string => {
  if (period === null) return "All time";
  const range = /^(\d{4}-\d{2}-\d{2})\.\.(\d{4}-\d{2}-\d{2})$/.exec(period);
  if (range) return formatRange(range[1]!, range[2]!);
  return (
    PHRASES.find(([phrase]) => phrase === period)?.[1] ??
    period.replace(/^(\d{4}-\d{2}-\d{2})\.\.$/, "from $1").replace(/^\.\.(\d{4}-\d{2}-\d{2})$/, "until $1")
  );
};

/** Roughly how many days a period has; null where its phrase does not tell. */
export const periodDays = (period: string | null): number | null => {
  if (period === null) return null;
  const range = /^(\d{4}-\d{2}-\d{2})\.\.(\d{4}-\d{2}-\d{2})$/.exec(period);
  if (range) return (Date.parse(range[2]!) - Date.parse(range[1]!)) / 86_400_000 + 1;
  const lengths: { readonly [unit: string]: number } = { day: 1, week: 7, month: 30, quarter: 91, year: 365 };
  if (/^\d{4}$/.test(period)) return 365;
  if (/^\d{4}-Q\d$/.test(period)) return 91;
  if (/^\d{4}-\d{2}$/.test(period)) return 30;
  const counted = /^(?:last|next) (\d+) (day|week|month|quarter|year)s?$/.exec(period);
  if (counted) return Number(counted[1]) * lengths[counted[2]!]!;
  const one = /^(?:this|last|next) (day|week|month|quarter|year)$/.exec(period);
  if (one) return lengths[one[1]!]!;
  return period === "today" || period === "yesterday"
    ? 1
    : period === "month to date"
      ? 30
      : period === "year to date"
        ? 365
        : null;
};

export interface PeriodPickerProps {
  readonly period: string | null;
  /** the range that the period came to, where it is known */
  readonly range?: readonly [string, string] | null | undefined;
  readonly years: readonly number[];
  readonly href: (period: string | null) => string;
  /** the form's address and the rest of the state as hidden fields */
  readonly action: string;
  readonly hidden: readonly (readonly [string, string])[];
  readonly withAll?: boolean;
}

export const PeriodPicker = ({ period, range, years, href, action, hidden, withAll = false }: PeriodPickerProps) => {
  const groups: OptionGroup[] = [
    ...(withAll ? [{ title: "", options: [{ title: "All time", href: href(null), chosen: period === null }] }] : []),
    {
      title: "Years",
      options: years.map((y) => ({ title: String(y), href: href(String(y)), chosen: period === String(y) })),
    },
    {
      title: "Relative",
      options: PHRASES.map(([phrase, title]) => ({ title, href: href(phrase), chosen: period === phrase })),
    },
  ];
  const words = periodWords(period);
  const exact = range ? formatRange(range[0], range[1]) : null;
  return (
    <Picker
      name="Period"
      label={
        <>
          <Icon name="calendar" />
          <span class="clip">{words}</span>
          {exact && exact !== words ? <span class="faint clip">{exact}</span> : null}
          <Caret />
        </>
      }
    >
      <Options groups={groups} />
      <form method="get" action={action}>
        {hidden.map(([name, value]) => (
          <input type="hidden" name={name} value={value} />
        ))}
        <div class="row">
          <input type="date" name="from" aria-label="First day" value={range?.[0]} />
          <span class="faint">–</span>
          <input type="date" name="until" aria-label="Last day" value={range?.[1]} />
        </div>
        <div class="apply">
          <button class="button small primary" type="submit">
            Apply
          </button>
        </div>
      </form>
    </Picker>
  );
};
