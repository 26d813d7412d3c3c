/** Kinds of members: k-means over their features, each cluster named for what makes it different. */
import { TesseraError, phrase } from "../../errors/index.ts";
import type { Column, Row } from "../../model/query.ts";
import { featureTable, readMatrix } from "../features.ts";
import { defineTechnique, type Fitted, type MiningContext, type ModelSpec } from "../technique.ts";
import { OUTPUTS } from "../outputs.ts";
import { chooseK } from "./choose-k.ts";
import { kmeans, silhouette, type Clustering } from "./kmeans.ts";
import { rulesSection } from "./rule-text.ts";
import { prepare, type Prepared } from "./prepare.ts";

export interface ClusterModel extends ModelSpec {
  readonly technique: "kmeans";
  readonly features: readonly string[];
  readonly k: number | "auto";
}

const FEWEST = 50;

async function fitClusters(context: MiningContext<ClusterModel>): Promise<Fitted> {
  const { engine, connection, model, asOf } = context;
  const seed = model.seed ?? 1;
  context.onProgress("reading features");
  const members = await featureTable(context, "cluster_features", model.features, asOf);
  if (members < FEWEST)
    throw new TesseraError("too-little-data", phrase`model ${model.name} has ${members} members with facts`, {
      place: `model ${model.name}`,
      remedy: phrase`load at least ${FEWEST}`,
    });
  const raw = await readMatrix(
    context,
    "cluster_features",
    model.features.map((_, i) => `f${i}`),
  );
  const prepared = prepare(model.features, raw);
  if (prepared.d === 0)
    throw new TesseraError("too-little-data", phrase`no feature of model ${model.name} differs between members`, {
      place: `model ${model.name} › features`,
    });

  context.onProgress("choosing the number of clusters");
  const choice =
    model.k === "auto" ? chooseK(prepared.data, prepared.n, prepared.d, seed) : { k: model.k, candidates: [] };
  context.onProgress(`finding ${choice.k} clusters`);
  const found = bySize(kmeans(prepared.data, prepared.n, prepared.d, { k: choice.k, seed }), prepared.d);
  const titles = new Map(model.features.map((f) => [f, titleOf(context, f)] as const));
  const names = nameClusters(found, prepared, titles);

  await connection.run("CREATE OR REPLACE TEMP TABLE cluster_names (number INTEGER, cluster VARCHAR)");
  for (const [i, name] of names.entries()) await connection.run("INSERT INTO cluster_names VALUES ($1, $2)", [i, name]);
  await writeAssigned(context, found);

  const sizes = names.map((_, c) => found.assigned.reduce((n, a) => n + (a === c ? 1 : 0), 0));
  const columns: Column[] = [
    { name: "cluster", kind: "dimension", type: "string", title: "Cluster" },
    { name: "members", kind: "measure", type: "integer", title: "Members", format: "integer" },
    { name: "share", kind: "measure", type: "number", title: "Share", format: "percent" },
    ...prepared.columns.map((c): Column => {
      const measure = engine.catalog.measures.get(c.name);
      return {
        name: c.name,
        kind: "measure",
        type: "number",
        title: `Median ${titles.get(c.name)!}`,
        format: measure?.format === "integer" ? "decimal" : (measure?.format ?? "decimal"),
        ...(measure?.format === "currency" &&
          engine.catalog.project.currency && { currency: engine.catalog.project.currency }),
      };
    }),
  ];
  const rows: Row[] = names.map((name, c) => ({
    cluster: name,
    members: sizes[c]!,
    share: sizes[c]! / members,
    ...Object.fromEntries(
      prepared.columns.map((p) => [p.name, medianOf(raw[model.features.indexOf(p.name)]!, found.assigned, c)]),
    ),
  }));
  const different: Row[] = names.flatMap((name, c) =>
    prepared.columns.map((p, j) => ({
      cluster: name,
      feature: titles.get(p.name)!,
      z: found.centers[c * prepared.d + j]!,
    })),
  );
  const sampled = silhouetteOf(prepared, found);
  return {
    labels: "SELECT a.key, n.cluster, a.distance FROM cluster_assigned AS a JOIN cluster_names AS n USING (number)",
    report: {
      members,
      parameters: {
        k: choice.k,
        features: model.features,
        starts: 10,
        logged: prepared.columns.filter((c) => c.logged).map((c) => titles.get(c.name)!),
      },
      figures: [
        { title: "Clusters", value: choice.k, format: "integer" },
        {
          title: "Silhouette",
          value: sampled,
          format: "decimal",
          note: "-1 to 1; above 0.25 clusters are worth a name, above 0.5 they stand well apart",
        },
        {
          title: "Spread explained",
          value: 1 - found.inertia / (prepared.n * prepared.d),
          format: "percent",
          note: "against one cluster for all: the naive rival explains 0 %",
        },
      ],
      sections: [
        { title: "Members", columns: [columns[0]!, columns[1]!], rows, chart: "bar" },
        {
          title: "What makes each different",
          chart: "heatmap",
          rows: different,
          note: "Standard deviations above or below all members' mean.",
          columns: [
            { name: "cluster", kind: "dimension", type: "string", title: "Cluster" },
            { name: "feature", kind: "dimension", type: "string", title: "Feature" },
            { name: "z", kind: "measure", type: "number", title: "Deviation", format: "decimal" },
          ],
        },
        { title: "Profile", columns, rows },
        rulesSection(
          names,
          found,
          model.features
            .map((f, i) => ({ name: f, title: titles.get(f)!, values: raw[i]! }))
            .filter((f) => prepared.columns.some((c) => c.name === f.name)),
          engine.catalog,
        ),
        ...(choice.candidates.length > 0
          ? [
              {
                title: "How many clusters",
                note: "Chosen: the best silhouette among those that a second sample finds again (stability 0.7 or more).",
                columns: [
                  { name: "k", kind: "dimension" as const, type: "integer" as const, title: "Clusters" },
                  {
                    name: "silhouette",
                    kind: "measure" as const,
                    type: "number" as const,
                    title: "Silhouette",
                    format: "decimal" as const,
                  },
                  {
                    name: "stability",
                    kind: "measure" as const,
                    type: "number" as const,
                    title: "Stability",
                    format: "decimal" as const,
                  },
                ],
                rows: choice.candidates.map((c) => ({ k: c.k, silhouette: c.silhouette, stability: c.stability })),
              },
            ]
          : []),
      ],
      notes: [
        ...prepared.columns
          .filter((c) => c.filled > 0)
          .map(
            (c) =>
              `${c.filled.toLocaleString("en")} members have no ${titles.get(c.name)!}; they were given the median.`,
          ),
        ...model.features
          .filter((f) => !prepared.columns.some((c) => c.name === f))
          .map((f) => `${titles.get(f)!} was left out: it does not differ between members.`),
        "Clusters describe; they do not explain, and their borders are not sharp.",
      ],
    },
  };
}

