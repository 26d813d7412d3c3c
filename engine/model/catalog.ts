/** The catalog: the declared model with every name resolved. Plans are made from it; nothing here does I/O. */
import {
  TesseraError,
  didYouMean,
  type ErrorCode,
  type Problem,
  problem as describe,
  type Sentence,
} from "../errors/index.ts";
import { checkMeasure, type Report } from "./check-measure.ts";
import { declarationProblems } from "./check-declarations.ts";
import { nameProblems } from "./check-names.ts";
import { optionProblems } from "./check-options.ts";
import { roleProblems } from "./check-roles.ts";
import { segmentProblems } from "./check-segments.ts";
import { makeCalendar, type Calendar } from "./calendar.ts";
import type { Cube, Role } from "./cube.ts";
import {
  DATE_LEVELS,
  type AnyDimension,
  type Attribute,
  type AttributeOptions,
  type AttributeType,
  type DateLevel,
  type Dimension,
} from "./dimension.ts";
import { parseFormula, type Formula } from "./formula.ts";
import type { Format, Measure } from "./measure.ts";
import { labelAttribute, labelsTable, type MiningModel } from "./mining-model.ts";
import type { ProjectSpec } from "./project.ts";

/** Where an attribute's value comes from. */
export type AttributeSource =
  | { readonly t: "column"; readonly column: string }
  | { readonly t: "fragment"; readonly sql: string }
  /** an attribute of a referenced dimension, `path` from reference to reference */
  | { readonly t: "reference"; readonly path: readonly string[]; readonly source: AttributeSource }
  /** every member above in a parent-child hierarchy, itself included */
  | { readonly t: "closure"; readonly parent: string; readonly root: string | number | null }
  | { readonly t: "label"; readonly model: string; readonly table: string; readonly column: string }
  | { readonly t: "level"; readonly level: DateLevel }
  /** a value that the caller's role may not see */
  | { readonly t: "masked" };

export interface AttributeNode {
  readonly name: string;
  readonly title: string;
  readonly description: string | undefined;
  /** as declared; undefined: read from the warehouse */
  readonly type: AttributeType | undefined;
  readonly source: AttributeSource;
  readonly bins: readonly number[] | undefined;
}

export interface DimensionNode {
  readonly name: string;
  readonly title: string;
  readonly spec: AnyDimension;
  readonly calendar: Calendar | null;
  readonly attributes: ReadonlyMap<string, AttributeNode>;
  readonly hierarchies: ReadonlyMap<string, readonly string[]>;
}

export interface RoleNode {
  readonly name: string;
  readonly title: string;
  readonly dimension: DimensionNode;
  readonly cubes: readonly string[];
}

export interface MeasureNode {
  readonly member: string;
  readonly name: string;
  readonly cube: string;
  readonly title: string;
  readonly format: Format;
  readonly spec: Measure;
  /** of calculated measures; its measures are full members */
  readonly formula: Formula | null;
  /** of time, share and rank measures: the full member they are computed from */
  readonly base: string | null;
}

export interface CubeNode {
  readonly name: string;
  readonly title: string;
  readonly spec: Cube;
  readonly roles: ReadonlyMap<string, Role>;
  readonly attributes: ReadonlyMap<string, AttributeNode>;
  readonly measures: ReadonlyMap<string, MeasureNode>;
  /** the role that time measures move along: `date`, else the first date role */
  readonly dateRole: string | null;
}

export interface Catalog {
  readonly project: ProjectSpec;
  readonly dimensions: ReadonlyMap<string, DimensionNode>;
  readonly roles: ReadonlyMap<string, RoleNode>;
  readonly cubes: ReadonlyMap<string, CubeNode>;
  /** `cube.measure` */
  readonly measures: ReadonlyMap<string, MeasureNode>;
}

export const titleOf = (name: string): string => {
  const words = name.replaceAll("_", " ");
  return words[0]!.toUpperCase() + words.slice(1);
};

