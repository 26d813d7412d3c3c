/** Members of a query, resolved: what a name in the JSON stands for. */
import { TesseraError, didYouMean, phrase } from "../../errors/index.ts";
import { DATE_LEVELS, type AttributeType, type Dimension } from "../../model/dimension.ts";
import type { AttributeNode, Catalog, CubeNode, DimensionNode, MeasureNode } from "../../model/catalog.ts";
import { checkColumn } from "./check-column.ts";
import { ownerOfSql, type Binding } from "./binding.ts";

/** An attribute that facts are grouped or filtered by. */
export type AttributeRef =
  | {
      readonly t: "role";
      readonly member: string;
      readonly role: string;
      readonly dimension: DimensionNode;
      readonly attribute: AttributeNode;
      readonly type: AttributeType /** the type of its column, where one is known */;
      readonly physical: string | undefined;
      readonly title: string;
    }
  | {
      readonly t: "fact";
      readonly member: string;
      readonly cube: string;
      readonly attribute: AttributeNode;
      readonly type: AttributeType /** the type of its column, where one is known */;
      readonly physical: string | undefined;
      readonly title: string;
    }
  | {
      readonly t: "segment";
      readonly member: string;
      readonly segment: string;
      readonly type: "boolean";
      readonly title: string;
    };

const dateMembers = (role: string): string[] => DATE_LEVELS.map((level) => `${role}.${level}`);

/** Every attribute's member, for suggestions. */
export function attributeMembers(catalog: Catalog): string[] {
  const names: string[] = [];
  for (const role of catalog.roles.values())
    names.push(
      ...(role.dimension.calendar
        ? dateMembers(role.name)
        : [...role.dimension.attributes.keys()].map((a) => `${role.name}.${a}`)),
    );
  for (const cube of catalog.cubes.values()) names.push(...[...cube.attributes.keys()].map((a) => `${cube.name}.${a}`));
  return names;
}

/** @throws TesseraError `unknown-member` with the nearest name */
export function resolveAttribute(catalog: Catalog, binding: Binding, member: string, place: string): AttributeRef {
  const [owner, name] = split(member);
  const role = catalog.roles.get(owner);
  if (role) {
    // a role alone stands for its label, or for the days of a calendar
    const wanted = name ?? (role.dimension.calendar ? "day" : labelOf(role.dimension));
    const attribute = role.dimension.attributes.get(wanted);
    if (attribute) readable(binding, attribute, { dimension: role.dimension }, `${owner}.${wanted}`, place);
    if (attribute)
      return {
        t: "role",
        member: `${owner}.${wanted}`,
        role: owner,
        dimension: role.dimension,
        attribute,
        type: binding.attributeType(attribute, { dimension: role.dimension }),
        physical: binding.physicalType(attribute, { dimension: role.dimension }),
        title: attribute.title,
      };
  }
  const cube = catalog.cubes.get(owner);
  const own = name === undefined ? undefined : cube?.attributes.get(name);
  if (cube && own) readable(binding, own, { cube }, member, place);
  if (cube && own)
    return {
      t: "fact",
      member,
      cube: owner,
      attribute: own,
      type: binding.attributeType(own, { cube }),
      physical: binding.physicalType(own, { cube }),
      title: own.title,
    };
  if (owner === "segments" && name !== undefined) {
    const segment = (catalog.project.segments ?? []).find((s) => s.name === name);
    if (segment) return { t: "segment", member, segment: name, type: "boolean", title: segment.title ?? name };
  }
  if (cube && name !== undefined && cube.measures.has(name))
    throw new TesseraError("unknown-member", phrase`${member} is a measure, not a dimension`, {
      place,
      remedy: "put it under measures",
    });
  throw new TesseraError(
    "unknown-member",
    phrase`unknown member ${member}${didYouMean(member, attributeMembers(catalog))}`,
    {
      place,
      remedy: "`tessera query --members`, or GET /v1/catalog, lists them",
    },
  );
}

/** @throws TesseraError `model-invalid` where the table that an attribute reads has no such column */
function readable(
  binding: Binding,
  { source }: AttributeNode,
  { dimension, cube }: { readonly dimension?: DimensionNode; readonly cube?: CubeNode },
  member: string,
  place: string,
): void {
  let spec: { readonly name: string; readonly table?: string } = dimension ? dimension.spec : cube!.spec;
  if (source.t === "reference") for (const step of source.path) spec = (spec as Dimension).references![step]!.to;
  const own = source.t === "reference" ? source.source : source;
  if (own.t === "column")
    checkColumn(
      binding,
      spec.table ?? ownerOfSql(dimension ? "dimension" : "cube", spec.name),
      own.column,
      member,
      place,
    );
}

export const isMeasure = (catalog: Catalog, member: string): boolean => catalog.measures.has(member);

/** @throws TesseraError `unknown-member` */
export function resolveMeasure(catalog: Catalog, member: string, place: string): MeasureNode {
  const node = catalog.measures.get(member);
  if (node) return node;
  throw new TesseraError(
    "unknown-member",
    phrase`unknown measure ${member}${didYouMean(member, catalog.measures.keys())}`,
    {
      place,
      remedy: "GET /v1/catalog lists the measures of every cube",
    },
  );
}

export function labelOf(dimension: DimensionNode): string {
  if (dimension.spec.kind === "date") return "day";
  return dimension.spec.label ?? keyAttribute(dimension);
}

/** The attribute that is the dimension's key. */
export function keyAttribute(dimension: DimensionNode): string {
  const { spec } = dimension;
  if (spec.kind === "date") return "day";
  for (const node of dimension.attributes.values())
    if (node.source.t === "column" && node.source.column === spec.key) return node.name;
  return spec.key;
}

function split(member: string): [string, string | undefined] {
  const dot = member.indexOf(".");
  return dot < 0 ? [member, undefined] : [member.slice(0, dot), member.slice(dot + 1)];
}
