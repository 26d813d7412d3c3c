/** Groups out of links, the surest first, that never hold two entries which a person has told apart. */

export interface Link {
  readonly a: number;
  readonly b: number;
}

export interface Clusters {
  /** entry -> the smallest entry of its group */
  readonly root: Int32Array;
  /** root -> chance of the weakest link without which the group would fall apart; 1 for who is alone */
  readonly confidence: Float64Array;
  /** links that were not followed, because they lead to who was told apart */
  readonly refused: number;
}

/** Makes groups link by link; ask for the state at any moment. */
export class Grouping {
  private readonly parent: Int32Array;
  private readonly weakest: Float64Array;
  private readonly apart = new Map<number, number[]>();
  private refusedCount = 0;

  constructor(size: number, apart: readonly Link[]) {
    this.parent = Int32Array.from({ length: size }, (_, i) => i);
    this.weakest = new Float64Array(size).fill(1);
    for (const { a, b } of apart) {
      this.apart.set(a, [...(this.apart.get(a) ?? []), b]);
      this.apart.set(b, [...(this.apart.get(b) ?? []), a]);
    }
  }

  find(entry: number): number {
    let root = entry;
    while (this.parent[root] !== root) root = this.parent[root]!;
    for (let at = entry; at !== root; ) {
      const next = this.parent[at]!;
      this.parent[at] = root;
      at = next;
    }
    return root;
  }

  /** Links must come in falling order of their chance. @returns whether they are one group now */
  link(a: number, b: number, chance: number): boolean {
    const [x, y] = [this.find(a), this.find(b)];
    if (x === y) return true;
    const [told, others] = [this.apart.get(x), this.apart.get(y)];
    if (told?.some((each) => this.find(each) === y) || others?.some((each) => this.find(each) === x)) {
      this.refusedCount++;
      return false;
    }
    const [root, child] = x < y ? [x, y] : [y, x];
    this.parent[child] = root;
    this.weakest[root] = Math.min(this.weakest[root]!, this.weakest[child]!, chance);
    if (told || others) this.apart.set(root, [...(told ?? []), ...(others ?? [])]);
    return true;
  }

  clusters(): Clusters {
    const root = Int32Array.from(this.parent, (_, i) => this.find(i));
    return { root, confidence: this.weakest, refused: this.refusedCount };
  }
}