/** Resolves a project's model. @returns the catalog, and every problem found; it is usable only where there are none */
export function resolveModel(project: ProjectSpec): { catalog: Catalog; problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const problem = (place: string, message: Sentence, remedy?: Sentence, code: ErrorCode = "model-invalid"): void => {
    problems.push(describe(code, message, { place, ...(remedy && { remedy }) }));
  };

  const dimensions = new Map<string, DimensionNode>();
  const labelled = new Map<string, MiningModel[]>();
  for (const model of project.models ?? []) labelled.set(model.over, [...(labelled.get(model.over) ?? []), model]);

  const addDimension = (spec: AnyDimension): DimensionNode => {
    const known = dimensions.get(spec.name);
    if (known) {
      if (known.spec !== spec)
        problem(`dimension ${spec.name}`, `two dimensions are named ${spec.name}`, "give one of them another name");
      return known;
    }
    const node =
      spec.kind === "date" ? dateNode(spec, project) : dimensionNode(spec, labelled.get(spec.name) ?? [], problem);
    dimensions.set(spec.name, node);
    return node;
  };
  for (const spec of project.dimensions) addDimension(spec);
  for (const [over, models] of labelled) {
    if (!dimensions.has(over))
      problem(
        `model ${models[0]!.name}`,
        `unknown dimension ${over}${didYouMean(over, dimensions.keys())}`,
        "`over` names a dimension of the project",
      );
  }

  const roles = new Map<string, { name: string; title: string; dimension: DimensionNode; cubes: string[] }>();
  const said = new Map<string, Set<string>>();
  const cubes = new Map<string, CubeNode>();
  const measures = new Map<string, MeasureNode>();
  for (const spec of project.cubes) {
    if (cubes.has(spec.name)) {
      problem(`cube ${spec.name}`, `two cubes are named ${spec.name}`, "give one of them another name");
      continue;
    }
    const place = `cube ${spec.name}`;
    if ((spec.table === undefined) === (spec.sql === undefined))
      problem(place, "a cube reads either a table or sql", "give one of `table` and `sql`");
    let dateRole: string | null = null;
    for (const [name, role] of Object.entries(spec.dimensions)) {
      const dimension = addDimension(role.to);
      const known = roles.get(name);
      if (known && known.dimension !== dimension)
        problem(
          `${place}, role ${name}`,
          `role ${name} leads to dimension ${dimension.name} here and to ${known.dimension.name} in cube ${known.cubes[0]}`,
          "one role name means one dimension everywhere; rename the role",
        );
      if (known) known.cubes.push(spec.name);
      else
        roles.set(name, {
          name,
          title: name === dimension.name ? dimension.title : titleOf(name),
          dimension,
          cubes: [spec.name],
        });
      if (role.title !== undefined) said.set(name, (said.get(name) ?? new Set()).add(role.title));
      if (dimension.calendar && (dateRole === null || name === "date")) dateRole = name;
    }
    const attributes = new Map(
      Object.entries(spec.attributes ?? {}).map(([name, a]) => {
        if (typeof a !== "string" && "from" in a)
          problem(
            `${place}, attribute ${name}`,
            "a fact's own attribute cannot come from a reference",
            "declare a dimension",
          );
        return [
          name,
          attributeNode(
            name,
            a,
            typeof a !== "string" && "from" in a ? { t: "column", column: name } : sourceOf(a as string),
          ),
        ];
      }),
    );
    const own = new Map<string, MeasureNode>();
    for (const [name, measure] of Object.entries(spec.measures)) {
      if (attributes.has(name))
        problem(
          `${spec.name}.${name}`,
          `${name} is both an attribute and a measure of ${spec.name}`,
          "rename one of them",
        );
      const full = (ref: string): string => (ref.includes(".") ? ref : `${spec.name}.${ref}`);
      let formula: Formula | null = null;
      if (measure.kind === "calculated") {
        try {
          formula = qualify(parseFormula(measure.formula), full);
        } catch (error) {
          if (!(error instanceof TesseraError)) throw error;
          problem(`${spec.name}.${name}`, error.message, error.remedy, error.code);
        }
      }
      const node: MeasureNode = {
        member: `${spec.name}.${name}`,
        name,
        cube: spec.name,
        title: measure.title ?? titleOf(name),
        spec: measure,
        formula,
        format:
          measure.format ??
          ((measure.kind === "aggregate" || measure.kind === "nested") && measure.aggregate.includes("count")
            ? "integer"
            : "number"),
        base: "base" in measure ? full(measure.base) : null,
      };
      own.set(name, node);
      measures.set(node.member, node);
    }
    cubes.set(spec.name, {
      name: spec.name,
      title: spec.title ?? titleOf(spec.name),
      spec,
      roles: new Map(Object.entries(spec.dimensions)),
      attributes,
      measures: own,
      dateRole,
    });
  }

  for (const name of cubes.keys())
    if (roles.has(name))
      problem(
        `cube ${name}`,
        `${name} names both a cube and a role`,
        "rename one of them: cubes, roles and `segments` share one name space",
      );
  for (const name of ["segments"])
    if (roles.has(name) || cubes.has(name)) problem(name, `${name} is a reserved name`, "rename it");

  // A measure without a format of its own is shown like what it is computed from.
  const formatOf = (member: string, depth = 0): Format => {
    const node = measures.get(member);
    if (!node) return "number";
    if (node.spec.format !== undefined || node.base === null || depth > 20) return node.format;
    return node.spec.kind === "rank" || (node.spec.kind === "nested" && node.spec.aggregate === "count")
      ? "integer"
      : formatOf(node.base, depth + 1);
  };
  for (const cube of cubes.values()) {
    const shown = new Map([...cube.measures].map(([name, node]) => [name, { ...node, format: formatOf(node.member) }]));
    for (const node of shown.values()) measures.set(node.member, node);
    cubes.set(cube.name, { ...cube, measures: shown });
  }
  // a shared role cannot carry one cube's words for it: "order date" is wrong where cases are counted
  for (const [name, titles] of said) if (titles.size === 1) roles.get(name)!.title = [...titles][0]!;
  const catalog: Catalog = { project, dimensions, roles, cubes, measures };
  for (const node of measures.values()) checkMeasure(catalog, node, problem);
  problems.push(
    ...nameProblems(project),
    ...optionProblems(project),
    ...roleProblems(catalog),
    ...segmentProblems(catalog),
    ...declarationProblems(catalog),
  );
  return { catalog, problems };
}

