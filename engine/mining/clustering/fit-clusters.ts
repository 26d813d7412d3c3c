/** Customer clusters: k-means over the features of members, each cluster named for what distinguishes it. */
import type { ClusterModel } from "./cluster-model.ts";
import { TesseraError, phrase } from "../../errors/index.ts";
import { featureTitle } from "../columns.ts";
import { featureColumns, featureTable, readMatrix } from "../features.ts";
import { count, f64, i32 } from "../numeric/vector.ts";
import { Matrix } from "../numeric/matrix.ts";
import { OUTPUTS } from "../outputs/index.ts";
import { defineTechnique, type Fitted, type MiningContext } from "../technique.ts";
import { chooseK } from "./choose-k.ts";
import { clusterReport } from "./cluster-report.ts";
import { kmeans, type Clustering } from "./kmeans.ts";
import { nameClusters } from "./name-clusters.ts";
import { prepare } from "./prepare.ts";

const FEWEST = 50;

async function fitClusters(context: MiningContext<ClusterModel>): Promise<Fitted> {
  const { connection, model, asOf } = context;
  const seed = model.seed ?? 1;
  context.onProgress("reading features");
  const members = await featureTable(context, "cluster_features", model.features, asOf);
  if (members < FEWEST)
    throw new TesseraError("too-little-data", phrase`model "${model.name}": ${members} members have facts`, {
      place: `model ${model.name}`,
      remedy: phrase`load at least ${FEWEST} members with facts`,
    });
  const raw = await readMatrix(context, "cluster_features", featureColumns(model.features));
  const prepared = prepare(model.features, raw);
  if (prepared.columns.length === 0)
    throw new TesseraError("too-little-data", phrase`model "${model.name}": all members have the same features`, {
      place: `model ${model.name} › features`,
      remedy: "add a feature that differs between members",
    });

  context.onProgress("choosing the number of clusters");
  const choice = model.k === "auto" ? chooseK(prepared.rows, seed) : { k: model.k, candidates: [] };
  context.onProgress(`finding ${choice.k} clusters`);
  const found = bySize(kmeans(prepared.rows, { k: choice.k, seed }));
  const titles = new Map(model.features.map((f) => [f, featureTitle(context, f)] as const));
  const names = nameClusters(found, prepared, titles);

  await connection.run("CREATE OR REPLACE TEMP TABLE cluster_names (number INTEGER, cluster VARCHAR)");
  for (const [i, name] of names.entries()) await connection.run("INSERT INTO cluster_names VALUES ($1, $2)", [i, name]);
  await writeAssigned(context, found);
  return {
    labels: "SELECT a.key, n.cluster, a.distance FROM cluster_assigned AS a JOIN cluster_names AS n USING (number)",
    report: clusterReport(context, { members, raw, prepared, found, names, titles, candidates: choice.candidates }),
  };
}

/** Clusters numbered by size, largest first, so that the numbers do not depend on the start. */
function bySize(found: Clustering): Clustering {
  const counts = new Int32Array(found.k);
  for (const c of found.assigned) count(counts, c);
  const order = [...counts.keys()].sort((a, b) => i32(counts, b) - i32(counts, a) || a - b);
  const place = new Int32Array(found.k);
  const centres = new Matrix(found.k, found.centres.columns);
  for (const [now, old] of order.entries()) {
    place[old] = now;
    centres.row(now).set(found.centres.row(old));
  }
  return { ...found, centres, assigned: found.assigned.map((c) => i32(place, c)) };
}

/** Creates the temporary table `cluster_assigned`: key, number of the cluster, distance to its centre. */
async function writeAssigned({ connection }: MiningContext, found: Clustering): Promise<void> {
  await connection.run(
    "CREATE OR REPLACE TEMP TABLE cluster_numbers (position INTEGER, number INTEGER, distance DOUBLE)",
  );
  const appender = await connection.createAppender("cluster_numbers", "main", "temp");
  for (const [i, cluster] of found.assigned.entries()) {
    appender.appendInteger(i);
    appender.appendInteger(cluster);
    appender.appendDouble(Math.sqrt(f64(found.distances, i)));
    appender.endRow();
  }
  appender.closeSync();
  await connection.run(
    `CREATE OR REPLACE TEMP TABLE cluster_assigned AS SELECT f.key, c.number, c.distance
     FROM (SELECT key, (row_number() OVER (ORDER BY key) - 1)::INTEGER AS position FROM cluster_features) AS f
     JOIN cluster_numbers AS c USING (position)`,
  );
}

/** The technique `kmeans`. */
export const clusters = defineTechnique<ClusterModel>()({
  ...OUTPUTS.kmeans,
  fit: fitClusters,
  score: (_, fitted) => fitted.labels,
  report: (_, fitted) => fitted.report,
});
