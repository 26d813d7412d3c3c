/** Words in queries and bodies: `{{since}}`, `{{since:iso}}`, `{{since:ms}}`, `{{until}}`, `{{last}}`, `{{cursor}}`. */

export interface Words {
  readonly since: string;
  readonly until: string | undefined;
  readonly last: string | undefined;
  readonly cursor: string | undefined;
}

const WORD = /\{\{(since|until|last|cursor)(?::(iso|ms))?\}\}/g;

export const hasSince = (value: unknown): boolean => JSON.stringify(value ?? null).includes("{{since");

/** The text with its words filled in; undefined where it needs one that has no value. */
export function fillText(text: string, words: Words): string | undefined {
  let complete = true;
  const filled = text.replace(WORD, (_, name: keyof Words, form: string | undefined) => {
    const value = words[name];
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

/** A copy of the JSON with its words filled in; what needs one that has no value is left out. */
export function fillBody(value: unknown, words: Words): unknown {
  if (typeof value === "string") return fillText(value, words);
  if (Array.isArray(value)) return value.map((each) => fillBody(each, words)).filter((each) => each !== undefined);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([name, each]) => [name, fillBody(each, words)])
      .filter(([, each]) => each !== undefined),
  );
}
