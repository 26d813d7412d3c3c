/** The members that pass a rule, with attributes of each: what a list or a mailing is made of. */
import { at } from "../../lookup.ts";
import { TesseraError, didYouMean, phrase } from "../../errors/index.ts";
import type { Catalog } from "../../model/catalog.ts";
import { all, type Select } from "../../sql/tree.ts";
import { ask, type RunOptions } from "../../warehouse/serving.ts";
import type { Engine } from "../answer/engine.ts";
import { resolveAttribute } from "../binding/member.ts";
import type { Value } from "../../model/query.ts";
import { dimensionSource } from "../scan/dimension-source.ts";
import { compileSegment } from "../plan/segment.ts";
import type { SegmentRule } from "./segment-size.ts";

/** Members and their attributes, column by column. */
export interface MemberList {
  readonly keys: readonly Value[];
  /** by attribute: its values, in the order of the keys */
  readonly values: ReadonlyMap<string, readonly Value[]>;
}

/** A name that no segment of a project can have: those are words. */
const NAME = "(list)";

/**
 * Members as they are now, ordered by key, with or without facts.
 * @throws TesseraError for an invalid rule or attribute
 */
export async function memberList(
  engine: Engine,
  { over, filters }: SegmentRule,
  attributes: readonly string[],
  options: RunOptions = {},
): Promise<MemberList> {
  const { catalog, binding } = engine;
  const dimension = catalog.dimensions.get(over) ?? catalog.roles.get(over)?.dimension;
  if (!dimension || dimension.spec.kind === "date")
    throw new TesseraError(
      "query-invalid",
      phrase`dimension "${over}" not found${didYouMean(over, catalog.dimensions.keys())}`,
      {
        place: "over",
      },
    );
  const { resolve, plan } = engine.context("as_is", null, engine.now());
  const segments = [...(catalog.project.segments ?? []), { kind: "segment" as const, name: NAME, over, filters }];
  const known: Catalog = { ...catalog, project: { ...catalog.project, segments } };
  const keys: Select = compileSegment(NAME, { ...resolve, catalog: known }, plan);
  const source = dimensionSource(plan, dimension);
  const columns: Select["columns"] = [
    { expr: source.key, as: "k" },
    ...attributes.map((member, i) => {
      const ref = resolveAttribute(catalog, binding, member, member);
      if (ref.t !== "role" || ref.dimension !== dimension)
        throw new TesseraError("query-invalid", phrase`"${member}" is not an attribute of ${over}`, {
          place: member,
          remedy: phrase`name one of ${over}'s own attributes`,
        });
      return { expr: source.value(ref), as: `v${i}` };
    }),
  ];
  const parts = source.parts();
  const tree: Select = {
    t: "select",
    columns,
    ...parts,
    where: all([parts.where, { t: "in_select", of: source.key, select: keys }]),
    orderBy: [{ by: source.key, direction: "asc" }],
  };
  const read = await ask(engine.serving, tree, options);
  const valuesOf = (name: string): readonly Value[] => at(read.columns, read.names.indexOf(name));
  return { keys: valuesOf("k"), values: new Map(attributes.map((member, i) => [member, valuesOf(`v${i}`)])) };
}
