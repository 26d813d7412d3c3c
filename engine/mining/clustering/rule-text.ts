/** Each cluster as a rule that a person can say: up to two bounds on features, by how well they tell its members from all others. */
import type { Catalog } from "../../model/catalog.ts";
import type { Column, Row } from "../../model/query.ts";
import { dimension, measure } from "../columns.ts";
import type { ReportSection } from "../technique.ts";
import type { Clustering } from "./kmeans.ts";

export interface RuleFeature {
  readonly name: string;
  readonly title: string;
  readonly values: Float64Array;
}
export interface Bound {
  readonly feature: number;
  readonly above: boolean;
  readonly at: number;
}
export interface ClusterRule {
  readonly bounds: readonly Bound[] /** members of the rule that are of the cluster */;
  readonly right: number /** members of the cluster that the rule names */;
  readonly found: number;
}

const STEPS = 20;
const MOST_BOUNDS = 2;
const SAMPLED = 20_000;

/** The bound that is best by F1 is taken, then another within it as long as that helps; unknown values keep no bound. */
export function clusterRule(features: readonly Float64Array[], assigned: Int32Array, cluster: number): ClusterRule {
  const n = assigned.length;
  const step = Math.max(1, Math.ceil(n / SAMPLED));
  const rows: number[] = [];
  for (let i = 0; i < n; i += step) rows.push(i);
  const own = rows.reduce((c, i) => c + (assigned[i] === cluster ? 1 : 0), 0);
  const cuts = features.map((values) => {
    const sorted = rows
      .map((i) => values[i]!)
      .filter((v) => !Number.isNaN(v))
      .sort((a, b) => a - b);
    return [
      ...new Set(Array.from({ length: STEPS - 1 }, (_, s) => sorted[Math.floor(((s + 1) * sorted.length) / STEPS)]!)),
    ].filter((v) => v !== undefined);
  });
  let left = rows;
  let best: ClusterRule = { bounds: [], right: own / rows.length, found: 1 };
  const score = (r: ClusterRule): number => (2 * r.right * r.found) / (r.right + r.found || 1);
  for (let k = 0; k < MOST_BOUNDS; k++) {
    let next: ClusterRule | null = null;
    for (const [feature, list] of cuts.entries())
      for (const at of list)
        for (const above of [true, false]) {
          let [named, hit] = [0, 0];
          for (const i of left) {
            const v = features[feature]![i]!;
            if (above ? v >= at : v < at) {
              named++;
              if (assigned[i] === cluster) hit++;
            }
          }
          if (named === 0) continue;
          const rule = { bounds: [...best.bounds, { feature, above, at }], right: hit / named, found: hit / own };
          if (next === null || score(rule) > score(next)) next = rule;
        }
    if (next === null || score(next) < score(best) + 0.01) break;
    const bound = next.bounds[next.bounds.length - 1]!;
    best = next;
    left = left.filter((i) =>
      bound.above ? features[bound.feature]![i]! >= bound.at : features[bound.feature]![i]! < bound.at,
    );
  }
  return best;
}

export function rulesSection(
  names: readonly string[],
  { assigned }: Pick<Clustering, "assigned">,
  features: readonly RuleFeature[],
  catalog: Catalog,
): ReportSection {
  const short = (value: number, name: string): string => {
    const format = catalog.measures.get(name)?.format;
    return format === "percent" ? `${(100 * value).toFixed(1)} %` : Number(value.toPrecision(3)).toLocaleString("en");
  };
  const rows: Row[] = names.map((cluster, c) => {
    const { bounds, right, found } = clusterRule(
      features.map((f) => f.values),
      assigned,
      c,
    );
    const words = bounds
      .map(
        (b) =>
          `${features[b.feature]!.title.toLowerCase()} ${b.above ? "at least" : "below"} ${short(b.at, features[b.feature]!.name)}`,
      )
      .join(" and ");
    return { cluster, rule: words === "" ? "no bound tells it from the others" : words, right, found };
  });
  const columns: Column[] = [
    dimension("cluster", "Cluster"),
    dimension("rule", "Rule"),
    measure("right", "Of those it names, in it", "percent"),
    measure("found", "Of its members, named", "percent"),
  ];
  return {
    title: "As rules",
    wide: true,
    columns,
    rows,
    note: "What a person would say of each: the rule is a shorthand, the cluster is its nearest centre.",
  };
}
