/** Finds column names below a title, as reports have them. */

type Fields = readonly (string | null)[];

/**
 * The index of a header below the first row: the first row of several names above rows of as many fields, of which one
 * column has only numbers or dates. Without such a column a row of data could be taken for the names.
 * @param rows without empty ones; the first has at most one field that is not empty
 * @returns null where the first row is the header, or none is found
 */
export function headerBelow(rows: readonly Fields[]): number | null {
  const found = rows.findIndex((fields) => fields.length > 1);
  const names = rows[found];
  if (names === undefined || found === 0) return null;
  const body = rows.slice(found + 1);
  const same = body.filter((fields) => fields.length === names.length).length;
  if (same === 0 || same < MOST * body.length) return null;
  if (names.some((name) => name === null || name.trim() === "" || isValue(name))) return null;
  const hasValues = names.some((_, i) => {
    const values = body.flatMap((fields) => fields[i] ?? []);
    return values.length > 0 && values.every(isValue);
  });
  return hasValues ? found : null;
}

/** Share of the rows that have as many fields as there are names; a report may end with a note. */
const MOST = 0.8;

/** Rows that are looked at for a header below the first one. */
export const LOOKED_AT = 60;

/** How many fields are not empty. */
export const filled = (fields: Fields): number =>
  fields.filter((field) => field !== null && field.trim() !== "").length;

/** A number, a date or a time. */
const isValue = (text: string): boolean => /^\s*[-+(]?[€$£]?\s?\d[\d.,:/ '%T-]*\)?\s*$/.test(text);

/** The names made unique without regard to case, as DuckDB requires: empty and repeated ones get a number. */
export function uniqueNames(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((name, i) => {
    const base = name === "" ? `column${i}` : name;
    let unique = base;
    for (let n = 2; taken.has(unique.toLowerCase()); n++) unique = `${base}_${n}`;
    taken.add(unique.toLowerCase());
    return unique;
  });
}
