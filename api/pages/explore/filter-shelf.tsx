/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** The filters, segments, period and comparison of the query. */
import { PeriodPicker } from "../parts/period-picker.tsx";
import { Caret, Picker } from "../parts/picker.tsx";
import { useWords } from "../parts/words.ts";
import { AddLabel, Chip } from "./chip.tsx";
import { Choices, dimensionGroups } from "./choices.tsx";
import { conditionValues, dimensionTitle, memberTitle, operatorWords } from "./member-words.ts";
import type { ShelfProps } from "./shelf-props.ts";
import { stateDate } from "./state-query.ts";
import { MORE_PARTS, stateParameters } from "./state.ts";

const MOST_LETTERS = 60;

const FilterChips = ({ state, catalog, go }: ShelfProps) => {
  const { explore } = useWords();
  return (
    <>
      {state.where.map((condition) => (
        <Chip
          href={`${go({})}&pick=${encodeURIComponent(condition.member)}#pick`}
          off={go({ where: state.where.filter((each) => each !== condition) })}
        >
          {`${memberTitle(condition.member, catalog)} `}
          <span class="op">{operatorWords(condition.operator, explore)}</span>{" "}
          <b>{conditionValues(condition, catalog)}</b>
        </Chip>
      ))}
      {state.segments.map((segment) => (
        <Chip off={go({ segments: state.segments.filter((each) => each !== segment) })}>
          <span class="op">{explore.segmentIs} </span>
          <b>{catalog.segments.find(({ name }) => name === segment)?.title ?? segment}</b>
        </Chip>
      ))}
      {state.filters.map((filter) => (
        <Chip title={JSON.stringify(filter)} off={go({ filters: state.filters.filter((each) => each !== filter) })}>
          <code>{JSON.stringify(filter).slice(0, MOST_LETTERS)}</code>
        </Chip>
      ))}
    </>
  );
};

/** What the query has beyond the shelves, each part in words and removable. */
const MoreChips = ({ state, catalog, go }: ShelfProps) => {
  const { explore } = useWords();
  const { more } = state;
  const without = (name: string): string =>
    go({ more: Object.fromEntries(Object.entries(more).filter(([each]) => each !== name)) });
  return (
    <>
      {(more.top ?? []).map((top) => (
        <Chip off={go({ more: { ...more, top: (more.top ?? []).filter((each) => each !== top) } })}>
          {explore.topOf(top.n, dimensionTitle(top.dimension, catalog), memberTitle(top.by, catalog))}
        </Chip>
      ))}
      {MORE_PARTS.filter((name) => name !== "top" && more[name] !== undefined).map((name) => (
        <Chip title={JSON.stringify(more[name])} off={without(name)}>
          <span class="op">{explore.more[name]} </span>
          <code>{JSON.stringify(more[name]).slice(0, MOST_LETTERS)}</code>
        </Chip>
      ))}
    </>
  );
};

const FilterPicker = ({ state, catalog }: ShelfProps) => {
  const { explore } = useWords();
  const measures = state.measures.map((member) => ({
    member,
    title: memberTitle(member, catalog),
    chosen: false,
  }));
  const groups = [
    ...dimensionGroups(state, catalog, [], explore),
    ...(measures.length > 0 ? [{ title: explore.shownMeasures, choices: measures }] : []),
  ];
  return (
    <Picker name={explore.addFilter} button="button small bare" label={<AddLabel title={explore.filter} />}>
      <Choices state={state} name="pick" search={explore.searchFilters} groups={groups} />
    </Picker>
  );
};

const SegmentPicker = ({ state, catalog, go }: ShelfProps) => {
  const { explore } = useWords();
  const { segments } = state;
  if (catalog.segments.length === 0) return null;
  const toggled = (name: string): readonly string[] =>
    segments.includes(name) ? segments.filter((each) => each !== name) : [...segments, name];
  return (
    <Picker name={explore.addSegment} button="button small bare" label={<AddLabel title={explore.segment} />}>
      <div class="scroll">
        {catalog.segments.map(({ name, title, description }) => (
          <a class={`option${segments.includes(name) ? " on" : ""}`} href={go({ segments: toggled(name) })}>
            <span>
              {title}
              <span class="what">{description}</span>
            </span>
          </a>
        ))}
      </div>
    </Picker>
  );
};

const ComparePicker = ({ state, go }: ShelfProps) => {
  const words = useWords().explore.compare;
  return (
    <Picker
      name={`${words.name}: ${words[state.compare ?? "none"]}`}
      class="right"
      label={
        <>
          <span>{words[state.compare ?? "none"]}</span>
          <Caret />
        </>
      }
    >
      {([null, "previous_period", "previous_year"] as const).map((compare) => (
        <a class="option" href={go({ compare })} {...(state.compare === compare ? { "aria-current": "true" } : {})}>
          <span>{words[compare ?? "none"]}</span>
        </a>
      ))}
    </Picker>
  );
};

export interface FilterShelfProps extends ShelfProps {
  readonly years: readonly number[];
  readonly range: readonly [string, string] | null | undefined;
}

export const FilterShelf = ({ state, catalog, go, years, range }: FilterShelfProps) => (
  <div class="chips">
    <FilterChips state={state} catalog={catalog} go={go} />
    <MoreChips state={state} catalog={catalog} go={go} />
    <FilterPicker state={state} catalog={catalog} go={go} />
    <SegmentPicker state={state} catalog={catalog} go={go} />
    <span class="grow" />
    {stateDate(state, catalog) === undefined ? null : (
      <>
        <PeriodPicker
          period={state.period}
          range={range}
          years={years}
          withAll
          action="/explore"
          href={(period) => go({ period })}
          hidden={stateParameters(state).filter(([name]) => name !== "period")}
        />
        <ComparePicker state={state} catalog={catalog} go={go} />
      </>
    )}
  </div>
);
