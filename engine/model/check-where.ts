/** Checks of a measure's row filters: they restrict the rows of its own fact, before anything is measured. */
import { required } from "../lookup.ts";
import { didYouMean, phrase } from "../errors/index.ts";
import type { Catalog, CubeNode } from "./catalog.ts";
import type { Report } from "./report.ts";
import type { Filter } from "./filter.ts";
import { measureNamed } from "./row-count.ts";

/**
 * Reports what is wrong with the row filters of a measure.
 * @param cubes whose rows are filtered: the measure's own, and those behind the inner measure of a measure of a measure
 */
export function checkWhere(
  catalog: Catalog,
  cubes: readonly CubeNode[],
  filters: readonly Filter[],
  place: string,
  problem: Report,
): void {
  const names = cubes.map((cube) => cube.name).join(" and ");
  const role = (name: string): boolean => cubes.some((cube) => cube.roles.has(name));
  const members = (): string[] =>
    cubes.flatMap((cube) => [
      ...[...cube.attributes.keys()].map((a) => `${cube.name}.${a}`),
      ...[...cube.roles.keys()].flatMap((r) =>
        [...(catalog.roles.get(r)?.dimension.attributes.keys() ?? [])].map((a) => `${r}.${a}`),
      ),
    ]);
  const segment = (name: string, at: string): void => {
    const found = (catalog.project.segments ?? []).find((s) => s.name === name);
    if (!found)
      problem(
        at,
        phrase`segment "${name}" not found${didYouMean(
          name,
          (catalog.project.segments ?? []).map((s) => s.name),
        )}`,
        "name a segment of the project",
      );
    else if (!cubes.some((cube) => [...cube.roles.values()].some((r) => r.to.name === found.over && !("through" in r))))
      problem(
        at,
        phrase`segment ${name} is of ${found.over}, and ${names} has no role of it`,
        "filter by what the fact's own dimensions have",
      );
  };
  const check = (filter: Filter, at: string): void => {
    if ("and" in filter) return filter.and.forEach((f, i) => check(f, `${at}.and[${i}]`));
    if ("or" in filter) return filter.or.forEach((f, i) => check(f, `${at}.or[${i}]`));
    if ("not" in filter) return check(filter.not, `${at}.not`);
    if ("segment" in filter) return segment(filter.segment, at);
    const { member } = filter;
    const [owner = "", name] = member.split(".");
    if (filter.scope === "entity")
      return problem(
        at,
        '`scope: "entity"` is not supported in a measure\'s filter',
        "leave `scope` out, or filter by a segment",
      );
    if (measureNamed(catalog, member) !== undefined)
      return problem(
        at,
        phrase`${member} is a measure, and rows are filtered before anything is measured`,
        "filter by an attribute, or by a segment of members that pass",
      );
    if (owner === "segments" && name !== undefined) return segment(name, at);
    const other = catalog.cubes.get(owner);
    if (other && !cubes.includes(other) && name !== undefined && other.attributes.has(name))
      return problem(
        at,
        phrase`${member} belongs to another fact than ${names}`,
        phrase`filter by attributes of ${names}, or of its dimensions`,
      );
    if (!other && catalog.roles.has(owner) && !role(owner))
      return problem(
        at,
        phrase`${names} has no role ${owner}${didYouMean(
          owner,
          cubes.flatMap((cube) => [...cube.roles.keys()]),
        )}`,
        "filter by what the fact's own dimensions have",
      );
    const known = other
      ? name !== undefined && other.attributes.has(name)
      : role(owner) && (name === undefined || required(catalog.roles, owner, "role").dimension.attributes.has(name));
    if (!known)
      problem(
        at,
        phrase`member "${member}" not found${didYouMean(member, members())}`,
        "name an attribute of the fact, or of its dimensions",
      );
  };
  for (const [i, filter] of filters.entries()) check(filter, `${place}[${i}]`);
}
