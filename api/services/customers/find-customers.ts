/**
 * Finds customers by name, number, e-mail or phone in the dimension's own table, so customers without facts are found
 * too.
 */
import type { AttributeView } from "../../../engine/model/catalog-view.ts";
import type { Row } from "../../../engine/model/query.ts";
import { quoteIdentifier } from "../../../engine/warehouse/index.ts";
import type { Reader } from "../reader.ts";
import type { Services } from "../services.ts";
import { currentRows, expressionOf, sourceOf, type CustomerModel } from "./customer-model.ts";
import { canSearch, searchCustomers } from "./search-customers.ts";

export interface CustomerList {
  readonly columns: readonly AttributeView[];
  readonly rows: readonly Row[];
  readonly truncated: boolean;
}

/** Attributes listed next to the name. */
const LISTED = ["number", "email", "phone", "company", "city", "country", "customer_type", "segment", "status"];
const MOST_COLUMNS = 8;
const MOST_WORDS = 8;

const listedColumns = ({ spec, role, key, label }: CustomerModel): AttributeView[] =>
  [
    key,
    ...(label ? [label] : []),
    ...LISTED.flatMap((name) => role.attributes.filter((a) => a.name === name && a !== label && a !== key)),
  ]
    .filter((a) => expressionOf(spec, a.name) !== undefined)
    .slice(0, MOST_COLUMNS);

const folded = (sql: string): string => `lower(strip_accents(${sql}))`;

/** The searched attributes and the key as one text without case and accents. */
const haystack = ({ spec, searched }: CustomerModel): string => {
  const texts = searched.flatMap((a) => {
    const expression = expressionOf(spec, a.name);
    return expression ? [`coalesce(CAST(${expression} AS VARCHAR), '')`] : [];
  });
  return folded(`concat_ws(' ', ${[...texts, `CAST(${quoteIdentifier(spec.key)} AS VARCHAR)`].join(", ")})`);
};

/** Names that begin with the first word come first. */
const order = ({ spec, label }: CustomerModel, searching: boolean): string => {
  const name = label ? expressionOf(spec, label.name) : undefined;
  return [
    ...(name && searching
      ? [`starts_with(${folded(`coalesce(CAST(${name} AS VARCHAR), '')`)}, ${folded("$1")}) DESC`]
      : []),
    ...(name ? [`${name} NULLS LAST`] : []),
    quoteIdentifier(spec.key),
  ].join(", ");
};

/** The listed attributes of some customers, in the order of their keys. */
const rowsOf = async (
  { spec, key: own }: CustomerModel,
  columns: readonly AttributeView[],
  keys: readonly string[],
  reader: Reader,
  { project }: Services,
): Promise<Row[]> => {
  if (keys.length === 0) return [];
  const key = `CAST(${quoteIdentifier(spec.key)} AS VARCHAR)`;
  // a cast of the column would read every block of the table
  const isNumber = own.type === "integer" && keys.every((each) => /^-?\d{1,15}$/.test(each));
  const compared = isNumber ? quoteIdentifier(spec.key) : key;
  const places = keys.map((_, i) => `$${i + 1}`).join(", ");
  const selected = columns.map((a, i) => `${expressionOf(spec, a.name)} AS c${i}`);
  const statement = `SELECT ${selected.join(", ")}, ${key} AS found
    FROM ${sourceOf(spec)} AS t WHERE ${currentRows(spec)} AND ${compared} IN (${places})`;
  const { rows } = await reader.run((options) => project.sql(statement, isNumber ? keys.map(Number) : keys, options));
  const order = new Map(keys.map((each, i) => [each, i]));
  return [...rows]
    .sort((a, b) => (order.get(String(a["found"])) ?? 0) - (order.get(String(b["found"])) ?? 0))
    .map((row) => Object.fromEntries(columns.map((a, i) => [a.member, row[`c${i}`] ?? null])));
};

/**
 * Customers that fit a search, best first; without one, the first by name. The text travels as parameters.
 * A version from before the search table is searched for every word within names, numbers, e-mails and phones.
 * @param limit rows at most
 */
export const findCustomers = async (
  model: CustomerModel,
  search: string,
  limit: number,
  reader: Reader,
  services: Services,
): Promise<CustomerList> => {
  const { spec } = model;
  const columns = listedColumns(model);
  if (search.trim() !== "" && canSearch(spec, reader)) {
    const keys = await searchCustomers(spec, search, limit + 1, reader, services);
    return {
      columns,
      rows: await rowsOf(model, columns, keys.slice(0, limit), reader, services),
      truncated: keys.length > limit,
    };
  }
  const words = search
    .split(/\s+/)
    .filter((word) => word !== "")
    .slice(0, MOST_WORDS);
  const text = haystack(model);
  const tests = words.map((_, i) => `contains(${text}, ${folded(`$${i + 1}`)})`);
  const selected = columns.map((a, i) => `${expressionOf(spec, a.name)} AS c${i}`);
  const statement = `SELECT ${selected.join(", ")}
    FROM ${sourceOf(spec)} AS t
    WHERE ${[currentRows(spec), ...tests].join(" AND ")}
    ORDER BY ${order(model, words.length > 0)}
    LIMIT ${limit + 1}`;
  const { rows } = await reader.run((options) => services.project.sql(statement, words, options));
  return {
    columns,
    rows: rows
      .slice(0, limit)
      .map((row) => Object.fromEntries(columns.map((a, i) => [a.member, row[`c${i}`] ?? null]))),
    truncated: rows.length > limit,
  };
};
