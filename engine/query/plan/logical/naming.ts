/** From the nodes of a resolved query to those of a plan: what was looked up is named again. */
import { dayOf as dayOfDate, parseDay, toIso, type Day } from "../../../model/time/calendar.ts";
import { present } from "../../../lookup.ts";
import type { AttributeRef } from "../../binding/member.ts";
import type { Condition, Leaf, LeafMeasure, MeasureTree, MemberSet, Rest } from "../../resolve/nodes.ts";
import type { DayRange } from "../../time/date-range.ts";
import type { Along } from "../../windows/along.ts";
import type {
  AlongNode,
  ConditionNode,
  IsoDay,
  IsoRange,
  KeyNode,
  LeafNode,
  MemberSetNode,
  RestNode,
  TreeNode,
} from "./nodes.ts";

const end = (day: Day): IsoDay | null => (Number.isFinite(day) ? toIso(day) : null);

/** A range of days, with null for an open end. */
export const rangeNode = ({ from, until }: DayRange): IsoRange => [end(from), end(until)];

/** The range of a plan as days. */
export const rangeOf = ([from, until]: IsoRange): DayRange => ({
  from: from === null ? Number.NEGATIVE_INFINITY : dayOf(from),
  until: until === null ? Number.POSITIVE_INFINITY : dayOf(until),
});

/** The day of an ISO date that a plan holds. */
export const dayOf = (iso: IsoDay): Day =>
  iso.length === PLAIN
    ? dayOfDate(Number(iso.slice(0, 4)), Number(iso.slice(5, 7)), Number(iso.slice(8)))
    : present(parseDay(iso), `the day ${iso}`);

/** The length of a date from year 0 to 9999, which needs no parser: a plan's dates are right. */
const PLAIN = "2000-01-01".length;

/** An attribute by name. */
export const keyNode = (ref: AttributeRef): KeyNode => ({
  member: ref.member,
  ...(ref.t !== "segment" && ref.attribute.source.t === "masked" && { masked: true as const }),
});

/** A filter by names. */
export function conditionNode(c: Condition): ConditionNode {
  switch (c.t) {
    case "and":
    case "or":
      return { t: c.t, of: c.of.map(conditionNode) };
    case "not":
      return { t: "not", of: conditionNode(c.of) };
    case "attribute": {
      const { ref, t, operator, values, zone } = c;
      return { t, ...keyNode(ref), operator, values, ...(zone !== undefined && { zone }) };
    }
    case "days": {
      const { ref, t, ranges, negated, zone } = c;
      return { t, ...keyNode(ref), ranges: ranges.map(rangeNode), negated, ...(zone !== undefined && { zone }) };
    }
    case "measure": {
      const { t, measure, type, operator, values } = c;
      return { t, name: measure.member, type, operator, values };
    }
    case "entity":
      return { ...c, of: conditionNode(c.of) };
    case "members":
      return { ...c, of: memberSetNode(c.of) };
    default:
      return c;
  }
}

function memberSetNode(of: MemberSet): MemberSetNode {
  if (of.t === "attributes") return { t: "attributes", where: conditionNode(of.where) };
  return of.t === "facts" ? { ...of, where: of.where.map(conditionNode) } : of;
}

/** A leaf by names. @param repeated the keys that its fact has, where it lacks some */
export const leafNode = (leaf: Leaf, repeated?: readonly number[]): LeafNode => ({
  column: leaf.column,
  member: leaf.member,
  cube: leaf.cube,
  take: takeOf(leaf.measure),
  ...(leaf.where && { where: conditionNode(leaf.where) }),
  ...(leaf.frames.length > 0 && { moves: leaf.frames }),
  ...(leaf.rest && { rest: restNode(leaf.rest) }),
  ...(leaf.following && {
    events: {
      from: { cube: leaf.following.from.cube.name, date: leaf.following.from.date },
      to: {
        cube: leaf.following.cube.name,
        date: leaf.following.date,
        where: leaf.following.condition && conditionNode(leaf.following.condition),
      },
    },
  }),
  ...(repeated && { repeated }),
});

/** What a measure aggregates, without what is shown of it and what its filters and places are resolved to. */
function takeOf(measure: LeafMeasure): LeafMeasure {
  const { title: _t, description: _d, format: _f, better: _b, where: _w, fill: _v, unrelated: _u, ...take } = measure;
  return take;
}

const restNode = ({ id, conditions, cells }: Rest): RestNode => ({
  id,
  where: conditions.map(conditionNode),
  cells: cells.map(({ role, refs, members }) => ({ role, keys: refs.map(keyNode), kept: [...members] })),
});

/** The dates of windows by names. @param compared whether a leaf is read on the compared side */
export const alongNode = ({ role, days, reached, bounded, compare }: Along, compared: boolean): AlongNode => ({
  role,
  days: days.map(rangeNode),
  reached: reached.map(rangeNode),
  bounded,
  ...(compare &&
    compared && {
      compare: {
        current: rangeNode(compare.current),
        previous: rangeNode(compare.previous),
        years: compare.years,
      },
    }),
});

/** How a measure is computed, by the columns of its leaves. */
export function treeNode(tree: MeasureTree): TreeNode {
  const fill = tree.fill === undefined ? {} : { fill: tree.fill };
  switch (tree.t) {
    case "leaf":
      return { t: "leaf", column: tree.leaf.column, ...fill };
    case "formula":
      return {
        t: "formula",
        formula: tree.formula,
        parts: Object.fromEntries([...tree.parts].map(([name, part]) => [name, treeNode(part)])),
        ...fill,
      };
    case "share":
      return {
        t: "share",
        base: treeNode(tree.base),
        ...(tree.whole && { whole: treeNode(tree.whole) }),
        of: tree.of,
        ...fill,
      };
    case "rank":
      return { t: "rank", base: treeNode(tree.base), direction: tree.direction, within: tree.within, ...fill };
  }
}