function qualify(formula: Formula, full: (ref: string) => string): Formula {
  switch (formula.t) {
    case "measure":
      return { ...formula, name: full(formula.name) };
    case "negate":
    case "not":
      return { ...formula, of: qualify(formula.of, full) };
    case "binary":
      return { ...formula, left: qualify(formula.left, full), right: qualify(formula.right, full) };
    case "call":
      return { ...formula, args: formula.args.map((a) => qualify(a, full)) };
    case "case":
      return {
        ...formula,
        whens: formula.whens.map((w) => ({ when: qualify(w.when, full), then: qualify(w.then, full) })),
        otherwise: formula.otherwise && qualify(formula.otherwise, full),
      };
    default:
      return formula;
  }
}

function sourceOf(attribute: string | { readonly sql: string }): AttributeSource {
  const text = typeof attribute === "string" ? attribute : attribute.sql;
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(text) ? { t: "column", column: text } : { t: "fragment", sql: text };
}

function attributeNode(name: string, attribute: Attribute, source: AttributeSource): AttributeNode {
  const options: AttributeOptions & { readonly bins?: readonly number[] } =
    typeof attribute === "string" ? {} : attribute;
  return {
    name,
    title: options.title ?? titleOf(name),
    description: options.description,
    type: options.type,
    source,
    bins: options.bins,
  };
}

function dateNode(spec: Extract<AnyDimension, { kind: "date" }>, project: ProjectSpec): DimensionNode {
  return {
    name: spec.name,
    title: spec.title ?? titleOf(spec.name),
    spec,
    calendar: makeCalendar(spec, project.timeZone),
    attributes: new Map(
      DATE_LEVELS.map((level) => [
        level,
        {
          name: level,
          title: titleOf(level),
          description: undefined,
          type: levelType(level),
          source: { t: "level", level },
          bins: undefined,
        },
      ]),
    ),
    hierarchies: new Map([
      ["calendar", ["year", "quarter", "month", "day"]],
      ["weekly", ["week", "day"]],
      ["fiscal", ["fiscal_year", "fiscal_quarter", "fiscal_period", "day"]],
    ]),
  };
}

function levelType(level: DateLevel): AttributeType {
  switch (level) {
    case "hour":
    case "minute":
      return "timestamp";
    case "is_weekend":
    case "is_holiday":
      return "boolean";
    case "holiday":
      return "string";
    case "day_of_week":
    case "day_of_month":
    case "month_of_year":
    case "quarter_of_year":
    case "week_of_year":
    case "hour_of_day":
      return "integer";
    default:
      return "date";
  }
}

