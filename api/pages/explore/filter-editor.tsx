/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** Editing one filter: the operators that suit its type, its members to tick, or values to type. */
import type { CatalogView } from "../../../engine/model/catalog-view.ts";
import type { Value } from "../../../engine/model/query.ts";
import { formatMember, UNKNOWN } from "../../charts/index.ts";
import { dimensionTitle, Hidden, operatorWords } from "./shelves.tsx";
import { stateHref, type ExploreState } from "./state.ts";
import { membersIn } from "./state-query.ts";

const TEXT = [
  "equals",
  "not_equals",
  "contains",
  "not_contains",
  "starts_with",
  "ends_with",
  "is_null",
  "not_null",
] as const;
const ORDERED = ["equals", "not_equals", "gt", "gte", "lt", "lte", "is_null", "not_null"] as const;
const TRUTH = ["equals", "is_null", "not_null"] as const;
const MEASURE = ["gt", "gte", "lt", "lte", "equals", "not_equals"] as const;

export interface FilterEditorProps {
  readonly member: string;
  readonly state: ExploreState;
  readonly catalog: CatalogView;
  readonly values: readonly Value[];
  readonly truncated: boolean;
}

export const FilterEditor = ({ member, state, catalog, values, truncated }: FilterEditorProps) => {
  const { attributes, measures } = membersIn(catalog);
  const attribute = attributes.get(member),
    measure = measures.get(member);
  if (!attribute && !measure) return null;
  const existing = state.where.find((c) => c.member === member);
  const operators = measure
    ? MEASURE
    : attribute!.type === "boolean"
      ? TRUTH
      : attribute!.type === "string"
        ? TEXT
        : ORDERED;
  const chosen = new Set((existing?.values ?? []).map((v) => v ?? UNKNOWN));
  const column = {
    type: attribute?.type ?? ("number" as const),
    name: member,
    ...(attribute?.level && { level: attribute.level }),
  };
  const ticks = measure ? [] : values;
  const listed = new Set(ticks.map((v) => (v === null ? UNKNOWN : String(v))));
  const typed = [...chosen].filter((v) => !listed.has(v));
  return (
    <section class="card filter-editor" id="pick" aria-label="Edit a filter">
      <form method="get" action="/explore">
        <Hidden state={{ ...state, where: state.where.filter((c) => c.member !== member) }} />
        <input type="hidden" name="condition-member" value={member} />
        <div class="line">
          <b>{measure ? measure.title : dimensionTitle(member, catalog)}</b>
          <select name="condition-operator" aria-label="Operator">
            {operators.map((o) => (
              <option value={o} selected={existing?.operator === o}>
                {operatorWords(o)}
              </option>
            ))}
          </select>
          <input
            type="text"
            name="condition-text"
            class="typed"
            aria-label="Value"
            placeholder={measure ? "a number" : ticks.length > 0 ? "or type; several by ;" : "a value; several by ;"}
            value={typed.join("; ")}
            autofocus={ticks.length === 0}
          />
          <span class="grow" />
          <a class="button small bare" href={stateHref(state)}>
            Cancel
          </a>
          <button class="button small primary" type="submit">
            Apply
          </button>
        </div>
        {ticks.length > 0 ? (
          <>
            <input
              class="search"
              type="search"
              placeholder={`Search ${attribute!.title.toLowerCase()}`}
              aria-label="Search members"
              data-filter
              {...(truncated ? { "data-members": member, "data-name": "condition-value" } : {})}
              hidden
              autocomplete="off"
              spellcheck={false}
            />
            <div class="ticks" data-options>
              {ticks.map((v) => {
                const text = v === null ? UNKNOWN : String(v);
                return (
                  <label class="option" data-option>
                    <input type="checkbox" name="condition-value" value={text} checked={chosen.has(text)} />
                    <span class="clip">{formatMember(v, column)}</span>
                  </label>
                );
              })}
              <p class="nothing" data-nothing hidden>
                Nothing matches.
              </p>
            </div>
            {truncated ? (
              <p class="faint small">The first {ticks.length} are listed; search finds the others.</p>
            ) : null}
          </>
        ) : null}
      </form>
    </section>
  );
};
