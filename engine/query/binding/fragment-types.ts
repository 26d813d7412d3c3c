/** The types of the model's own expressions, read from the warehouse once for each version: one statement a table. */
import type { AttributeNode, Catalog } from "../../model/catalog.ts";
import type { ColumnType } from "../../model/column-type.ts";
import type { Measure } from "../../model/measure.ts";
import { quote } from "../../sql/dialect.ts";
import { columnTypeOf } from "../../warehouse/column-types.ts";
import type { Serving } from "../../warehouse/serving.ts";
import { fragmentKey, ownerOfSql, sqlOf } from "./owner.ts";

/**
 * Types of every expression of attributes and of what measures aggregate, by `fragmentKey`. An expression that DuckDB
 * cannot read has no type: the model check reports it, and so does the query that needs it.
 */
export async function describeFragments(catalog: Catalog, serving: Serving): Promise<Map<string, ColumnType>> {
  const types = new Map<string, ColumnType>();
  const describe = async (
    owner: string,
    spec: { readonly table?: string; readonly sql?: string },
    fragments: ReadonlySet<string>,
  ): Promise<void> => {
    const all = [...fragments];
    const from = spec.table !== undefined ? quote(spec.table) : `(${sqlOf(spec)})`;
    const read = async (some: readonly string[]): Promise<void> => {
      const { types: found } = await serving.run(
        `SELECT ${some.map((sql, i) => `(${sql}) AS x${i}`).join(", ")} FROM ${from} LIMIT 0`,
      );
      for (const [i, sql] of some.entries()) {
        const type = found[i];
        if (type !== undefined) types.set(fragmentKey(owner, sql), columnTypeOf(type));
      }
    };
    if (all.length === 0) return;
    try {
      await read(all);
    } catch {
      for (const one of all.length > 1 ? all : []) {
        try {
          await read([one]);
        } catch {
          /* reported by the query that needs it */
        }
      }
    }
  };
  for (const cube of catalog.cubes.values())
    await describe(
      ownerOfSql("cube", cube.name),
      cube.spec,
      new Set([
        ...attributesOf(cube.attributes),
        ...[...cube.measures.values()].flatMap(({ spec }) => argumentsOf(spec)),
      ]),
    );
  for (const { name, spec, attributes } of catalog.dimensions.values())
    if (spec.kind === "dimension")
      await describe(ownerOfSql("dimension", name), spec, new Set(attributesOf(attributes)));
  return types;
}

const attributesOf = (attributes: ReadonlyMap<string, AttributeNode>): string[] =>
  [...attributes.values()].flatMap((a) => (!a.bins && a.source.t === "fragment" ? [a.source.sql] : []));
const argumentsOf = (measure: Measure): string[] =>
  "of" in measure && typeof measure.of === "object" && "sql" in measure.of ? [measure.of.sql] : [];
