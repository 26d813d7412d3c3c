/**
 * The explorer's whole state, and its readable address:
 * `/explore?measures=sales.revenue&by=customer.country&period=2025&where=customer.country:Germany`.
 */
import type { ChartKind } from "../../../engine/model/declarations.ts";
import { OPERATORS, type Filter, type Operator } from "../../../engine/model/filter.ts";
import type { Query } from "../../../engine/model/query.ts";

export interface Condition {
  readonly member: string;
  readonly operator: Operator;
  /** as written in the address; null is the unknown member */
  readonly values: readonly (string | null)[];
}

export interface Calculation {
  readonly name: string;
  readonly formula: string;
}

export interface ExploreState {
  readonly measures: readonly string[];
  readonly calculations: readonly Calculation[];
  readonly by: readonly string[];
  /** one dimension laid out across */
  readonly across: string | null;
  readonly where: readonly Condition[];
  readonly segments: readonly string[];
  /** what `where` cannot say, as it stands in a query */
  readonly filters: readonly Filter[];
  /** a phrase (`2025`, `last 12 months`) or `2025-01-01..2025-03-31` */
  readonly period: string | null;
  /** the date role of period and comparison */
  readonly on: string | null;
  readonly compare: "previous_period" | "previous_year" | null;
  readonly totals: boolean;
  readonly sort: { readonly member: string; readonly direction: "asc" | "desc" } | null;
  readonly limit: number | null;
  readonly chart: ChartKind | "none" | null;
  readonly explain: boolean;
  /** what a query asks beyond all this, as it stands in a query: `top`, `history`, `timeZone`, … */
  readonly more: MoreOfQuery;
}

/** Parts of a query for which the explorer has no control of its own. */
export type MoreOfQuery = Pick<
  Query,
  "top" | "compare" | "order" | "history" | "fillDates" | "timeZone" | "now" | "exact" | "totals"
>;

export const MORE_PARTS = [
  "top",
  "compare",
  "order",
  "history",
  "fillDates",
  "timeZone",
  "now",
  "exact",
  "totals",
] as const satisfies readonly (keyof MoreOfQuery)[];

export const EMPTY_STATE: ExploreState = {
  measures: [],
  calculations: [],
  by: [],
  across: null,
  where: [],
  segments: [],
  filters: [],
  period: null,
  on: null,
  compare: null,
  totals: true,
  sort: null,
  limit: null,
  chart: null,
  explain: false,
  more: {},
};

export const CHARTS: readonly ChartKind[] = ["line", "area", "bar", "stacked_bar", "heatmap", "scatter"];

const encode = (text: string): string =>
  encodeURIComponent(text)
    .replace(/%(2C|3A|7C|2F|40|3D|3E|3C|5B|5D|7B|7D)/g, (whole, hex: string) =>
      hex === "3D" || hex === "3E" || hex === "3C" ? whole : decodeURIComponent(whole),
    )
    .replace(/%20/g, "+");
const escapeValue = (value: string | null): string =>
  value === null ? "\\0" : value.replace(/[\\|]/g, (c) => `\\${c}`).replace(/^$/, "\\e");

const splitValues = (text: string): (string | null)[] => {
  const values: (string | null)[] = [];
  let value = "",
    unknown = false;
  for (let i = 0; i < text.length; i++) {
    const letter = text[i]!;
    if (letter === "\\") {
      const next = text[++i] ?? "";
      if (next === "0") unknown = true;
      else if (next !== "e") value += next;
    } else if (letter === "|") {
      values.push(unknown ? null : value);
      value = "";
      unknown = false;
    } else value += letter;
  }
  values.push(unknown ? null : value);
  return values;
};

const isOperator = (text: string): text is Operator => (OPERATORS as readonly string[]).includes(text);

/** `customer.country:Germany|France`, or with its operator `sales.revenue:gt:1000`. */
export const printCondition = ({ member, operator, values }: Condition): string => {
  const list = values.map(escapeValue).join("|");
  const plain = operator === "equals" && !isOperator(list.split(":")[0] ?? "") && values.length > 0;
  return plain ? `${member}:${list}` : `${member}:${operator}${values.length > 0 ? `:${list}` : ""}`;
};

export const parseCondition = (text: string): Condition | null => {
  const colon = text.indexOf(":");
  if (colon < 1) return null;
  const member = text.slice(0, colon),
    rest = text.slice(colon + 1);
  const second = rest.indexOf(":");
  const word = second < 0 ? rest : rest.slice(0, second);
  if (isOperator(word) && (second >= 0 || word === "is_null" || word === "not_null"))
    return { member, operator: word, values: second < 0 ? [] : splitValues(rest.slice(second + 1)) };
  return { member, operator: "equals", values: splitValues(rest) };
};

