/**
 * Placeholders in queries and bodies: `{{since}}`, `{{since:iso}}`, `{{since:ms}}`, `{{until}}`, `{{last}}`,
 * `{{cursor}}`.
 */

/** The values of the placeholders. */
export interface Placeholders {
  readonly since: string;
  readonly until: string | undefined;
  readonly last: string | undefined;
  readonly cursor: string | undefined;
}

const PLACEHOLDER = /\{\{(since|until|last|cursor)(?::(iso|ms))?\}\}/g;

/** Whether a query or body contains `{{since}}`. */
export const hasSince = (value: unknown): boolean => JSON.stringify(value ?? null).includes("{{since");

/** The text with its placeholders filled in; undefined when one of them has no value. */
export function fillText(text: string, values: Placeholders): string | undefined {
  let complete = true;
  const filled = text.replace(PLACEHOLDER, (_, name: keyof Placeholders, form: string | undefined) => {
    const value = values[name];
    if (value === undefined) {
      complete = false;
      return "";
    }
    if (form === undefined) return value;
    const at = new Date(/^\d+$/.test(value) ? Number(value) : value);
    return form === "ms" ? String(at.getTime()) : at.toISOString();
  });
  return complete ? filled : undefined;
}

/** A copy of the JSON with its placeholders filled in, without the texts whose placeholder has no value. */
export function fillBody(value: unknown, values: Placeholders): unknown {
  if (typeof value === "string") return fillText(value, values);
  if (Array.isArray(value)) return value.map((each) => fillBody(each, values)).filter((each) => each !== undefined);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([name, each]) => [name, fillBody(each, values)])
      .filter(([, each]) => each !== undefined),
  );
}
