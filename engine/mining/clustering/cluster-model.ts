/** A declared clustering model. */
import type { ModelSpec } from "../technique.ts";

/** Clusters members by measures and numeric attributes. */
export interface ClusterModel extends ModelSpec {
  readonly technique: "kmeans";
  /** measures and attributes of the dimension; at least one measure */
  readonly features: readonly string[];
  /** the number of clusters, or `auto` to choose 3 to 8 by silhouette and stability */
  readonly k: number | "auto";
}