const list = (values: readonly string[]): string[] => [
  ...new Set(
    values
      .flatMap((v) => v.split(","))
      .map((v) => v.trim())
      .filter((v) => v !== ""),
  ),
];

/** A longer address is not one of ours. */
const MOST_LETTERS = 20_000;

const parseFilters = (text: string | null): readonly Filter[] => {
  if (text === null || text.length > MOST_LETTERS) return [];
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? (value as Filter[]) : [];
  } catch {
    return [];
  }
};

/** Only parts that a query may have; the engine checks what they say. */
const parseMore = (text: string | null): MoreOfQuery => {
  if (text === null || text.length > MOST_LETTERS) return {};
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== "object" || value === null) return {};
    return Object.fromEntries(
      Object.entries(value).filter(([name]) => (MORE_PARTS as readonly string[]).includes(name)),
    );
  } catch {
    return {};
  }
};

/** `-revenue` sorts from the largest down. */
const parseSort = (text: string): ExploreState["sort"] => {
  if (text === "") return null;
  return text.startsWith("-") ? { member: text.slice(1), direction: "desc" } : { member: text, direction: "asc" };
};

/** Reads an address; what it does not understand it leaves out. Forms may repeat a name, links separate by commas. */
export const parseState = (parameters: URLSearchParams): ExploreState => {
  const limit = Number(parameters.get("limit") ?? "");
  const chart = parameters.get("chart");
  const compare = parameters.get("compare");
  const from = parameters.get("from"),
    until = parameters.get("until");
  const named = parameters.get("period")?.trim() || null;
  const period = named === "all" ? null : named;
  return {
    measures: list(parameters.getAll("measures")),
    calculations: parameters.getAll("calculate").flatMap((text) => {
      const at = text.indexOf("=");
      return at > 0
        ? [{ name: text.slice(0, at).trim().replace(/\W+/g, "_"), formula: text.slice(at + 1).trim() }]
        : [];
    }),
    by: list(parameters.getAll("by")),
    across: parameters.get("across") || null,
    where: parameters.getAll("where").flatMap((text) => {
      const c = parseCondition(text);
      return c ? [c] : [];
    }),
    segments: list(parameters.getAll("segment")),
    filters: parseFilters(parameters.get("filters")),
    period: from || until ? `${from ?? ""}..${until ?? ""}` : period,
    on: parameters.get("on") || null,
    compare: compare === "previous_period" || compare === "previous_year" ? compare : null,
    totals: parameters.get("totals") !== "0",
    sort: parseSort(parameters.get("sort") ?? ""),
    limit: Number.isInteger(limit) && limit > 0 ? limit : null,
    chart: chart === "none" ? "none" : (CHARTS.find((k) => k === chart) ?? null),
    explain: parameters.get("explain") === "1",
    more: parseMore(parameters.get("more")),
  };
};

/** The state as name and text, in reading order; what is as it is anyway is left out. */
export const stateParameters = (state: ExploreState): readonly (readonly [string, string])[] => [
  ...(state.measures.length > 0 ? [["measures", state.measures.join(",")] as const] : []),
  ...state.calculations.map((c) => ["calculate", `${c.name}=${c.formula}`] as const),
  ...(state.by.length > 0 ? [["by", state.by.join(",")] as const] : []),
  ...(state.across ? [["across", state.across] as const] : []),
  ...state.where.map((c) => ["where", printCondition(c)] as const),
  ...(state.segments.length > 0 ? [["segment", state.segments.join(",")] as const] : []),
  ...(state.filters.length > 0 ? [["filters", JSON.stringify(state.filters)] as const] : []),
  ...(state.period ? [["period", state.period] as const] : []),
  ...(state.on ? [["on", state.on] as const] : []),
  ...(state.compare ? [["compare", state.compare] as const] : []),
  ...(state.totals ? [] : [["totals", "0"] as const]),
  ...(state.sort ? [["sort", `${state.sort.direction === "desc" ? "-" : ""}${state.sort.member}`] as const] : []),
  ...(state.limit ? [["limit", String(state.limit)] as const] : []),
  ...(state.chart ? [["chart", state.chart] as const] : []),
  ...(state.explain ? [["explain", "1"] as const] : []),
  ...(Object.keys(state.more).length > 0 ? [["more", JSON.stringify(state.more)] as const] : []),
];

/** The state's address. */
export const stateHref = (state: ExploreState, path = "/explore"): string => {
  const parameters = stateParameters(state)
    .map(([name, text]) => `${name}=${encode(text)}`)
    .join("&");
  return parameters === "" ? path : `${path}?${parameters}`;
};
