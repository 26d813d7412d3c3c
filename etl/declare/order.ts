/** Dependency order. */
import { TesseraError, phrase } from "../../engine/errors/index.ts";

/** A thing with a name, and the names of what must come before it. */
export interface Ordered {
  readonly name: string;
  readonly needs: readonly string[];
}

/**
 * The items with each after everything it needs, otherwise in the given order; needs outside the list are ignored.
 * @param what singular noun for messages, for example `job`
 * @throws TesseraError `project-invalid` for a circle
 */
export function inOrder<T extends Ordered>(items: readonly T[], what: string): T[] {
  const byName = new Map(items.map((item) => [item.name, item]));
  const done = new Set<string>();
  const ordered: T[] = [];
  const visit = (item: T, path: readonly string[]): void => {
    if (done.has(item.name)) return;
    if (path.includes(item.name)) {
      const circle = [...path.slice(path.indexOf(item.name)), item.name];
      throw new TesseraError(
        "project-invalid",
        phrase`${what}s depend on each other in a circle: ${circle.join(" → ")}`,
        {
          place: `${what} ${item.name}`,
          remedy: "remove one of these names from `after`",
        },
      );
    }
    for (const need of item.needs) {
      const found = byName.get(need);
      if (found !== undefined) visit(found, [...path, item.name]);
    }
    done.add(item.name);
    ordered.push(item);
  };
  for (const item of items) visit(item, []);
  return ordered;
}
