/** Checks of measures, once every name of the model is known. */
import { present, required } from "../lookup.ts";
import type { Report } from "./report.ts";
import { TesseraError, didYouMean, phrase } from "../errors/index.ts";
import { type Catalog, type CubeNode, type MeasureNode, baseMembers } from "./catalog.ts";
import { spanFaults } from "./check-span.ts";
import { checkWhere } from "./check-where.ts";
import { eventRows } from "./events.ts";
import { type FormulaType } from "./formula.ts";
import type { ToDateLevel } from "./measure.ts";
import { measureTypeOf, notNumber } from "./measure-type.ts";
import { measureNamed } from "./row-count.ts";

const TO_DATE_LEVELS: readonly ToDateLevel[] = [
  "week",
  "month",
  "quarter",
  "half",
  "year",
  "fiscal_year",
  "fiscal_quarter",
  "fiscal_period",
];

/** The facts behind a measure. */
function factsOf(catalog: Catalog, node: MeasureNode, seen: ReadonlySet<string> = new Set()): CubeNode[] {
  if (seen.has(node.member)) return [];
  const next = baseMembers(node);
  if (next.length === 0) return [required(catalog.cubes, node.cube, "cube")];
  return next.flatMap((member) => {
    const of = measureNamed(catalog, member);
    return of ? factsOf(catalog, of, new Set([...seen, node.member])) : [];
  });
}

/** Formulas over the wrong types, as far as declarations tell. */
function checkTypes(catalog: Catalog, node: MeasureNode, problem: Report): void {
  const type = (member: string): FormulaType => {
    const of = measureNamed(catalog, member);
    try {
      return of ? measureTypeOf(catalog, of, () => "any") : "any";
    } catch {
      return "any";
    }
  };
  const fault = notNumber(node, type);
  if (fault) problem(node.member, fault, "take it of a number, for example case when … then 1 else 0 end");
  try {
    if (node.formula) measureTypeOf(catalog, node, () => "any");
  } catch (error) {
    // the problem of an inner measure is reported there
    if (error instanceof TesseraError && error.place === node.member)
      problem(node.member, error.message, error.remedy, error.code);
  }
}

/** The dimensions that a share or rank names: a misspelt one would count as one that the query does not have. */
function checkDimensions(
  catalog: Catalog,
  node: MeasureNode,
  list: string,
  members: readonly string[],
  problem: Report,
): void {
  const known = [...catalog.roles.values()]
    .flatMap((role) => [...role.dimension.attributes.keys()].map((name) => `${role.name}.${name}`))
    .concat(
      [...catalog.cubes.values()].flatMap((cube) => [...cube.attributes.keys()].map((name) => `${cube.name}.${name}`)),
      (catalog.project.segments ?? []).map((s) => `segments.${s.name}`),
    );
  for (const [i, member] of members.entries())
    if (!known.includes(member))
      problem(
        `${node.member} › ${list}[${i}]`,
        phrase`attribute "${member}" not found${didYouMean(member, known)}`,
        phrase`\`${list}\` names attributes as queries do: role.attribute or cube.attribute`,
      );
}

