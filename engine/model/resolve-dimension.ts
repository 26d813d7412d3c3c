/** Resolves declared dimensions: attributes, references, hierarchies and mined labels. */
import { didYouMean, phrase } from "../errors/index.ts";
import type { Report } from "./report.ts";
import { makeCalendar } from "./time/calendar.ts";
import {
  DATE_LEVELS,
  type AnyDimension,
  type Attribute,
  type AttributeOptions,
  type AttributeType,
  type DateLevel,
  type Dimension,
} from "./dimension.ts";
import { labelAttribute, labelsTable, type MiningModel } from "./mining-model.ts";
import type { ProjectSpec } from "./project.ts";
import { type AttributeSource, type AttributeNode, type DimensionNode, titleOf } from "./catalog.ts";

/** Where a declared attribute reads its value: a column, or an expression. */
export function sourceOf(attribute: string | { readonly sql: string }): AttributeSource {
  const text = typeof attribute === "string" ? attribute : attribute.sql;
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(text) ? { t: "column", column: text } : { t: "fragment", sql: text };
}

/** The node of an attribute. */
export function attributeNode(name: string, attribute: Attribute, source: AttributeSource): AttributeNode {
  const options: AttributeOptions & { readonly bins?: readonly number[] } =
    typeof attribute === "string" ? {} : attribute;
  return {
    name,
    title: options.title ?? titleOf(name),
    description: options.description,
    type: options.type,
    source,
    bins: options.bins,
    ...(options.order && { order: options.order }),
  };
}

/** The node of a date dimension. */
export function dateNode(spec: Extract<AnyDimension, { kind: "date" }>, project: ProjectSpec): DimensionNode {
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

/** The node of a dimension; problems are reported. @param models that label its members */
export function dimensionNode(spec: Dimension, models: readonly MiningModel[], problem: Report): DimensionNode {
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
  // the key is always an attribute, under its column's name where no other attribute reads it
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
      problem(`${place}, hierarchy ${name}`, phrase`${name} is already an attribute`, "rename the hierarchy");
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
          phrase`its output ${output} would be named ${spec.name}.${name}, which exists already`,
          phrase`rename it: as: { ${output}: "…" }`,
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
      phrase`label attribute "${spec.label}" not found${didYouMean(spec.label, attributes.keys())}`,
      "`label` names an attribute of the dimension",
    );
  for (const [name, levels] of Object.entries(spec.hierarchies ?? {})) {
    for (const level of levels)
      if (!attributes.has(level))
        problem(
          `${place}, hierarchy ${name}`,
          phrase`attribute "${spec.name}.${level}" not found${didYouMean(level, attributes.keys())}`,
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
  const [reference = "", name] = from.split(".");
  const target = spec.references?.[reference];
  if (!target) {
    problem(
      place,
      phrase`reference "${reference}" not found${didYouMean(reference, Object.keys(spec.references ?? {}))}`,
      "`from` is reference.attribute",
    );
    return null;
  }
  const attribute = name === undefined ? undefined : target.to.attributes[name];
  if (attribute === undefined) {
    problem(
      place,
      phrase`attribute "${from}" not found${didYouMean(name ?? "", Object.keys(target.to.attributes))}`,
      "`from` is reference.attribute",
    );
    return null;
  }
  if (path.length > 8) {
    problem(place, "the references form a circle", "break the circle");
    return null;
  }
  if (typeof attribute !== "string" && "from" in attribute)
    return referenced(target.to, attribute.from, place, problem, [...path, reference]);
  return { t: "reference", path: [...path, reference], source: sourceOf(attribute) };
}
