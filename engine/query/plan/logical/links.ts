/** The names of a plan, looked up in the model that it was made for. */
import { present, required } from "../../../lookup.ts";
import type { Catalog, CubeNode } from "../../../model/catalog.ts";
import { masked } from "../../../model/visible-catalog.ts";
import type { Binding } from "../../binding/binding.ts";
import { resolveAttribute, resolveMeasure, type AttributeRef } from "../../binding/member.ts";
import type { Condition, Frame, Leaf, MeasureTree, MemberSet, Rest } from "../../resolve/nodes.ts";
import type { Along } from "../../windows/along.ts";
import type { PlanContext } from "../plan-context.ts";
import { dayOf, rangeOf } from "./naming.ts";
import type {
  AlongNode,
  ConditionNode,
  FactNode,
  IsoDay,
  KeyNode,
  LeafNode,
  MemberSetNode,
  RestNode,
  TreeNode,
} from "./nodes.ts";

/** Looks up names; each node once. */
export class Links {
  readonly #catalog: Catalog;
  readonly #binding: Binding;
  readonly #refs = new Map<string, AttributeRef>();
  readonly #conditions = new Map<ConditionNode, Condition>();
  readonly #leaves = new Map<LeafNode, Leaf>();

  /** What a plan names was seen by its caller, or is behind what was: it is looked up in the whole model. */
  constructor({ whole, binding }: Pick<PlanContext, "whole" | "binding">) {
    this.#catalog = whole.catalog;
    this.#binding = binding;
  }

  ref({ member, masked: hidden }: KeyNode): AttributeRef {
    const identity = hidden ? `(masked) ${member}` : member;
    const known = this.#refs.get(identity);
    if (known) return known;
    const found = resolveAttribute(this.#catalog, this.#binding, member, member);
    const ref =
      hidden && found.t !== "segment"
        ? { ...found, attribute: masked(found.attribute), type: "string" as const, physical: undefined }
        : found;
    this.#refs.set(identity, ref);
    return ref;
  }

  conditions = (nodes: readonly ConditionNode[]): Condition[] => nodes.map((node) => this.condition(node));

  condition(node: ConditionNode): Condition {
    const known = this.#conditions.get(node);
    if (known) return known;
    const made = this.#condition(node);
    this.#conditions.set(node, made);
    return made;
  }

  #condition(node: ConditionNode): Condition {
    switch (node.t) {
      case "and":
      case "or":
        return { t: node.t, of: this.conditions(node.of) };
      case "not":
        return { t: "not", of: this.condition(node.of) };
      case "attribute": {
        const { t, operator, values, zone } = node;
        return { t, ref: this.ref(node), operator, values, ...(zone !== undefined && { zone }) };
      }
      case "days": {
        const { t, ranges, negated, zone } = node;
        return { t, ref: this.ref(node), ranges: ranges.map(rangeOf), negated, ...(zone !== undefined && { zone }) };
      }
      case "measure":
      case "calculation":
      case "compared": {
        const { t, name, type, operator, values } = node;
        if (t !== "measure") return { t, name, type, operator, values };
        return { t, measure: resolveMeasure(this.#catalog, name, name), type, operator, values };
      }
      case "entity":
        return { ...node, of: this.condition(node.of) };
      case "members":
        return { t: "members", role: node.role, of: this.#members(node.of) };
      case "segment":
        return node;
    }
  }

  #members(of: MemberSetNode): MemberSet {
    if (of.t === "attributes") return { t: "attributes", where: this.condition(of.where) };
    return of.t === "facts" ? { ...of, where: this.conditions(of.where) } : of;
  }

  cube = (name: string): CubeNode => required(this.#catalog.cubes, name, "cube");

  leaf(node: LeafNode): Leaf {
    const known = this.#leaves.get(node);
    if (known) return known;
    const { events } = node;
    const leaf: Leaf = {
      column: node.column,
      member: node.member,
      cube: node.cube,
      fact: this.cube(node.cube),
      measure: node.take,
      where: node.where ? this.condition(node.where) : null,
      frames: (node.moves ?? []) satisfies readonly Frame[],
      ...(node.rest && { rest: this.#rest(node.rest) }),
      ...(events && {
        following: {
          cube: this.cube(events.to.cube),
          date: events.to.date,
          where: [],
          condition: events.to.where && this.condition(events.to.where),
          from: { cube: this.cube(events.from.cube), date: events.from.date, where: [] },
        },
      }),
    };
    this.#leaves.set(node, leaf);
    return leaf;
  }

  #rest({ id, where, cells }: RestNode): Rest {
    return {
      id,
      conditions: this.conditions(where),
      cells: cells.map(({ role, keys, kept }) => ({
        role,
        refs: keys.map((key) => this.ref(key)),
        members: new Set(kept),
      })),
    };
  }
}

/** The leaves of a plan by column. */
export type LeavesByColumn = ReadonlyMap<string, Leaf>;

/** The dates of a fact's windows. @param now the plan's */
export const linkAlong = ({ role, days, reached, bounded, compare }: AlongNode, now: IsoDay): Along => ({
  role,
  days: days.map(rangeOf),
  reached: reached.map(rangeOf),
  bounded,
  compare: compare
    ? { role, current: rangeOf(compare.current), previous: rangeOf(compare.previous), years: compare.years }
    : null,
  now: dayOf(now),
});

/** The dates that a fact's windows are taken along, where it has them. */
export const alongOfFact = ({ along }: FactNode, now: IsoDay): Along | null => (along ? linkAlong(along, now) : null);

/** How a measure is computed. */
export function linkTree(node: TreeNode, leaves: LeavesByColumn): MeasureTree {
  const { fill } = node;
  switch (node.t) {
    case "leaf":
      return { t: "leaf", leaf: required(leaves, node.column, "leaf"), fill };
    case "formula":
      return {
        t: "formula",
        formula: node.formula,
        parts: new Map(Object.entries(node.parts).map(([name, part]) => [name, linkTree(part, leaves)])),
        fill,
      };
    case "share":
      return {
        t: "share",
        base: linkTree(node.base, leaves),
        ...(node.whole && { whole: linkTree(node.whole, leaves) }),
        of: node.of,
        fill,
      };
    case "rank":
      return { ...node, base: linkTree(node.base, leaves), fill };
  }
}

/** The leaf of a column. */
export const leafNamed = (leaves: readonly LeafNode[], column: string): LeafNode =>
  present(
    leaves.find((leaf) => leaf.column === column),
    `leaf ${column}`,
  );