/** What is wrong with a measure: unknown names, circles, arguments out of range. */
export function checkMeasure(catalog: Catalog, node: MeasureNode, problem: Report): void {
  const refs = baseMembers(node);
  for (const ref of refs) {
    if (measureNamed(catalog, ref) === undefined)
      problem(
        node.member,
        phrase`measure "${ref}" not found${didYouMean(ref, catalog.measures.keys())}`,
        "a formula names measures of its own cube, or `cube.measure`",
      );
  }
  const seen = new Set<string>();
  const walk = (member: string, path: readonly string[]): void => {
    if (path.includes(member)) {
      if (member === node.member)
        problem(
          node.member,
          phrase`the measure is computed from itself: ${[...path, member].join(" > ")}`,
          "break the circle",
        );
      return;
    }
    if (seen.has(member)) return;
    seen.add(member);
    const at = measureNamed(catalog, member);
    if (!at) return;
    for (const next of baseMembers(at)) walk(next, [...path, member]);
  };
  walk(node.member, []);
  checkTypes(catalog, node, problem);
  const cube = required(catalog.cubes, node.cube, "cube");
  const dateRole = (over: string): void => {
    const role = cube.roles.get(over);
    const dates = [...cube.roles].filter(([, r]) => r.to.kind === "date" && "on" in r).map(([name]) => name);
    if (!role)
      problem(
        node.member,
        phrase`role "${over}" not found${didYouMean(over, cube.roles.keys())}`,
        "`over` names a date role of the cube",
      );
    else if (!dates.includes(over))
      problem(
        node.member,
        phrase`${over} is not a date role of ${cube.name}${didYouMean(over, dates)}`,
        dates.length > 0 ? phrase`\`over\` names one of ${dates.join(", ")}` : "give the cube a date dimension",
      );
  };
  if (node.spec.kind === "time") {
    const over = node.spec.over ?? cube.dateRole;
    if (over === null)
      problem(node.member, phrase`cube ${cube.name} has no date role to move along`, "give the cube a date dimension");
    else dateRole(over);
    const { change } = node.spec;
    if (change.type === "rolling" || change.type === "shift")
      for (const [message, remedy] of spanFaults(change.span, change.type === "rolling"))
        problem(node.member, message, remedy);
    if (change.type === "to_date" && !TO_DATE_LEVELS.includes(change.level))
      problem(
        node.member,
        phrase`level "${String(change.level)}" not found${didYouMean(String(change.level), TO_DATE_LEVELS)}`,
        phrase`toDate begins with the ${TO_DATE_LEVELS.join(", ")}`,
      );
  }
  if (
    node.spec.kind === "time" &&
    (node.spec.change.type === "rolling" || node.spec.change.type === "shift") &&
    node.spec.change.span.hours !== undefined &&
    Object.keys(node.spec.change.span).length > 1
  )
    problem(node.member, "hours cannot be combined with other units", "write { hours: 36 }, or days");
  if (node.spec.kind === "semi_additive") dateRole(node.spec.over);
  if (node.spec.kind === "share" && typeof node.spec.of !== "string")
    checkDimensions(catalog, node, "of", node.spec.of, problem);
  if (node.spec.kind === "rank") checkDimensions(catalog, node, "within", node.spec.within ?? [], problem);
  if (node.spec.kind === "aggregate" || node.spec.kind === "semi_additive")
    checkWhere(catalog, [cube], node.spec.where ?? [], `${node.member} › where`, problem);
  if (node.spec.kind === "nested")
    checkWhere(
      catalog,
      [...new Set([cube, ...factsOf(catalog, node)])],
      node.spec.where ?? [],
      `${node.member} › where`,
      problem,
    );
  if (node.spec.kind === "conversion") {
    const { from, to, over, within } = node.spec;
    for (const [side, events] of [
      ["from", from],
      ["to", to],
    ] as const) {
      const rows = eventRows(catalog, cube, events);
      if ("reason" in rows)
        problem(node.member, phrase`${side}: ${rows.reason}`, "name an aggregate measure, or { cube, where }");
      else if (side === "from" && rows.cube !== cube)
        problem(
          node.member,
          phrase`its base events are rows of ${rows.cube.name}`,
          phrase`declare it in cube ${rows.cube.name}`,
        );
      else {
        const role = rows.cube.roles.get(over);
        if (!role || role.to.kind === "date" || !("on" in role))
          problem(
            node.member,
            phrase`${over} is not a to-one role of ${rows.cube.name}${didYouMean(over, rows.cube.roles.keys())}`,
            "`over` names a role that both cubes have",
          );
      }
    }
    checkWhere(catalog, [cube], node.spec.where ?? [], `${node.member} › where`, problem);
    for (const [side, events] of [
      ["from", from],
      ["to", to],
    ] as const) {
      const of = typeof events === "string" ? undefined : catalog.cubes.get(events.cube ?? cube.name);
      if (of && typeof events !== "string")
        checkWhere(catalog, [of], events.where ?? [], `${node.member} › ${side}.where`, problem);
    }
    if (!Object.values(within).some((n) => n > 0) || Object.values(within).some((n) => n < 0))
      problem(node.member, "`within` must be a positive span", "within: { days: 30 }");
  }
  if (node.spec.kind === "nested") {
    if (node.spec.per.length === 0) problem(node.member, "a measure of a measure needs `per`", 'add per: "customer"');
    for (const per of node.spec.per) {
      const [owner = "", name] = per.split(".");
      const ofRole = cube.roles.has(owner) ? catalog.roles.get(owner)?.dimension.attributes : undefined;
      const attributes = owner === cube.name && name !== undefined ? cube.attributes : ofRole;
      if (!attributes)
        problem(
          node.member,
          phrase`role "${owner}" not found${didYouMean(owner, cube.roles.keys())}`,
          "`per` names roles of the cube, or attributes of them",
        );
      else if (name !== undefined && !attributes.has(name))
        problem(
          node.member,
          phrase`attribute "${per}" not found${didYouMean(name, attributes.keys())}`,
          "`per` names roles of the cube, or attributes of them",
        );
    }
  }
  if (
    (node.spec.kind === "aggregate" || node.spec.kind === "nested") &&
    node.spec.aggregate === "quantile" &&
    !((node.spec.quantile ?? -1) >= 0 && present(node.spec.quantile, "quantile") <= 1)
  )
    problem(node.member, "a quantile lies between 0 and 1");
}
