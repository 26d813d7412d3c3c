/** Plain paths into JSON: `$`, `$.data`, `$.meta.next`, `$["odd name"].x`. */
import { TesseraError, phrase } from "../../engine/errors/index.ts";

/** The steps of a path. @throws TesseraError `job-invalid` for an invalid path */
export function parsePath(path: string, place: string): readonly string[] {
  const steps: string[] = [];
  let rest = path.startsWith("$") ? path.slice(1) : `.${path}`;
  while (rest !== "") {
    const match = /^\.([A-Za-z0-9_@-]+)|^\["([^"\\]+)"\]/.exec(rest);
    if (match === null)
      throw new TesseraError("job-invalid", phrase`invalid JSON path "${path}"`, {
        place,
        remedy: "write it like $.data.items",
      });
    const [whole, plain, quoted] = match;
    steps.push(plain ?? quoted ?? "");
    rest = rest.slice(whole.length);
  }
  return steps;
}

/** The value at the path; undefined when it is missing. */
export function atPath(json: unknown, steps: readonly string[]): unknown {
  let value: unknown = json;
  for (const step of steps) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, step)) return undefined;
    value = Reflect.get(value, step);
  }
  return value;
}

/** The path in DuckDB's JSON notation. */
export const duckPath = (steps: readonly string[]): string => `$${steps.map((step) => `."${step}"`).join("")}`;
