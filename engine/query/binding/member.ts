/** Members of a query, resolved: what a name in the JSON means. */
import { TesseraError, didYouMean, phrase } from "../../errors/index.ts";
import type { ColumnType } from "../../model/column-type.ts";
import type { AttributeNode, Catalog, CubeNode, DimensionNode, MeasureNode } from "../../model/catalog.ts";
import { measureNamed } from "../../model/row-count.ts";
import { DATE_LEVELS, type AttributeType, type DateLevel } from "../../model/dimension.ts";
import type { Binding } from "./binding.ts";
import { checkColumn } from "./check-column.ts";
import { attributeAt, kindOf, tableOf, type Owner } from "./owner.ts";

/** An attribute of a dimension, by the role that facts know it by. */
export interface RoleRef {
  readonly t: "role";
  /** `role.attribute` */
  readonly member: string;
  readonly role: string;
  readonly dimension: DimensionNode;
  readonly attribute: AttributeNode;
  readonly type: AttributeType;
  /** the type of its column, where one is known */
  readonly physical: ColumnType | undefined;
  readonly title: string;
}

/** A fact's own attribute. */
export interface FactRef {
  readonly t: "fact";
  /** `cube.attribute` */
  readonly member: string;
  readonly cube: string;
  readonly fact: CubeNode;
  readonly attribute: AttributeNode;
  readonly type: AttributeType;
  /** the type of its column, where one is known */
  readonly physical: ColumnType | undefined;
  readonly title: string;
}

/** Membership of a segment, as an attribute. */
export interface SegmentRef {
  readonly t: "segment";
  /** `segments.name` */
  readonly member: string;
  readonly segment: string;
  readonly type: "boolean";
  readonly physical?: undefined;
  readonly title: string;
}

/** What facts are grouped or filtered by. */
export type AttributeRef = RoleRef | FactRef | SegmentRef;

/** The attribute's role. @throws Error for a fact's own attribute or a segment */
export function roleRef(ref: AttributeRef): RoleRef {
  if (ref.t !== "role") throw new Error(`${ref.member} is not an attribute of a dimension`);
  return ref;
}

/** The date level of an attribute. @throws Error for an attribute of anything but a date dimension */
export function levelOf(ref: AttributeRef): DateLevel {
  if (ref.t !== "role" || ref.attribute.source.t !== "level") throw new Error(`${ref.member} is not a date level`);
  return ref.attribute.source.level;
}

const dateMembers = (role: string): string[] => DATE_LEVELS.map((level) => `${role}.${level}`);

/** The members of all attributes, for suggestions. */
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

/** The attribute of a name. @throws TesseraError `unknown-member` with the nearest name */
export function resolveAttribute(catalog: Catalog, binding: Binding, member: string, place: string): AttributeRef {
  const [owner, name] = split(member);
  const role = catalog.roles.get(owner);
  if (role) {
    // a role alone means its label, or the days of a calendar
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
      fact: cube,
      attribute: own,
      type: binding.attributeType(own, { cube }),
      physical: binding.physicalType(own, { cube }),
      title: own.title,
    };
  if (owner === "segments" && name !== undefined) {
    const segment = (catalog.project.segments ?? []).find((s) => s.name === name);
    if (segment) return { t: "segment", member, segment: name, type: "boolean", title: segment.title ?? name };
  }
  if (cube && name !== undefined && (cube.measures.has(name) || catalog.rowCounts.has(member)))
    throw new TesseraError("unknown-member", phrase`"${member}" is a measure, not a dimension`, {
      place,
      remedy: "put it under measures",
    });
  throw new TesseraError(
    "unknown-member",
    phrase`member "${member}" not found${didYouMean(member, attributeMembers(catalog))}`,
    { place, remedy: { action: "list-members" } },
  );
}

/** @throws TesseraError `model-invalid` where the table that an attribute reads lacks its column */
function readable(binding: Binding, node: AttributeNode, owner: Owner, member: string, place: string): void {
  const { spec, source } = attributeAt(node, owner);
  if (source.t === "column") checkColumn(binding, tableOf(kindOf(owner), spec), source.column, member, place);
}

/** Whether a name is a measure of the model. */
export const isMeasure = (catalog: Catalog, member: string): boolean => measureNamed(catalog, member) !== undefined;

/** The measure of a name. @throws TesseraError `unknown-member` with the nearest name */
export function resolveMeasure(catalog: Catalog, member: string, place: string): MeasureNode {
  const node = measureNamed(catalog, member);
  if (node) return node;
  throw new TesseraError(
    "unknown-member",
    phrase`measure "${member}" not found${didYouMean(member, catalog.measures.keys())}`,
    { place, remedy: { action: "list-members" } },
  );
}

/** The attribute that names a dimension's members to people. */
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