function dimensionNode(spec: Dimension, models: readonly MiningModel[], problem: Report): DimensionNode {
  const place = `dimension ${spec.name}`;
  if ((spec.table === undefined) === (spec.sql === undefined))
    problem(place, "a dimension reads either a table or sql", "give one of `table` and `sql`");
  const attributes = new Map<string, AttributeNode>();
  for (const [name, attribute] of Object.entries(spec.attributes)) {
    if (typeof attribute !== "string" && "from" in attribute) {
      const source = referenced(spec, attribute.from, `${place}, attribute ${name}`, problem, []);
      if (source) attributes.set(name, attributeNode(name, attribute, source));
    } else attributes.set(name, attributeNode(name, attribute, sourceOf(attribute)));
  }
  // The key can always be asked for, under its column's name where no attribute has it already.
  if (![...attributes.values()].some((a) => a.source.t === "column" && a.source.column === spec.key)) {
    if (!attributes.has(spec.key))
      attributes.set(spec.key, {
        name: spec.key,
        title: titleOf(spec.key),
        description: "The key.",
        type: undefined,
        source: { t: "column", column: spec.key },
        bins: undefined,
      });
  }
  for (const [name, { parent, root }] of Object.entries(spec.parentChild ?? {})) {
    if (attributes.has(name))
      problem(`${place}, hierarchy ${name}`, `${name} is an attribute already`, "name the hierarchy otherwise");
    else if (spec.table === undefined)
      problem(`${place}, hierarchy ${name}`, "a parent-child hierarchy needs a table", "use `table` instead of `sql`");
    else
      attributes.set(name, {
        name,
        title: titleOf(name),
        description: "A member with everything below it; its value is the member's key.",
        type: undefined,
        source: { t: "closure", parent, root: root ?? null },
        bins: undefined,
      });
  }
  for (const model of models) {
    for (const [output, what] of Object.entries(model.outputs)) {
      const name = labelAttribute(model, output);
      if (attributes.has(name))
        problem(
          `model ${model.name}`,
          `its output ${output} would be named ${spec.name}.${name}, which exists already`,
          `rename it: as: { ${output}: "…" }`,
        );
      else
        attributes.set(name, {
          name,
          title: what.title,
          description: what.description,
          type: what.type,
          source: { t: "label", model: model.name, table: labelsTable(model.name), column: output },
          bins: undefined,
        });
    }
  }
  if (spec.label !== undefined && !attributes.has(spec.label))
    problem(
      place,
      `unknown label attribute ${spec.label}${didYouMean(spec.label, attributes.keys())}`,
      "`label` names an attribute of the dimension",
    );
  for (const [name, levels] of Object.entries(spec.hierarchies ?? {})) {
    for (const level of levels)
      if (!attributes.has(level))
        problem(
          `${place}, hierarchy ${name}`,
          `unknown attribute ${spec.name}.${level}${didYouMean(level, attributes.keys())}`,
          "a hierarchy's levels are attributes of the dimension",
        );
  }
  return {
    name: spec.name,
    title: spec.title ?? titleOf(spec.name),
    spec,
    calendar: null,
    attributes,
    hierarchies: new Map(Object.entries(spec.hierarchies ?? {})),
  };
}

/** Follows `reference.attribute` to its column. */
function referenced(
  spec: Dimension,
  from: string,
  place: string,
  problem: Report,
  path: readonly string[],
): AttributeSource | null {
  const [reference, name] = from.split(".") as [string, string | undefined];
  const target = spec.references?.[reference];
  if (!target) {
    problem(
      place,
      `unknown reference ${reference}${didYouMean(reference, Object.keys(spec.references ?? {}))}`,
      "`from` is reference.attribute",
    );
    return null;
  }
  const attribute = name === undefined ? undefined : target.to.attributes[name];
  if (attribute === undefined) {
    problem(
      place,
      `unknown attribute ${from}${didYouMean(name ?? "", Object.keys(target.to.attributes))}`,
      "`from` is reference.attribute",
    );
    return null;
  }
  if (path.length > 8) {
    problem(place, "references lead in a circle", "break the circle");
    return null;
  }
  if (typeof attribute !== "string" && "from" in attribute)
    return referenced(target.to, attribute.from, place, problem, [...path, reference]);
  return { t: "reference", path: [...path, reference], source: sourceOf(attribute) };
}
