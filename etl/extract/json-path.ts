/** Plain paths into JSON: `$`, `$.data`, `$.meta.next`, `$["odd name"].x`. */
import { TesseraError, phrase } from "../../engine/errors/index.ts";

export function parsePath(path: string, place: string): readonly string[] {
  const steps: string[] = [];
  let rest = path.startsWith("$") ? path.slice(1) : `.${path}`;
  while (rest !== "") {
    const match = /^\.([A-Za-z0-9_@-]+)|^\["([^"\\]+)"\]/.exec(rest);
    if (match === null)
      throw new TesseraError("job-invalid", phrase`${path} is no path into JSON`, {
        place,
        remedy: "write it as $.data.items",
      });
    steps.push((match[1] ?? match[2])!);
    rest = rest.slice(match[0].length);
  }
  return steps;
}

/** The value at the path; undefined where there is none. */
export function atPath(json: unknown, steps: readonly string[]): unknown {
  let value = json;
  for (const step of steps) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, step)) return undefined;
    value = (value as { readonly [name: string]: unknown })[step];
  }
  return value;
}

/** The path in DuckDB's JSON notation. */
export const duckPath = (steps: readonly string[]): string => `$${steps.map((step) => `."${step}"`).join("")}`;
