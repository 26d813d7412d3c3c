/** A logical plan as text for people. */

/** Longer values are spread over lines. */
const WIDTH = 100;

/** A value as JSON, with two spaces a level; what fits on a line stays on it. */
export function planText(value: unknown, indent = ""): string {
  const short = spaced(value);
  if (typeof value !== "object" || value === null || indent.length + short.length <= WIDTH) return short;
  const inner = `${indent}  `;
  const parts = Array.isArray(value)
    ? value.map((part) => `${inner}${planText(part, inner)}`)
    : entriesOf(value).map(([name, part]) => `${inner}${JSON.stringify(name)}: ${planText(part, inner)}`);
  const [open, close] = Array.isArray(value) ? "[]" : "{}";
  return `${open}\n${parts.join(",\n")}\n${indent}${close}`;
}

/** A value on one line, with spaces between its parts. */
function spaced(value: unknown): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(spaced).join(", ")}]`;
  const parts = entriesOf(value).map(([name, part]) => `${JSON.stringify(name)}: ${spaced(part)}`);
  return parts.length === 0 ? "{}" : `{ ${parts.join(", ")} }`;
}

const entriesOf = (value: object): [string, unknown][] =>
  Object.entries(value).filter(([, part]: [string, unknown]) => part !== undefined);
