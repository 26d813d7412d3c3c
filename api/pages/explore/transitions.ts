/** What the forms of the explorer ask for: a new state, to which the address is then set. */
import type { CatalogView } from "../../../engine/model/catalog-view.ts";
import { OPERATORS, type Operator } from "../../../engine/model/filter.ts";
import { qualifyFormula } from "./qualify-formula.ts";
import { parseState, type Condition, type ExploreState } from "./state.ts";

const TRANSIENT = [
  "add-measure",
  "add-by",
  "add-across",
  "calculation-name",
  "calculation-formula",
  "condition-member",
  "from",
  "until",
];

const operatorOf = (text: string | null): Operator =>
  (OPERATORS as readonly string[]).includes(text ?? "") ? (text as Operator) : "equals";

const conditionOf = (parameters: URLSearchParams): Condition | null => {
  const member = parameters.get("condition-member");
  if (!member) return null;
  const operator = operatorOf(parameters.get("condition-operator"));
  if (operator === "is_null" || operator === "not_null") return { member, operator, values: [] };
  const typed = (parameters.get("condition-text") ?? "").trim();
  const values = [
    ...parameters.getAll("condition-value").map((v) => (v === "(unknown)" ? null : v)),
    ...(typed === "" ? [] : typed.split(/\s*[;\n]\s*/).filter((v) => v !== "")),
  ];
  return { member, operator, values: [...new Set(values)] };
};

/** The state that a form asks for; null where the address is a state already. */
export const transition = (parameters: URLSearchParams, catalog: CatalogView): ExploreState | null => {
  if (!TRANSIENT.some((name) => parameters.has(name))) return null;
  let state = parseState(parameters);
  const measure = parameters.get("add-measure"),
    by = parameters.get("add-by"),
    across = parameters.get("add-across");
  if (measure)
    state = {
      ...state,
      measures: state.measures.includes(measure)
        ? state.measures.filter((m) => m !== measure)
        : [...state.measures, measure],
    };
  if (by)
    state = {
      ...state,
      by: state.by.includes(by) ? state.by.filter((d) => d !== by) : [...state.by, by],
      across: state.across === by ? null : state.across,
    };
  if (across)
    state = { ...state, across: state.across === across ? null : across, by: state.by.filter((d) => d !== across) };
  const typed = parameters.get("calculation-formula")?.trim();
  if (typed) {
    const formula = qualifyFormula(typed, state.measures, catalog);
    const name =
      (parameters.get("calculation-name") ?? "").trim().replace(/\W+/g, "_").replace(/^(\d)/, "_$1") ||
      `calculation_${state.calculations.length + 1}`;
    state = { ...state, calculations: [...state.calculations.filter((c) => c.name !== name), { name, formula }] };
  }
  const condition = conditionOf(parameters);
  if (condition) {
    const others = state.where.filter((c) => c.member !== condition.member);
    state = {
      ...state,
      where:
        condition.values.length === 0 && condition.operator !== "is_null" && condition.operator !== "not_null"
          ? others
          : [...others, condition],
    };
  }
  return state;
};

/** What a first visit sees: the first measure by the outermost level of the first hierarchy its cube has. */
export const firstState = (
  state: ExploreState,
  measure: string | undefined,
  dimension: string | undefined,
  period: string | null,
): ExploreState =>
  measure === undefined
    ? state
    : { ...state, measures: [measure], by: dimension === undefined ? [] : [dimension], period };
