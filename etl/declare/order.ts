/** Putting things that need each other into an order. */
import { TesseraError, phrase } from "../../engine/errors/index.ts";

export interface Ordered {
  readonly name: string;
  readonly needs: readonly string[];
}

/** Each after all that it needs; names that are not in the list are taken to be there. Otherwise as given. Throws `project-invalid` for a circle. */
export function inOrder<T extends Ordered>(items: readonly T[], what: string): T[] {
  const byName = new Map(items.map((item) => [item.name, item]));
  const done = new Set<string>();
  const ordered: T[] = [];
  const visit = (item: T, path: readonly string[]): void => {
    if (done.has(item.name)) return;
    if (path.includes(item.name)) {
      const circle = [...path.slice(path.indexOf(item.name)), item.name];
      throw new TesseraError("project-invalid", phrase`${what}s need each other in a circle: ${circle.join(" → ")}`, {
        place: `${what} ${item.name}`,
      });
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
