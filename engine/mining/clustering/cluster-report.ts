/** The report on clusters: sizes, profiles, rules, and how their number was chosen. */
import { at, required } from "../../lookup.ts";
import type { Column, Row } from "../../model/query.ts";
import { dimension, measure, unitOf } from "../columns.ts";
import { i32 } from "../numeric/vector.ts";
import { medianOfSorted } from "../numeric/summary.ts";
import type { Findings, MiningContext, ReportSection } from "../technique.ts";
import type { Candidate } from "./choose-k.ts";
import type { ClusterModel } from "./cluster-model.ts";
import { everyNth, type Clustering } from "./kmeans.ts";
import type { Prepared } from "./prepare.ts";
import { rulesSection } from "./rule-text.ts";
import { silhouette } from "./validity.ts";

/** What the report is written from. */
export interface ClusterFit {
  readonly members: number;
  /** features as they were read, in the order of the model's */
  readonly raw: readonly Float64Array[];
  readonly prepared: Prepared;
  readonly found: Clustering;
  readonly names: readonly string[];
  /** feature to title */
  readonly titles: ReadonlyMap<string, string>;
  /** numbers of clusters that were tried; empty where the number was given */
  readonly candidates: readonly Candidate[];
}

const CLUSTER = dimension("cluster", "Cluster");

/** Figures, sections and notes. */
export function clusterReport(context: MiningContext<ClusterModel>, fit: ClusterFit): Findings {
  const { model, engine } = context;
  const { members, raw, prepared, found, names, titles, candidates } = fit;
  const titleOf = (feature: string): string => required(titles, feature, "title of");
  const { columns, rows } = profile(context, fit);
  const used = new Set(prepared.columns.map((c) => c.name));
  return {
    members,
    parameters: {
      k: found.k,
      features: model.features,
      starts: 10,
      logged: prepared.columns.filter((c) => c.logged).map((c) => titleOf(c.name)),
    },
    figures: [
      { title: "Clusters", value: found.k, format: "integer" },
      {
        title: "Silhouette",
        value: sampledSilhouette(prepared, found),
        format: "decimal",
        note: "-1 to 1; above 0.25 the clusters are meaningful, above 0.5 well separated",
      },
      {
        title: "Variance explained",
        value: 1 - found.inertia / (prepared.rows.rows * prepared.rows.columns),
        format: "percent",
        note: "a single cluster for all members explains 0 %",
      },
    ],
    sections: [
      { title: "Members", columns: columns.slice(0, 2), rows, chart: "bar" },
      {
        title: "Distinguishing features",
        chart: "heatmap",
        rows: names.flatMap((name, c) =>
          prepared.columns.map((p, j) => ({ cluster: name, feature: titleOf(p.name), z: found.centres.get(c, j) })),
        ),
        note: "Standard deviations above or below the mean of all members.",
        columns: [CLUSTER, dimension("feature", "Feature"), measure("z", "Deviation")],
      },
      { title: "Profile", columns, rows },
      rulesSection(
        names,
        found.assigned,
        model.features
          .map((name, i) => ({ name, title: titleOf(name), values: at(raw, i) }))
          .filter(({ name }) => used.has(name)),
        engine.catalog,
      ),
      ...(candidates.length > 0 ? [candidatesSection(candidates)] : []),
    ],
    notes: [
      ...prepared.columns
        .filter((c) => c.filled > 0)
        .map((c) => `${c.filled.toLocaleString("en")} members have no ${titleOf(c.name)} and were given the median.`),
      ...model.features
        .filter((f) => !used.has(f))
        .map((f) => `${titleOf(f)} was left out: it is the same for all members.`),
      "Clusters describe members and do not explain them; their borders are not sharp.",
    ],
  };
}

/** Size and medians of each cluster. */
function profile(
  context: MiningContext<ClusterModel>,
  { members, raw, prepared, found, names, titles }: ClusterFit,
): { readonly columns: Column[]; readonly rows: Row[] } {
  const columns = [
    CLUSTER,
    measure("members", "Members", "integer"),
    measure("share", "Share", "percent"),
    ...prepared.columns.map(({ name }): Column => {
      const unit = context.engine.catalog.measures.has(name) ? unitOf(context, name) : { format: "decimal" as const };
      return {
        ...measure(name, `Median ${required(titles, name, "title of")}`),
        ...(unit.format === "integer" ? { format: "decimal" } : unit),
      };
    }),
  ];
  const rows = names.map((cluster, c): Row => {
    const size = found.assigned.reduce((n, own) => n + (own === c ? 1 : 0), 0);
    const medians = prepared.columns.map(({ name }) => {
      const values = at(raw, context.model.features.indexOf(name));
      return [name, medianOf(values, found.assigned, c)] as const;
    });
    return { cluster, members: size, share: size / members, ...Object.fromEntries(medians) };
  });
  return { columns, rows };
}

const candidatesSection = (candidates: readonly Candidate[]): ReportSection => ({
  title: "Number of clusters",
  note: "Chosen: the best silhouette among those that a second sample confirms (stability 0.7 or more).",
  columns: [
    dimension("k", "Clusters", "integer"),
    measure("silhouette", "Silhouette"),
    measure("stability", "Stability"),
  ],
  rows: candidates.map(({ k, silhouette, stability }) => ({ k, silhouette, stability })),
});

function medianOf(values: Float64Array, assigned: Int32Array, cluster: number): number | null {
  const own = values.filter((v, i) => assigned[i] === cluster && !Number.isNaN(v)).sort();
  return own.length === 0 ? null : medianOfSorted(own);
}

/** On every nth row, about two thousand in all. */
function sampledSilhouette({ rows }: Prepared, { assigned, k }: Clustering): number {
  const step = Math.max(1, Math.floor(rows.rows / 2000));
  const sample = everyNth(rows, step);
  return silhouette(
    sample,
    Int32Array.from({ length: sample.rows }, (_, i) => i32(assigned, i * step)),
    k,
  );
}
