/**
 * Rollups worth having, from the queries that were asked: which cube was slow, by which dimensions, and how much
 * smaller a rollup would be.
 */
import { isBridge } from "../model/cube.ts";
import { at, first, required } from "../lookup.ts";
import { type Catalog, type CubeNode, baseMembers } from "../model/catalog.ts";
import type { Engine } from "../query/answer/engine.ts";
import { FactSource } from "../query/scan/fact-source.ts";
import { resolveAttribute } from "../query/binding/member.ts";

/** A query of the log. */
export interface Asked {
  readonly members: readonly string[];
  readonly milliseconds: number;
}

/** A rollup worth having. */
export interface Advice {
  readonly cube: string;
  readonly dimensions: readonly string[];
  readonly measures: readonly string[];
  /** queries of the log that it could answer */
  readonly queries: number;
  /** the time that they took, in milliseconds */
  readonly spent: number;
  readonly factRows: number;
  readonly rollupRows: number;
  /** the share of that time that the rollup would save, if time grows with rows */
  readonly gain: number;
  /** the declaration to add to the cube */
  readonly declaration: string;
}

const FEWEST_QUERIES = 3;
const WORTH = 0.5;
/** A smaller fact is read within a millisecond. */
const FEWEST_ROWS = 1000;

/** Rollups that the queries of a log would gain from, the most valuable first. */
export async function advise(engine: Engine, log: readonly Asked[]): Promise<readonly Advice[]> {
  const groups = new Map<
    string,
    { cube: CubeNode; dimensions: string[]; measures: Set<string>; queries: number; spent: number }
  >();
  for (const { members, milliseconds } of log) {
    for (const cube of engine.catalog.cubes.values()) {
      const measures = additive(engine.catalog, cube, members);
      if (measures === null || measures.length === 0) continue;
      const dimensions = dimensionsOf(engine.catalog, cube, members);
      if (dimensions === null) continue;
      const key = `${cube.name}|${dimensions.join(",")}`;
      const group = groups.get(key) ?? { cube, dimensions, measures: new Set<string>(), queries: 0, spent: 0 };
      for (const m of measures) group.measures.add(m);
      group.queries++;
      group.spent += milliseconds;
      groups.set(key, group);
    }
  }
  const advice: Advice[] = [];
  for (const { cube, dimensions, measures, queries, spent } of groups.values()) {
    if (queries < FEWEST_QUERIES || dimensions.length === 0) continue;
    const { factRows, rollupRows } = await sizes(engine, cube, dimensions);
    const gain = factRows === 0 ? 0 : 1 - rollupRows / factRows;
    if (factRows < FEWEST_ROWS || gain < WORTH || alreadyServed(cube, dimensions, [...measures])) continue;
    const names = [...measures].map((m) => m.slice(cube.name.length + 1)).sort();
    advice.push({
      cube: cube.name,
      dimensions,
      measures: [...measures].sort(),
      queries,
      spent,
      factRows,
      rollupRows,
      gain,
      declaration: `rollups: { ${dimensions
        .map((d) => d.split(".")[0])
        .filter((d, i, all) => all.indexOf(d) === i)
        .join("_")}: { dimensions: ${JSON.stringify(dimensions)}, measures: ${JSON.stringify(names)} } }`,
    });
  }
  return advice.sort((a, b) => b.spent * b.gain - a.spent * a.gain);
}

/** The additive measures of a cube behind a query; null where the query also needs others of that cube. */
function additive(catalog: Catalog, cube: CubeNode, members: readonly string[]): string[] | null {
  const found = new Set<string>();
  const seen = new Set<string>();
  const walk = (member: string): boolean => {
    if (seen.has(member)) return true;
    seen.add(member);
    const node = catalog.measures.get(member);
    if (!node) return true;
    const next = baseMembers(node);
    if (next.length > 0) return next.every(walk);
    if (node.cube !== cube.name) return true;
    if (node.spec.kind !== "aggregate" || !["sum", "count", "min", "max"].includes(node.spec.aggregate)) return false;
    found.add(member);
    return true;
  };
  return members.every(walk) ? [...found] : null;
}

const BY_DAY = ["day", "week", "day_of_week", "day_of_month", "is_weekend", "is_holiday", "holiday", "week_of_year"];

/**
 * The query's attributes as a rollup would hold them: dates by day where the query asks for days or weeks, else by
 * month.
 */
function dimensionsOf(catalog: Catalog, cube: CubeNode, members: readonly string[]): string[] | null {
  const dimensions = new Set<string>();
  for (const member of members) {
    const [owner = "", name] = member.split(".");
    const role = catalog.roles.get(owner);
    if (role && cube.roles.has(owner)) {
      if (isBridge(required(cube.roles, owner, "role"))) return null;
      if (role.dimension.calendar)
        dimensions.add(`${owner}.${name === undefined || BY_DAY.includes(name) ? "day" : "month"}`);
      else {
        const attribute = role.dimension.attributes.get(name ?? "");
        if (!attribute || attribute.source.t === "label" || attribute.source.t === "closure") return null;
        dimensions.add(member);
      }
    } else if (owner === cube.name && name !== undefined && cube.attributes.has(name)) dimensions.add(member);
    else if (owner === "segments") return null;
  }
  for (const member of dimensions)
    if (member.endsWith(".month") && dimensions.has(member.replace(/month$/, "day"))) dimensions.delete(member);
  return [...dimensions].sort();
}

const alreadyServed = (cube: CubeNode, dimensions: readonly string[], measures: readonly string[]): boolean =>
  Object.values(cube.spec.rollups ?? {}).some(
    (r) =>
      dimensions.every(
        (d) => r.dimensions.includes(d) || (d.endsWith(".month") && r.dimensions.includes(d.replace(/month$/, "day"))),
      ) && measures.every((m) => r.measures.includes(m.slice(cube.name.length + 1)) || r.measures.includes(m)),
  );

async function sizes(
  engine: Engine,
  cube: CubeNode,
  dimensions: readonly string[],
): Promise<{ factRows: number; rollupRows: number }> {
  const { plan } = engine.context("as_is", null, engine.now());
  const source = new FactSource(plan, cube);
  const columns = dimensions.map((member, i) => ({
    expr: source.attribute(resolveAttribute(engine.catalog, engine.binding, member, member)),
    as: `k${i}`,
  }));
  const printed = engine.serving.print({ t: "select", columns, ...source.parts() });
  const read = await engine.serving.run(
    `SELECT count(*), (SELECT count(*) FROM (SELECT DISTINCT * FROM (${printed.sql}))) FROM (${printed.sql})`,
    printed.parameters,
  );
  return { factRows: Number(first(read.columns)[0]), rollupRows: Number(at(read.columns, 1)[0]) };
}
