/** Resolves a project's model: every name leads to its node, and all problems are collected. */
import { first, required } from "../lookup.ts";
import { sourceOf, attributeNode, dateNode, dimensionNode } from "./resolve-dimension.ts";
import {
  TesseraError,
  didYouMean,
  type ErrorCode,
  type Problem,
  problem as describe,
  type Sentence,
  phrase,
} from "../errors/index.ts";
import { countsNothingAsZero } from "./aggregates.ts";
import { declarationProblems } from "./check-declarations.ts";
import { nameProblems } from "./check-names.ts";
import { optionProblems } from "./check-options.ts";
import { roleProblems } from "./check-roles.ts";
import { segmentProblems } from "./check-segments.ts";
import { checkMeasure } from "./check-measure.ts";
import type { AnyDimension } from "./dimension.ts";
import type { Formula } from "./formula.ts";
import { parseFormula } from "./parse-formula.ts";
import type { Format } from "./measure.ts";
import type { MiningModel } from "./mining-model.ts";
import type { ProjectSpec } from "./project.ts";
import { rowCount } from "./row-count.ts";
import { type DimensionNode, type MeasureNode, type CubeNode, type Catalog, titleOf } from "./catalog.ts";

/** Resolves a project's model. @returns the catalog and all problems; the catalog is usable only without problems */
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
        problem(
          `dimension ${spec.name}`,
          phrase`two dimensions are named ${spec.name}`,
          "give one of them another name",
        );
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
        `model ${first(models).name}`,
        phrase`dimension "${over}" not found${didYouMean(over, dimensions.keys())}`,
        "`over` names a dimension of the project",
      );
  }

  const roles = new Map<string, { name: string; title: string; dimension: DimensionNode; cubes: string[] }>();
  const titles = new Map<string, Set<string>>();
  const cubes = new Map<string, CubeNode>();
  const measures = new Map<string, MeasureNode>();
  for (const spec of project.cubes) {
    if (cubes.has(spec.name)) {
      problem(`cube ${spec.name}`, phrase`two cubes are named ${spec.name}`, "give one of them another name");
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
          phrase`role ${name} leads to dimension ${dimension.name} here and to ${known.dimension.name} in cube ${known.cubes[0]}`,
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
      if (role.title !== undefined) titles.set(name, (titles.get(name) ?? new Set()).add(role.title));
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
          phrase`${name} is both an attribute and a measure of ${spec.name}`,
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
          ((measure.kind === "aggregate" || measure.kind === "nested") && countsNothingAsZero(measure.aggregate)
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
        phrase`${name} names both a cube and a role`,
        "rename one of them: cubes, roles and `segments` share one name space",
      );
  for (const name of ["segments"])
    if (roles.has(name) || cubes.has(name)) problem(name, phrase`${name} is a reserved name`, "rename it");

  // a measure without a format of its own has that of the measure that it is computed from
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
  // a shared role has a title only where all cubes agree: "order date" is wrong where cases are counted
  for (const [name, [title, another]] of titles)
    if (title !== undefined && another === undefined) required(roles, name, "role").title = title;
  const rowCounts = new Map([...cubes.values()].map(rowCount).map((node) => [node.member, node]));
  const catalog: Catalog = { project, dimensions, roles, cubes, measures, rowCounts };
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
