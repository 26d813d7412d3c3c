/** Measures as trees over leaves, each leaf one aggregate of one fact under the changes of its time window. */
import { TesseraError, phrase, type Message } from "../../errors/index.ts";
import { present, required } from "../../lookup.ts";
import { AGGREGATES, countsNothingAsZero } from "../../model/aggregates.ts";
import type { Catalog, MeasureNode } from "../../model/catalog.ts";
import { eventRows } from "../../model/events.ts";
import type { Filter } from "../../model/filter.ts";
import { measuresIn, type Formula } from "../../model/formula.ts";
import type { ConversionMeasure, NestedMeasure } from "../../model/measure.ts";
import { measureNamed } from "../../model/row-count.ts";
import type { AttributeRef } from "../binding/member.ts";
import type { Condition, Frame, Leaf, LeafMeasure, MeasureTree } from "./nodes.ts";

/** How leaves resolve the names in their measures. */
export interface LeafResolver {
  /** the `where` of a filtered measure, as one condition */
  where(filters: readonly Filter[], place: string): Condition | null;
  /** an attribute that a measure of a measure is taken for each of */
  per(member: string, place: string): AttributeRef;
}

/** The leaves of a query, collected while its measures become trees. */
export class Leaves {
  readonly #catalog: Catalog;
  readonly #leaves = new Map<string, Leaf>();
  readonly #resolver: LeafResolver;

  constructor(catalog: Catalog, resolver: LeafResolver) {
    this.#catalog = catalog;
    this.#resolver = resolver;
  }

  get all(): readonly Leaf[] {
    return [...this.#leaves.values()];
  }

  /** The tree of a measure. Equal aggregates under equal windows are one leaf. */
  tree(node: MeasureNode, frames: readonly Frame[] = [], depth = 0): MeasureTree {
    if (depth > 50)
      throw new TesseraError("model-invalid", phrase`"${node.member}" is computed from itself`, { place: node.member });
    const { spec } = node;
    const fill = spec.fill;
    switch (spec.kind) {
      case "aggregate":
      case "semi_additive":
      case "nested":
      case "conversion":
        return { t: "leaf", leaf: this.#leaf(node, spec, frames, depth), fill };
      case "calculated": {
        const formula = present(node.formula, "the formula");
        return { t: "formula", formula, parts: this.parts(formula, frames, depth), fill };
      }
      case "time":
        return this.#filled(
          this.#base(node, [...frames, { role: spec.over ?? this.#dateRole(node), change: spec.change }], depth),
          fill,
        );
      case "share":
        return { t: "share", base: this.#base(node, frames, depth), of: spec.of, fill };
      case "rank":
        return {
          t: "rank",
          base: this.#base(node, frames, depth),
          direction: spec.direction,
          within: spec.within ?? null,
          fill,
        };
    }
  }

  /** The trees of every measure that a formula names. */
  parts(formula: Formula, frames: readonly Frame[] = [], depth = 0): ReadonlyMap<string, MeasureTree> {
    return new Map(measuresIn(formula).map((member) => [member, this.tree(this.#measure(member), frames, depth + 1)]));
  }

  #filled(tree: MeasureTree, fill: number | undefined): MeasureTree {
    return fill === undefined ? tree : { ...tree, fill };
  }

  #base(node: MeasureNode, frames: readonly Frame[], depth: number): MeasureTree {
    return this.tree(this.#measure(present(node.base, "the base")), frames, depth + 1);
  }

  #dateRole(node: MeasureNode): string {
    return present(required(this.#catalog.cubes, node.cube, "cube").dateRole, `the date role of ${node.cube}`);
  }

  #measure(member: string): MeasureNode {
    const node = measureNamed(this.#catalog, member);
    if (!node)
      throw new TesseraError("unknown-member", phrase`measure "${member}" not found`, {
        place: member,
        remedy: { action: "check-model" },
      });
    return node;
  }

  #leaf(node: MeasureNode, measure: LeafMeasure, frames: readonly Frame[], depth: number): Leaf {
    const key = JSON.stringify([node.member, frames]);
    const known = this.#leaves.get(key);
    if (known) return known;
    const roles = new Set(frames.map((f) => f.role));
    if (roles.size > 1)
      throw new TesseraError(
        "query-invalid",
        phrase`${node.member} would move along ${[...roles].join(" and ")} at once`,
        { place: node.member, remedy: "move it along one date role" },
      );
    const inner = measure.kind === "nested" ? this.#inner(node, measure, frames, depth) : null;
    const following = measure.kind === "conversion" ? this.#following(node, measure) : null;
    const where = this.#resolver.where([...(following?.from.where ?? []), ...(measure.where ?? [])], node.member);
    const leaf: Leaf = {
      column: `m${this.#leaves.size}`,
      member: node.member,
      cube: node.cube,
      fact: required(this.#catalog.cubes, node.cube, "cube"),
      measure,
      where,
      frames,
      ...(inner && { inner }),
      ...(following && { following }),
    };
    this.#leaves.set(key, leaf);
    return leaf;
  }

  #following(node: MeasureNode, measure: ConversionMeasure): NonNullable<Leaf["following"]> {
    const own = required(this.#catalog.cubes, node.cube, "cube");
    const from = eventRows(this.#catalog, own, measure.from);
    const to = eventRows(this.#catalog, own, measure.to);
    if ("reason" in from) throw this.#noEvents(node, from.reason);
    if ("reason" in to) throw this.#noEvents(node, to.reason);
    return { ...to, from, condition: this.#resolver.where(to.where, node.member) };
  }

  #noEvents({ member }: MeasureNode, reason: Message): TesseraError {
    return new TesseraError("model-invalid", phrase`${member}: ${reason}`, {
      place: member,
      remedy: { action: "check-model" },
    });
  }

  #inner(
    node: MeasureNode,
    measure: NestedMeasure,
    frames: readonly Frame[],
    depth: number,
  ): NonNullable<Leaf["inner"]> {
    const per = measure.per.map((member) => this.#resolver.per(member, node.member));
    // taken for each day, the measure has the days of its window as the inner query's range
    const ranged = per.find((ref) => ref.t === "role" && frames.some((frame) => frame.role === ref.role)) ?? null;
    const leaves = new Leaves(this.#catalog, this.#resolver);
    const tree = leaves.tree(this.#measure(present(node.base, "the base")), ranged ? [] : frames, depth + 1);
    return { leaves, per, ranged, tree };
  }
}

/** Every leaf of a tree. */
export function leavesIn(tree: MeasureTree): readonly Leaf[] {
  switch (tree.t) {
    case "leaf":
      return [tree.leaf];
    case "formula":
      return [...tree.parts.values()].flatMap(leavesIn);
    default:
      return leavesIn(tree.base);
  }
}

/** Whether a leaf counts, so that nothing found is 0. */
export const isCount = ({ measure }: Leaf): boolean =>
  (measure.kind === "conversion" && measure.give === "count") ||
  ((measure.kind === "aggregate" || measure.kind === "nested") && countsNothingAsZero(measure.aggregate));
/** Whether a leaf's parts may be aggregated again: the sum of sums, the sum of counts, the least of the least. */
export const isAdditive = (leaf: Leaf): boolean =>
  leaf.measure.kind === "aggregate" && AGGREGATES[leaf.measure.aggregate].merge !== null;
