/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** The measure and the two periods that are compared. */
import { FORECAST_PERIODS } from "../../../engine/mining/index.ts";
import type { CatalogView } from "../../../engine/model/catalog-view.ts";
import { printCondition } from "../explore/state.ts";
import { useWords } from "../parts/words.ts";
import { rightBefore, whyHref, yearBefore, type Days, type WhyState } from "./why-state.ts";

export interface WhyFormProps {
  readonly state: WhyState;
  readonly catalog: CatalogView;
  readonly before: Days | undefined;
  readonly after: Days | undefined;
}

const Conditions = ({ state: { explore } }: Pick<WhyFormProps, "state">) => (
  <>
    {explore.where.map((condition) => (
      <input type="hidden" name="where" value={printCondition(condition)} />
    ))}
    {explore.segments.map((segment) => (
      <input type="hidden" name="segment" value={segment} />
    ))}
    {explore.filters.length > 0 ? <input type="hidden" name="filters" value={JSON.stringify(explore.filters)} /> : null}
  </>
);

interface DaysFieldProps {
  readonly legend: string;
  /** names and labels of the first and last day's fields */
  readonly fields: readonly (readonly [name: string, label: string])[];
  readonly days: Days | undefined;
}

const DaysField = ({ legend, fields, days }: DaysFieldProps) => (
  <fieldset class="field">
    <legend>{legend}</legend>
    <span class="row">
      {fields.map(([name, label], i) => (
        <>
          {i > 0 ? <span class="faint">–</span> : null}
          <input type="date" name={name} aria-label={label} value={days?.[i] ?? ""} />
        </>
      ))}
    </span>
  </fieldset>
);

export const WhyForm = ({ state, catalog, before, after }: WhyFormProps) => {
  const { why } = useWords();
  return (
    <form class="card why-form" method="get" action="/why">
      <div class="body fields across">
        <Conditions state={state} />
        <label class="field">
          <span>{why.measure}</span>
          <select name="measures">
            {catalog.cubes.map((cube) => (
              <optgroup label={cube.title}>
                {cube.measures.map(({ member, title }) => (
                  <option value={member} selected={member === state.measure}>
                    {title}
                  </option>
                ))}
              </optgroup>
            ))}
          </select>
        </label>
        <DaysField
          legend={why.before}
          fields={[
            ["before_from", why.beforeFirst],
            ["before_until", why.beforeLast],
          ]}
          days={before}
        />
        <DaysField
          legend={why.after}
          fields={[
            ["from", why.afterFirst],
            ["until", why.afterLast],
          ]}
          days={after}
        />
        <label class="field">
          <span>{why.periods}</span>
          <select name="per">
            {FORECAST_PERIODS.map((period) => (
              <option value={period} selected={period === state.per}>
                {why.units[period]}
              </option>
            ))}
          </select>
        </label>
        <button class="button primary" type="submit">
          {why.submit}
        </button>
        {after ? (
          <span class="field">
            <a class="link" href={whyHref(state, { after, before: yearBefore(after) })}>
              {why.yearBefore}
            </a>
            <a class="link" href={whyHref(state, { after, before: rightBefore(after) })}>
              {why.rightBefore}
            </a>
          </span>
        ) : null}
      </div>
    </form>
  );
};
