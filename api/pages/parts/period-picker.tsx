/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** Choosing a period: the usual ones are links, any other is a first and a last day. */
import { formatRange } from "../../charts/index.ts";
import { Icon } from "./icon.tsx";
import { periodWords } from "./period.ts";
import { Caret, Options, Picker, type OptionGroup } from "./picker.tsx";
import { useWords } from "./words.ts";

export interface PeriodPickerProps {
  readonly period: string | null;
  /** the days that the period means, where they are known */
  readonly range?: readonly [string, string] | null | undefined;
  readonly years: readonly number[];
  readonly href: (period: string | null) => string;
  /** the form's address */
  readonly action: string;
  /** the rest of the page's state, as hidden fields */
  readonly hidden: readonly (readonly [string, string])[];
  /** offers all time; default false */
  readonly withAll?: boolean;
}

export const PeriodPicker = ({ period, range, years, href, action, hidden, withAll = false }: PeriodPickerProps) => {
  const { shared } = useWords();
  const words = shared.period;
  const option = (value: string | null, title: string) => ({ title, href: href(value), chosen: period === value });
  const groups: OptionGroup[] = [
    ...(withAll ? [{ title: "", options: [option(null, words.allTime)] }] : []),
    { title: words.years, options: years.map((year) => option(String(year), String(year))) },
    { title: words.relative, options: Object.entries(words.phrases).map(([phrase, title]) => option(phrase, title)) },
  ];
  const title = periodWords(period, words);
  const exact = range ? formatRange(...range) : null;
  return (
    <Picker
      name={`${words.name}: ${exact && exact !== title ? `${title} ${exact}` : title}`}
      label={
        <>
          <Icon name="calendar" />
          <span class="clip">{title}</span>
          {exact && exact !== title ? <span class="faint clip">{exact}</span> : null}
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
          <input type="date" name="from" aria-label={words.firstDay} value={range?.[0]} />
          <span class="faint">–</span>
          <input type="date" name="until" aria-label={words.lastDay} value={range?.[1]} />
        </div>
        <div class="apply">
          <button class="button small primary" type="submit">
            {shared.apply}
          </button>
        </div>
      </form>
    </Picker>
  );
};
