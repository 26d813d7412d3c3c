/**
 * Declared rollups: dimensions as columns k0…, measures as m0…, and the hash of everything that decides their values.
 */
import { isBridge } from "../../model/cube.ts";
import { at, required } from "../../lookup.ts";
import { createHash } from "node:crypto";
import { didYouMean, type Problem, problem, type Sentence, TesseraError, phrase } from "../../errors/index.ts";
import type { Catalog, CubeNode } from "../../model/catalog.ts";
import type { Dimension } from "../../model/dimension.ts";
import type { Filter } from "../../model/filter.ts";
import type { Binding } from "../binding/binding.ts";
import { parsePeriod } from "../time/date-range.ts";
import { resolveAttribute, type AttributeRef } from "../binding/member.ts";

/** A declared rollup. */
export interface RollupDefinition {
  /** `cube.name` */
  readonly name: string;
  readonly cube: string;
  /** the table that holds it */
  readonly table: string;
  /** of the cube and its dimensions; key n is column `kn` */
  readonly keys: readonly AttributeRef[];
  /** aggregate measures of the cube; measure n is column `mn` */
  readonly measures: readonly string[];
  /** of everything that decides the values; another hash means another rollup */
  readonly hash: string;
}

/** The table with the registers of a rollup's n-th measure, an approximate distinct count: k0…, hb, hr. */
export const registersTable = (rollup: Pick<RollupDefinition, "table">, measure: number): string =>
  `${rollup.table}_m${measure}`;

/** All rollups that the model declares. What cannot be one is a problem. */
export function rollupDefinitions(
  catalog: Catalog,
  binding: Binding,
): { readonly definitions: readonly RollupDefinition[]; readonly problems: readonly Problem[] } {
  const definitions: RollupDefinition[] = [];
  const problems: Problem[] = [];
  for (const cube of catalog.cubes.values()) {
    for (const [name, spec] of Object.entries(cube.spec.rollups ?? {})) {
      const place = `cube ${cube.name} › rollup ${name}`;
      const wrong = (message: Sentence, remedy: Sentence): void => {
        problems.push(problem("model-invalid", message, { place, remedy }));
      };
      const keys = spec.dimensions.flatMap((member) => rollupKey(catalog, binding, cube, member, place, wrong));
      const measures = spec.measures
        .map((m) => (m.includes(".") ? m : `${cube.name}.${m}`))
        .filter((member) => canBeStored(catalog, binding, cube, member, place, wrong));
      if (keys.length === spec.dimensions.length && measures.length === spec.measures.length)
        definitions.push({
          name: `${cube.name}.${name}`,
          cube: cube.name,
          table: `rollup_${cube.name}_${name}`,
          keys,
          measures,
          hash: hashOf(catalog, cube, keys, measures),
        });
    }
  }
  return { definitions, problems };
}

type Report = (message: Sentence, remedy: Sentence) => void;

/** A dimension of a rollup; nothing where it cannot be one, which is reported. */
function rollupKey(
  catalog: Catalog,
  binding: Binding,
  cube: CubeNode,
  member: string,
  place: string,
  wrong: Report,
): AttributeRef[] {
  let ref: AttributeRef;
  try {
    ref = resolveAttribute(catalog, binding, member, place);
  } catch (error) {
    if (!(error instanceof TesseraError)) throw error;
    wrong(error.message, "`dimensions` names attributes of the cube's roles");
    return [];
  }
  const role = ref.t === "role" ? cube.roles.get(ref.role) : undefined;
  if (ref.t === "segment" || (ref.t === "fact" ? ref.cube !== cube.name : !role))
    wrong(phrase`"${member}" is not a dimension of ${cube.name}`, phrase`it has ${[...cube.roles.keys()].join(", ")}`);
  else if (role && isBridge(role)) wrong(phrase`"${member}" is many-to-many`, "a rollup holds to-one dimensions only");
  else if (ref.attribute.source.t === "label")
    wrong(
      phrase`"${member}" is a mined label, which changes without a load`,
      "leave it out; it is joined when asked for",
    );
  else return [ref];
  return [];
}

