/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** Choosing members of one attribute: checkboxes, and a search that also finds members that are not listed. */
import type { AttributeView } from "../../../engine/model/catalog-view.ts";
import type { Value } from "../../../engine/model/query.ts";
import { formatMember, UNKNOWN } from "../../charts/index.ts";
import { Caret, MenuSearch, NothingMatches, Picker } from "../parts/picker.tsx";
import { useWords } from "../parts/words.ts";

export interface MemberFilterProps {
  readonly attribute: AttributeView;
  readonly values: readonly Value[];
  /** the attribute has more members than `values` */
  readonly truncated: boolean;
  readonly chosen: readonly (string | null)[];
  readonly action: string;
  /** the rest of the page's state, as hidden fields */
  readonly hidden: readonly (readonly [string, string])[];
  /** the address without this filter */
  readonly clear: string;
}

const SHOWN = 2;

const asText = (value: Value): string => (value === null ? UNKNOWN : String(value));

/** What the button says: the attribute, and the first chosen members. */
const labelText = (title: string, members: readonly string[], further: (count: number) => string): string => {
  if (members.length === 0) return title;
  const more = members.length - SHOWN;
  return `${title}: ${members.slice(0, SHOWN).join(", ")}${more > 0 ? ` ${further(more)}` : ""}`;
};

const Label = ({ title, members }: { readonly title: string; readonly members: readonly string[] }) => {
  const { dashboard } = useWords();
  const further = members.length - SHOWN;
  return (
    <>
      <span class="clip">
        {title}
        {members.length > 0 ? (
          <>
            {": "}
            <b>
              {members.slice(0, SHOWN).join(", ")}
              {further > 0 ? ` ${dashboard.further(further)}` : ""}
            </b>
          </>
        ) : null}
      </span>
      <Caret />
    </>
  );
};

export const MemberFilter = (props: MemberFilterProps) => {
  const { attribute, values, truncated, chosen, action, hidden, clear } = props;
  const { dashboard, shared } = useWords();
  const column = {
    type: attribute.type,
    name: attribute.member,
    ...(attribute.level && { level: attribute.level }),
  };
  const listed = new Set(values.map(asText));
  const members = chosen.map((value) => formatMember(value, column));
  const all: readonly Value[] = [...chosen.filter((value) => !listed.has(asText(value))), ...values];
  return (
    <Picker
      name={dashboard.filterBy(labelText(attribute.title, members, dashboard.further))}
      button={chosen.length > 0 ? "button set" : "button"}
      label={<Label title={attribute.title} members={members} />}
    >
      <form method="get" action={action}>
        {hidden.map(([name, value]) => (
          <input type="hidden" name={name} value={value} />
        ))}
        <MenuSearch
          label={shared.searchFor(attribute.title)}
          attributes={truncated ? { "data-members": attribute.member } : {}}
        />
        <div class="scroll" data-options>
          {all.map((value) => (
            <label class="option" data-option>
              <input
                type="checkbox"
                name={attribute.member}
                value={asText(value)}
                checked={chosen.includes(value === null ? null : String(value))}
              />
              <span>{formatMember(value, column)}</span>
            </label>
          ))}
          <NothingMatches />
        </div>
        {truncated ? <p class="nothing small">{shared.firstListed(values.length)}</p> : null}
        <div class="apply">
          {chosen.length > 0 ? (
            <a class="button small bare" href={clear}>
              {shared.clear}
            </a>
          ) : null}
          <button class="button small primary" type="submit">
            {shared.apply}
          </button>
        </div>
      </form>
    </Picker>
  );
};
