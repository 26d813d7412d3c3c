/** Each cluster as a short rule: up to two bounds on features, chosen by how well they separate its members. */
import { at, last } from "../../lookup.ts";
import type { Catalog } from "../../model/catalog.ts";
import type { Row } from "../../model/query.ts";
import { dimension, measure } from "../columns.ts";
import { f64 } from "../numeric/vector.ts";
import type { ReportSection } from "../technique.ts";

/** A feature that rules can use, one value a member; NaN is unknown. */
export interface RuleFeature {
  readonly name: string;
  readonly title: string;
  readonly values: Float64Array;
}

/** `feature at least limit`, or `feature below limit`. */
export interface Bound {
  /** position of the feature */
  readonly feature: number;
  readonly above: boolean;
  readonly limit: number;
}

/** A rule and its quality. */
export interface ClusterRule {
  readonly bounds: readonly Bound[];
  /** precision: share of the members it names that belong to the cluster */
  readonly right: number;
  /** recall: share of the cluster's members that it names */
  readonly found: number;
}

const STEPS = 20;
const MOST_BOUNDS = 2;
const SAMPLED = 20_000;
/** A further bound must raise the F1 score by this much. */
const LEAST_GAIN = 0.01;

const f1 = ({ right, found }: ClusterRule): number => (2 * right * found) / (right + found || 1);

/** The best bound by F1 score, then another within it as long as it helps; unknown values satisfy no bound. */
export function clusterRule(features: readonly Float64Array[], assigned: Int32Array, cluster: number): ClusterRule {
  const step = Math.max(1, Math.ceil(assigned.length / SAMPLED));
  const rows: number[] = [];
  for (let i = 0; i < assigned.length; i += step) rows.push(i);
  const members = rows.filter((i) => assigned[i] === cluster).length;
  const limits = features.map((values) => limitsOf(values, rows));
  let left = rows;
  let best: ClusterRule = { bounds: [], right: members / rows.length, found: 1 };
  for (let k = 0; k < MOST_BOUNDS; k++) {
    let next: ClusterRule | null = null;
    for (const [feature, list] of limits.entries())
      for (const limit of list)
        for (const above of [true, false]) {
          const bound = { feature, above, limit };
          const named = left.filter((i) => keeps(bound, features, i));
          if (named.length === 0) continue;
          const hits = named.filter((i) => assigned[i] === cluster).length;
          const rule = { bounds: [...best.bounds, bound], right: hits / named.length, found: hits / members };
          if (next === null || f1(rule) > f1(next)) next = rule;
        }
    if (next === null || f1(next) < f1(best) + LEAST_GAIN) break;
    const bound = last(next.bounds);
    best = next;
    left = left.filter((i) => keeps(bound, features, i));
  }
  return best;
}

function keeps({ feature, above, limit }: Bound, features: readonly Float64Array[], row: number): boolean {
  const value = f64(at(features, feature), row);
  return above ? value >= limit : value < limit;
}

/** Twentieths of the known values, each once. */
function limitsOf(values: Float64Array, rows: readonly number[]): number[] {
  const sorted = Float64Array.from(rows, (i) => f64(values, i))
    .filter((v) => !Number.isNaN(v))
    .sort();
  if (sorted.length === 0) return [];
  const cuts = Array.from({ length: STEPS - 1 }, (_, s) => f64(sorted, Math.floor(((s + 1) * sorted.length) / STEPS)));
  return [...new Set(cuts)];
}

/** The rules of all clusters as a report section. */
export function rulesSection(
  names: readonly string[],
  assigned: Int32Array,
  features: readonly RuleFeature[],
  catalog: Catalog,
): ReportSection {
  const short = (value: number, name: string): string =>
    catalog.measures.get(name)?.format === "percent"
      ? `${(100 * value).toFixed(1)} %`
      : Number(value.toPrecision(3)).toLocaleString("en");
  const textOf = ({ feature, above, limit }: Bound): string => {
    const { name, title } = at(features, feature);
    return `${title.toLowerCase()} ${above ? "at least" : "below"} ${short(limit, name)}`;
  };
  const columns = features.map((f) => f.values);
  const rows: Row[] = names.map((cluster, c) => {
    const { bounds, right, found } = clusterRule(columns, assigned, c);
    const rule = bounds.map(textOf).join(" and ");
    return { cluster, rule: rule === "" ? "no simple rule" : rule, right, found };
  });
  return {
    title: "Cluster rules",
    wide: true,
    columns: [
      dimension("cluster", "Cluster"),
      dimension("rule", "Rule"),
      measure("right", "Precision", "percent"),
      measure("found", "Recall", "percent"),
    ],
    rows,
    note:
      "Rules are shorthand: members belong to the nearest centre. " +
      "Precision: share of the members named that are in the cluster. Recall: share of the cluster that is named.",
  };
}
