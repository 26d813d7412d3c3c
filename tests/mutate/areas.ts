/** The parts of the product that a sample is drawn from, each by itself, so that a large area does not hide a small one. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { mutationsOf, type Mutation } from "./operators.ts";

export const AREAS: Readonly<Record<string, readonly string[]>> = {
  engine: ["engine/model", "engine/query", "engine/rollup", "engine/sql"],
  warehouse: ["engine/warehouse"],
  mining: ["engine/mining"],
  etl: ["etl"],
  service: ["api/http", "api/services", "api/routes", "api/exports", "api/cli", "api/schemas"],
  // without the islands: they run in Chromium, which the unit tests do not start
  pages: ["api/pages", "api/charts"],
};

/** Declarations and invented data: their numbers are choices, not computations. */
const LEFT_OUT = /^(etl\/demo|api\/i18n)\/|\.d\.ts$|\/index\.ts$/;

export interface Mutant extends Mutation {
  /** stable for a source: `path:start:kind:n` */
  readonly id: string;
  readonly area: string;
  readonly path: string;
  readonly line: number;
  /** the line it begins on, trimmed */
  readonly lineText: string;
  readonly before: string;
}

/** The mutants of a seed, the same for the same sources: `count` in all, spread evenly over the areas. */
export function drawMutants(root: string, seed: number, count: number, only: string | undefined): Mutant[] {
  const areas = Object.keys(AREAS).filter((area) => only === undefined || area === only);
  if (areas.length === 0) throw new Error(`unknown area "${only}": choose one of ${Object.keys(AREAS).join(", ")}`);
  const random = xoroshiro128plus(seed);
  const pools = new Map(areas.map((area) => [area, shuffled(allMutants(root, area), random)]));
  const drawn: Mutant[] = [];
  for (let n = 0; drawn.length < count && n < count * 2; n++) {
    const next = pools.get(areas[n % areas.length] ?? "")?.pop();
    if (next) drawn.push(next);
  }
  return drawn;
}

function allMutants(root: string, area: string): Mutant[] {
  return (AREAS[area] ?? []).flatMap((folder) =>
    filesOf(root, folder).flatMap((path) => {
      const source = readFileSync(join(root, path), "utf8");
      return mutationsOf(path, source).map((mutation, n) => ({
        ...mutation,
        id: `${path}:${mutation.start}:${mutation.kind}:${n}`,
        area,
        path,
        line: source.slice(0, mutation.start).split("\n").length,
        lineText: lineAt(source, mutation.start),
        before: source.slice(mutation.start, mutation.end),
      }));
    }),
  );
}

function lineAt(source: string, at: number): string {
  const end = source.indexOf("\n", at);
  return source.slice(source.lastIndexOf("\n", at - 1) + 1, end < 0 ? source.length : end).trim();
}

function filesOf(root: string, folder: string): string[] {
  let entries;
  try {
    entries = readdirSync(join(root, folder), { withFileTypes: true, recursive: true });
  } catch {
    return [];
  }
  return entries
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .filter((path) => !LEFT_OUT.test(path))
    .sort();
}

/** Fisher-Yates; files weigh by their mutations, so long files are drawn more often. */
function shuffled<T>(items: T[], random: ReturnType<typeof xoroshiro128plus>): T[] {
  for (let i = items.length - 1; i > 0; i--) {
    const j = uniformInt(random, 0, i);
    [items[i], items[j]] = [items[j] as T, items[i] as T];
  }
  return items;
}