/** Whether a rollup can hold a measure; if not, that is reported. */
function canBeStored(
  catalog: Catalog,
  binding: Binding,
  cube: CubeNode,
  member: string,
  place: string,
  wrong: Report,
): boolean {
  const node = catalog.measures.get(member);
  const own = [...cube.measures.values()].map((m) => m.member);
  if (!node || node.cube !== cube.name)
    wrong(phrase`measure "${member}" not found${didYouMean(member, own)}`, "a rollup holds measures of its own cube");
  else if (node.spec.kind !== "aggregate")
    wrong(
      phrase`"${member}" is computed from other measures`,
      "name the measures that it is computed from; it is answered from them",
    );
  else if ((node.spec.where ?? []).some((filter) => isRestless(catalog, binding, filter, place)))
    wrong(
      phrase`"${member}" is filtered by a segment or a relative date, which change without a load`,
      "leave it out; it is answered from the facts",
    );
  else return true;
  return false;
}

/**
 * Whether a filter changes without a load: a segment's rule may be edited, and "last 3 months" is another span
 * tomorrow.
 */
function isRestless(catalog: Catalog, binding: Binding, filter: Filter, place: string): boolean {
  if ("and" in filter) return filter.and.some((f) => isRestless(catalog, binding, f, place));
  if ("or" in filter) return filter.or.some((f) => isRestless(catalog, binding, f, place));
  if ("not" in filter) return isRestless(catalog, binding, filter.not, place);
  if ("segment" in filter) return true;
  const ref = attributeOf(catalog, binding, filter.member, place);
  if (ref === null) return false; // an unknown name is reported by the model check
  const { t, type } = ref;
  return (
    t === "segment" ||
    ((type === "date" || type === "timestamp") &&
      (filter.values ?? []).some((v) => typeof v === "string" && parsePeriod(v.slice(0, 10)) === null))
  );
}

function attributeOf(catalog: Catalog, binding: Binding, member: string, place: string): AttributeRef | null {
  try {
    return resolveAttribute(catalog, binding, member, place);
  } catch {
    return null;
  }
}

/** The references of a dimension, at any depth. */
const referencesOf = (spec: Dimension): unknown =>
  Object.entries(spec.references ?? {}).map(([name, { on, to }]) => [
    name,
    on,
    to.table,
    to.sql,
    to.key,
    to.history,
    to.attributes,
    referencesOf(to),
  ]);

/**
 * Another table, key, expression, calendar or measure gives another hash, and the old rollup is not used. The leading
 * number changes when filters change their meaning.
 */
function hashOf(catalog: Catalog, cube: CubeNode, keys: readonly AttributeRef[], measures: readonly string[]): string {
  const source = (ref: AttributeRef): unknown => {
    if (ref.t === "segment") return null;
    if (ref.t === "fact") return [ref.attribute.source, ref.attribute.bins];
    const { spec } = ref.dimension;
    const role = required(cube.roles, ref.role, "role");
    return [
      ref.attribute.source,
      ref.attribute.bins,
      "on" in role ? role.on : null,
      spec.kind === "date"
        ? { ...spec, timeZone: ref.dimension.calendar?.timeZone, title: null, description: null }
        : [spec.table, spec.sql, spec.key, spec.history, referencesOf(spec)],
    ];
  };
  // a measure's own filter may name any dimension: their definitions count too
  const specs = measures.map((m) => required(catalog.measures, m, "measure").spec);
  const filtered = specs.some((spec) => (spec.where ?? []).length > 0);
  const dimensions = filtered
    ? [...cube.roles].map(([name, role]) => [
        name,
        "on" in role ? role.on : role.through,
        role.to.name,
        role.to.kind === "dimension"
          ? [role.to.table, role.to.sql, role.to.key, role.to.attributes, referencesOf(role.to)]
          : role.to,
      ])
    : [];
  const shown = ({
    title: _title,
    description: _description,
    format: _format,
    better: _better,
    ...rest
  }: {
    readonly title?: string;
    readonly description?: string;
    readonly format?: string;
    readonly better?: string;
  }): unknown => rest;
  return createHash("sha256")
    .update(
      JSON.stringify([
        3,
        cube.spec.table,
        cube.spec.sql,
        keys.map((k) => [k.member, source(k)]),
        measures.map((m, i) => [m, shown(at(specs, i))]),
        dimensions,
      ]),
    )
    .digest("hex")
    .slice(0, 32);
}
