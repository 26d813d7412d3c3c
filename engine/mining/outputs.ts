/** What each mining technique adds to its dimension: output name -> type and title. Labels live in the table `labels_<model>`. */
import type { AttributeType } from "../model/dimension.ts";
import type { MiningModel } from "../model/declarations.ts";

export interface Output { readonly type: AttributeType; readonly title: string; readonly description: string }

export const OUTPUTS: Readonly<Record<MiningModel["technique"], Readonly<Record<string, Output>>>> = {
  rfm: {
    segment: { type: "string", title: "RFM segment", description: "Named from the quintiles of recency, frequency and money." },
    recency: { type: "integer", title: "Recency score", description: "1 (longest ago) to 5 (most recent)." },
    frequency: { type: "integer", title: "Frequency score", description: "1 (fewest purchases) to 5 (most)." },
    monetary: { type: "integer", title: "Monetary score", description: "1 (least money) to 5 (most)." },
  },
  kmeans: {
    cluster: { type: "string", title: "Cluster", description: "The nearest cluster, named for what makes it different." },
    distance: { type: "number", title: "Distance to the cluster's centre", description: "In standard deviations of the scaled features." },
  },
};

export const labelsTable = (model: string): string => `labels_${model}`;

/** The attribute name of an output: renamed by `as`, else `<model>_<output>`. */
export const labelAttribute = (model: MiningModel, output: string): string => model.as?.[output] ?? `${model.name}_${output}`;
