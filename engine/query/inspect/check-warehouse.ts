/** What is wrong with a model beside the data that it is about: columns that its tables lack, types that they cannot have, values that rules compare them with. */
import { TesseraError, didYouMean, type Problem, problem, type Sentence } from "../../errors/index.ts";
import type { AttributeNode } from "../../model/catalog.ts";
import type { AttributeType, Dimension } from "../../model/dimension.ts";
import type { Filter } from "../../model/filter.ts";
import { attributeTypeOf } from "../binding/binding.ts";
import { ownerOfSql } from "../binding/owner.ts";
import { resolveFilter } from "../resolve/condition.ts";
import type { Engine } from "../answer/engine.ts";

/** @returns every problem, each by its place; nothing of tables that are not there, which their own questions report */
export function warehouseProblems({ catalog, binding, now }: Pick<Engine, "catalog" | "binding" | "now">): Problem[] {
  const problems: Problem[] = [];
  const wrong = (place: string, message: Sentence, remedy: Sentence): void => {
    problems.push(problem("model-invalid", message, { place, remedy }));
  };
  const columnsOf = (
    kind: "cube" | "dimension",
    spec: { readonly name: string; readonly table?: string },
  ): ReadonlyMap<string, string> | undefined =>
    binding.columns.get((spec.table ?? ownerOfSql(kind, spec.name)).toLowerCase());
  const look = (columns: ReadonlyMap<string, string>, named: readonly string[], place: string, what: string): void => {
    for (const name of named)
      if (!columns.has(name.toLowerCase()))
        wrong(place, `unknown column ${name}${didYouMean(name, columns.keys())}`, what);
  };
  const typed = (columns: ReadonlyMap<string, string>, attributes: Iterable<AttributeNode>, place: string): void => {
    for (const node of attributes) {
      const physical = node.source.t === "column" ? columns.get(node.source.column.toLowerCase()) : undefined;
      if (physical === undefined || node.type === undefined || node.bins || canBe(physical, node.type)) continue;
      wrong(
        `${place}, attribute ${node.name}`,
        `${node.name} is declared ${node.type}, and its column is ${physical}`,
        `leave \`type\` out, or write an expression: { sql: "cast(${(node.source as { column: string }).column} as …)" }`,
      );
    }
  };
  for (const cube of catalog.cubes.values()) {
    const columns = columnsOf("cube", cube.spec);
    if (!columns) continue;
    look(
      columns,
      cube.spec.grain ?? [],
      `cube ${cube.name} › grain`,
      "the grain names columns of the cube's table that are one row together",
    );
    typed(columns, cube.attributes.values(), `cube ${cube.name}`);
  }
  for (const dimension of catalog.dimensions.values()) {
    const columns = dimension.spec.kind === "dimension" ? columnsOf("dimension", dimension.spec) : undefined;
    if (!columns) continue;
    const spec = dimension.spec as Dimension;
    const place = `dimension ${dimension.name}`;
    if (spec.history)
      look(
        columns,
        [spec.history.from, spec.history.until, spec.history.version],
        `${place} › history`,
        "`from`, `until` and `version` name columns of the dimension's table",
      );
    for (const [name, { parent }] of Object.entries(spec.parentChild ?? {}))
      look(
        columns,
        [parent],
        `${place}, hierarchy ${name}`,
        "`parent` names the column with the key of the member above",
      );
    typed(columns, dimension.attributes.values(), place);
  }
  const rule = (filter: Filter, place: string): void => {
    try {
      resolveFilter(
        {
          catalog,
          binding,
          now: now(),
        },
        filter,
        place,
      );
    } catch (error) {
      if (!(error instanceof TesseraError)) throw error;
      problems.push(...error.problems);
    }
  };
  for (const [name, spec] of Object.entries(catalog.project.roles ?? {}))
    for (const [i, filter] of (spec.rows ?? []).entries()) rule(filter as Filter, `role ${name} › rows[${i}]`);
  for (const segment of catalog.project.segments ?? [])
    for (const [i, filter] of segment.filters.entries()) rule(filter, `segment ${segment.name} › filters[${i}]`);
  return problems;
}

/** Numbers can be whole or not, and moments days; a text is neither. */
function canBe(physical: string, declared: AttributeType): boolean {
  const found = attributeTypeOf(physical);
  const kind = (type: AttributeType): string =>
    type === "integer" || type === "number" ? "number" : type === "date" || type === "timestamp" ? "time" : type;
  return kind(found) === kind(declared) || (found === "integer" && declared === "boolean");
}
