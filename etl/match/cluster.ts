/** Groups made from links, the surest first; two entries that a person separated never share a group. */
import { at } from "../../engine/lookup.ts";

/** A pair of entries, by their numbers. */
export interface Link {
  readonly a: number;
  readonly b: number;
}

/** The groups. */
export interface Clusters {
  /** entry -> the smallest entry of its group */
  readonly root: Int32Array;
  /** root -> probability of the weakest link that holds the group together; 1 for a single entry */
  readonly confidence: Float64Array;
  /** links that were not followed, because they join separated entries */
  readonly refused: number;
}

/** Makes groups link by link (union-find with path compression). */
export class Grouping {
  private readonly parent: Int32Array;
  private readonly weakest: Float64Array;
  private readonly apart = new Map<number, number[]>();
  private refusedCount = 0;

  /** @param size number of entries @param apart pairs that must stay separated */
  constructor(size: number, apart: readonly Link[]) {
    this.parent = Int32Array.from({ length: size }, (_, i) => i);
    this.weakest = new Float64Array(size).fill(1);
    for (const { a, b } of apart) {
      this.apart.set(a, [...(this.apart.get(a) ?? []), b]);
      this.apart.set(b, [...(this.apart.get(b) ?? []), a]);
    }
  }

  /** The smallest entry of the group. */
  find(entry: number): number {
    let root = entry;
    for (let next = at(this.parent, root); next !== root; next = at(this.parent, root)) root = next;
    for (let each = entry; each !== root; ) {
      const next = at(this.parent, each);
      this.parent[each] = root;
      each = next;
    }
    return root;
  }

  /**
   * Joins two groups; links must come in falling order of their probability.
   * @returns whether they are one group now
   */
  link(a: number, b: number, probability: number): boolean {
    const [x, y] = [this.find(a), this.find(b)];
    if (x === y) return true;
    const [fromX, fromY] = [this.apart.get(x), this.apart.get(y)];
    if (fromX?.some((each) => this.find(each) === y) || fromY?.some((each) => this.find(each) === x)) {
      this.refusedCount++;
      return false;
    }
    const [root, child] = x < y ? [x, y] : [y, x];
    this.parent[child] = root;
    this.weakest[root] = Math.min(at(this.weakest, root), at(this.weakest, child), probability);
    if (fromX || fromY) this.apart.set(root, [...(fromX ?? []), ...(fromY ?? [])]);
    return true;
  }

  /** The groups so far. */
  clusters(): Clusters {
    const root = Int32Array.from(this.parent, (_, i) => this.find(i));
    return { root, confidence: this.weakest, refused: this.refusedCount };
  }
}