const titleOf = ({ engine, model }: MiningContext, feature: string): string =>
  engine.catalog.measures.get(feature)?.title ??
  engine.catalog.dimensions.get(model.over)?.attributes.get(feature.split(".")[1] ?? "")?.title ??
  feature;

/** Clusters numbered by size, largest first, so that the numbers do not depend on chance. */
function bySize(found: Clustering, d: number): Clustering {
  const counts = new Int32Array(found.k);
  for (const a of found.assigned) counts[a]!++;
  const order = Array.from({ length: found.k }, (_, c) => c).sort((a, b) => counts[b]! - counts[a]! || a - b);
  const place = new Int32Array(found.k);
  order.forEach((old, now) => {
    place[old] = now;
  });
  const centers = new Float64Array(found.centers.length);
  order.forEach((old, now) => centers.set(found.centers.subarray(old * d, old * d + d), now * d));
  return { ...found, centers, assigned: found.assigned.map((a) => place[a]!) };
}

/** "High revenue, low return rate": the two features in which the centre is farthest from the mean. */
function nameClusters(found: Clustering, { columns, d }: Prepared, titles: ReadonlyMap<string, string>): string[] {
  const names: string[] = [];
  for (let c = 0; c < found.k; c++) {
    const ranked = columns
      .map((column, j) => ({ title: titles.get(column.name)!.toLowerCase(), z: found.centers[c * d + j]! }))
      .sort((a, b) => Math.abs(b.z) - Math.abs(a.z));
    const telling = ranked.filter((r) => Math.abs(r.z) >= 0.4).slice(0, 2);
    const words =
      telling.length === 0
        ? "average in everything"
        : telling.map((r) => `${r.z > 0 ? "high" : "low"} ${r.title}`).join(", ");
    const name = words[0]!.toUpperCase() + words.slice(1);
    names.push(names.includes(name) ? `${name} (${c + 1})` : name);
  }
  return names;
}

function medianOf(values: Float64Array, assigned: Int32Array, cluster: number): number | null {
  const own = values.filter((v, i) => assigned[i] === cluster && !Number.isNaN(v)).sort();
  return own.length === 0
    ? null
    : own.length % 2
      ? own[(own.length - 1) / 2]!
      : (own[own.length / 2 - 1]! + own[own.length / 2]!) / 2;
}

/** On every nth row, some two thousand in all. */
function silhouetteOf({ data, n, d }: Prepared, found: Clustering): number {
  const step = Math.max(1, Math.floor(n / 2000));
  const rows: number[] = [];
  for (let i = 0; i < n; i += step) rows.push(i);
  const sample = new Float64Array(rows.length * d);
  rows.forEach((row, i) => sample.set(data.subarray(row * d, row * d + d), i * d));
  return silhouette(
    sample,
    rows.length,
    d,
    Int32Array.from(rows, (row) => found.assigned[row]!),
    found.k,
  );
}

async function writeAssigned({ connection }: MiningContext, found: Clustering): Promise<void> {
  await connection.run(
    "CREATE OR REPLACE TEMP TABLE cluster_numbers (position INTEGER, number INTEGER, distance DOUBLE)",
  );
  const appender = await connection.createAppender("cluster_numbers", "main", "temp");
  for (let i = 0; i < found.assigned.length; i++) {
    appender.appendInteger(i);
    appender.appendInteger(found.assigned[i]!);
    appender.appendDouble(Math.sqrt(found.distances[i]!));
    appender.endRow();
  }
  appender.closeSync();
  await connection.run(
    "CREATE OR REPLACE TEMP TABLE cluster_assigned AS SELECT f.key, c.number, c.distance FROM (SELECT key, (row_number() OVER (ORDER BY key) - 1)::INTEGER AS position FROM cluster_features) AS f JOIN cluster_numbers AS c USING (position)",
  );
}

export const clusters = defineTechnique<ClusterModel>()({
  ...OUTPUTS.kmeans,
  fit: fitClusters,
  score: (_, fitted) => fitted.labels,
  report: (_, fitted) => fitted.report,
});
