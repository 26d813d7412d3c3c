/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** Editing one filter: the operators of its type, its members to tick, or values to type. */
import type { CatalogView } from "../../../engine/model/catalog-view.ts";
import type { Operator } from "../../../engine/model/filter.ts";
import type { Value } from "../../../engine/model/query.ts";
import { formatMember, UNKNOWN } from "../../charts/index.ts";
import { membersIn } from "../../services/catalog-index.ts";
import { MenuSearch, NothingMatches } from "../parts/picker.tsx";
import { useWords } from "../parts/words.ts";
import { Hidden } from "./choices.tsx";
import { dimensionTitle, memberColumn, operatorWords } from "./member-words.ts";
import { stateHref, type ExploreState } from "./state.ts";

const TEXT: readonly Operator[] = [
  "equals",
  "not_equals",
  "contains",
  "not_contains",
  "starts_with",
  "ends_with",
  "is_null",
  "not_null",
];
const ORDERED: readonly Operator[] = ["equals", "not_equals", "gt", "gte", "lt", "lte", "is_null", "not_null"];
const TRUTH: readonly Operator[] = ["equals", "is_null", "not_null"];
const MEASURE: readonly Operator[] = ["gt", "gte", "lt", "lte", "equals", "not_equals"];

/** @param type of the attribute; undefined for a measure */
const operatorsOf = (type: string | undefined): readonly Operator[] => {
  if (type === undefined) return MEASURE;
  if (type === "boolean") return TRUTH;
  return type === "string" ? TEXT : ORDERED;
};

const asText = (value: Value): string => (value === null ? UNKNOWN : String(value));

export interface FilterEditorProps {
  readonly member: string;
  readonly state: ExploreState;
  readonly catalog: CatalogView;
  readonly values: readonly Value[];
  /** the attribute has more members than `values` */
  readonly truncated: boolean;
}

interface TicksProps {
  readonly member: string;
  readonly title: string;
  readonly values: readonly Value[];
  readonly chosen: ReadonlySet<string>;
  readonly catalog: CatalogView;
  readonly truncated: boolean;
}

const Ticks = ({ member, title, values, chosen, catalog, truncated }: TicksProps) => {
  const { shared } = useWords();
  const column = memberColumn(member, catalog);
  return (
    <>
      <MenuSearch
        label={shared.searchFor(title)}
        attributes={truncated ? { "data-members": member, "data-name": "condition-value" } : {}}
      />
      <div class="ticks" data-options>
        {values.map((value) => (
          <label class="option" data-option>
            <input type="checkbox" name="condition-value" value={asText(value)} checked={chosen.has(asText(value))} />
            <span class="clip">{formatMember(value, column)}</span>
          </label>
        ))}
        <NothingMatches />
      </div>
      {truncated ? <p class="faint small">{shared.firstListed(values.length)}</p> : null}
    </>
  );
};

export const FilterEditor = ({ member, state, catalog, values, truncated }: FilterEditorProps) => {
  const { explore, shared } = useWords();
  const words = explore.editor;
  const { attributes, measures } = membersIn(catalog);
  const attribute = attributes.get(member);
  const measure = measures.get(member);
  if (!attribute && !measure) return null;
  const existing = state.where.find((condition) => condition.member === member);
  const chosen = new Set((existing?.values ?? []).map(asText));
  const ticks = measure ? [] : values;
  const listed = new Set(ticks.map(asText));
  const typed = [...chosen].filter((text) => !listed.has(text));
  const valueHint = ticks.length > 0 ? words.orType : words.typeValues;
  return (
    <section class="card filter-editor" id="pick" aria-label={words.title}>
      <form method="get" action="/explore">
        <Hidden state={{ ...state, where: state.where.filter((condition) => condition.member !== member) }} />
        <input type="hidden" name="condition-member" value={member} />
        <div class="line">
          <b>{measure ? measure.title : dimensionTitle(member, catalog)}</b>
          <select name="condition-operator" aria-label={words.operator}>
            {operatorsOf(measure ? undefined : attribute?.type).map((operator) => (
              <option value={operator} selected={existing?.operator === operator}>
                {operatorWords(operator, explore)}
              </option>
            ))}
          </select>
          <input
            type="text"
            name="condition-text"
            class="typed"
            aria-label={words.value}
            placeholder={measure ? words.aNumber : valueHint}
            value={typed.join("; ")}
            autofocus={ticks.length === 0}
          />
          <span class="grow" />
          <a class="button small bare" href={stateHref(state)}>
            {shared.cancel}
          </a>
          <button class="button small primary" type="submit">
            {shared.apply}
          </button>
        </div>
        {ticks.length > 0 ? (
          <Ticks
            member={member}
            title={attribute?.title ?? member}
            values={ticks}
            chosen={chosen}
            catalog={catalog}
            truncated={truncated}
          />
        ) : null}
      </form>
    </section>
  );
};
