/**
 * What is wrong with a model, given its data: columns that its tables lack, types that columns cannot have, values that
 * rules compare them with.
 */
import { TesseraError, didYouMean, type Problem, problem, type Sentence, phrase } from "../../errors/index.ts";
import { typeInWords, type ColumnType } from "../../model/column-type.ts";
import { isBridge } from "../../model/cube.ts";
import type { AttributeNode } from "../../model/catalog.ts";
import type { AttributeType } from "../../model/dimension.ts";
import type { Filter } from "../../model/filter.ts";
import { attributeTypeOf } from "../binding/binding.ts";
import { ownerOfSql } from "../binding/owner.ts";
import { resolveFilter } from "../resolve/condition.ts";
import type { Engine } from "../answer/engine.ts";

const DATES: ReadonlySet<ColumnType["t"]> = new Set(["date", "local", "instant"]);

/** Every problem, each with its place. Missing tables are not among them: the queries that need them report them. */
export function warehouseProblems({ catalog, binding, now }: Pick<Engine, "catalog" | "binding" | "now">): Problem[] {
  const problems: Problem[] = [];
  const wrong = (place: string, message: Sentence, remedy: Sentence): void => {
    problems.push(problem("model-invalid", message, { place, remedy }));
  };
  const columnsOf = (
    kind: "cube" | "dimension",
    spec: { readonly name: string; readonly table?: string },
  ): ReadonlyMap<string, ColumnType> | undefined =>
    binding.columns.get((spec.table ?? ownerOfSql(kind, spec.name)).toLowerCase());
  const look = (
    columns: ReadonlyMap<string, ColumnType>,
    named: readonly string[],
    place: string,
    what: string,
  ): void => {
    for (const name of named)
      if (!columns.has(name.toLowerCase()))
        wrong(place, phrase`column "${name}" not found${didYouMean(name, columns.keys())}`, what);
  };
  const typed = (
    columns: ReadonlyMap<string, ColumnType>,
    attributes: Iterable<AttributeNode>,
    place: string,
  ): void => {
    for (const node of attributes) {
      if (node.source.t !== "column") continue;
      const { column } = node.source;
      const physical = columns.get(column.toLowerCase());
      if (physical === undefined || node.type === undefined || node.bins || canBe(physical, node.type)) continue;
      wrong(
        `${place}, attribute ${node.name}`,
        phrase`${node.name} is declared ${node.type}, and its column is ${typeInWords(physical)}`,
        phrase`leave \`type\` out, or write an expression: { sql: "cast(${column} as …)" }`,
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
      "the grain names columns of the cube's table that identify one row together",
    );
    typed(columns, cube.attributes.values(), `cube ${cube.name}`);
    for (const [name, role] of cube.roles) {
      if (isBridge(role) || role.to.kind === "dimension") continue;
      const physical = columns.get(role.on.toLowerCase());
      if (physical === undefined || DATES.has(physical.t)) continue;
      wrong(
        `cube ${cube.name} › dimensions.${name}`,
        phrase`column "${role.on}" is ${typeInWords(physical)}, and "${role.to.name}" needs dates`,
        'declare the column in its job: { type: "date", format: "%d.%m.%Y" } with the format that its texts have',
      );
    }
  }
  for (const dimension of catalog.dimensions.values()) {
    const { spec } = dimension;
    const columns = spec.kind === "dimension" ? columnsOf("dimension", spec) : undefined;
    if (!columns || spec.kind !== "dimension") continue;
    const place = `dimension ${dimension.name}`;
    if (spec.history)
      look(
        columns,
        [spec.history.from, spec.history.until, spec.history.version],
        `${place} › history`,
        "`from`, `until` and `version` name columns of the dimension's table",
      );
    for (const [name, { parent }] of Object.entries(spec.parentChild ?? {}))
      look(columns, [parent], `${place}, hierarchy ${name}`, "`parent` names the column with the parent's key");
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
    for (const [i, filter] of (spec.rows ?? []).entries()) rule(filter, `role ${name} › rows[${i}]`);
  for (const segment of catalog.project.segments ?? [])
    for (const [i, filter] of segment.filters.entries()) rule(filter, `segment ${segment.name} › filters[${i}]`);
  return problems;
}

/** Whether a declared type fits a column: numbers may be whole or not, moments may be days; a text is neither. */
function canBe(physical: ColumnType, declared: AttributeType): boolean {
  const found = attributeTypeOf(physical);
  const kind = (type: AttributeType): string => {
    if (type === "integer" || type === "number") return "number";
    return type === "date" || type === "timestamp" ? "time" : type;
  };
  return kind(found) === kind(declared) || (found === "integer" && declared === "boolean");
}
