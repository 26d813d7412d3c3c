/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** Choosing members of one attribute: a form with boxes, which typing searches (beyond what is listed too, by the server). */
import type { AttributeView } from "../../../engine/model/catalog-view.ts";
import type { Value } from "../../../engine/model/query.ts";
import { formatMember, UNKNOWN } from "../../charts/index.ts";
import { Icon } from "../parts/icon.tsx";
import { Caret, Picker } from "../parts/picker.tsx";

export interface MemberFilterProps {
  readonly attribute: AttributeView;
  readonly values: readonly Value[];
  readonly truncated: boolean;
  readonly chosen: readonly (string | null)[];
  readonly action: string;
  readonly hidden: readonly (readonly [string, string])[];
  readonly clear: string;
}

const text = (value: Value | null): string => (value === null ? UNKNOWN : String(value));

export const MemberFilter = ({ attribute, values, truncated, chosen, action, hidden, clear }: MemberFilterProps) => {
  const shown = chosen.map((v) =>
    formatMember(v, {
      type: attribute.type,
      name: attribute.member,
      ...(attribute.level && { level: attribute.level }),
    }),
  );
  const listed = new Set(values.map(text));
  const all: readonly (Value | null)[] = [...chosen.filter((v) => !listed.has(text(v))), ...values];
  return (
    <Picker
      name={`Filter by ${attribute.title}`}
      button={chosen.length > 0 ? "button set" : "button"}
      label={
        <>
          <span class="clip">
            {attribute.title}
            {chosen.length > 0 ? ": " : ""}
            {chosen.length > 0 ? (
              <b>
                {shown.slice(0, 2).join(", ")}
                {shown.length > 2 ? ` +${shown.length - 2}` : ""}
              </b>
            ) : null}
          </span>
          <Caret />
        </>
      }
    >
      <form method="get" action={action}>
        {hidden.map(([name, value]) => (
          <input type="hidden" name={name} value={value} />
        ))}
        <input
          class="search"
          type="search"
          placeholder={`Search ${attribute.title.toLowerCase()}`}
          aria-label={`Search ${attribute.title}`}
          data-filter
          {...(truncated ? { "data-members": attribute.member } : {})}
          hidden
          autocomplete="off"
          spellcheck={false}
        />
        <div class="scroll" data-options>
          {all.map((value) => (
            <label class="option" data-option>
              <input
                type="checkbox"
                name={attribute.member}
                value={text(value)}
                checked={chosen.includes(value === null ? null : String(value))}
              />
              <span>
                {formatMember(value, {
                  type: attribute.type,
                  name: attribute.member,
                  ...(attribute.level && { level: attribute.level }),
                })}
              </span>
            </label>
          ))}
          <p class="nothing" data-nothing hidden>
            Nothing matches.
          </p>
        </div>
        {truncated ? <p class="nothing small">The first {values.length} are listed; type to find the others.</p> : null}
        <div class="apply">
          {chosen.length > 0 ? (
            <a class="button small bare" href={clear}>
              Clear
            </a>
          ) : null}
          <button class="button small primary" type="submit">
            Apply
          </button>
        </div>
      </form>
    </Picker>
  );
};

export const FilterIcon = () => <Icon name="filter" />;
