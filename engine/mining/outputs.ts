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
  bg_nbd: {
    alive: { type: "number", title: "Chance to be alive", description: "Chance, 0 to 1, that the customer still buys at all (BG/NBD)." },
    purchases: { type: "number", title: "Expected purchases", description: "Purchases expected within the horizon (BG/NBD)." },
    value: { type: "number", title: "Expected value", description: "Value expected within the horizon, discounted (BG/NBD and Gamma-Gamma)." },
    value_band: { type: "string", title: "Value band", description: "A to E: fifths of all customers by expected value, A the most." },
  },
  logistic: {
    score: { type: "number", title: "Risk of leaving", description: "Chance, 0 to 1, of no purchase in the label's period." },
    decile: { type: "integer", title: "Risk tenth", description: "1 the tenth most at risk, 10 the least." },
    reason: { type: "string", title: "Main reason", description: "What raises the risk most against the average customer." },
  },
  kmeans: {
    cluster: { type: "string", title: "Cluster", description: "The nearest cluster, named for what makes it different." },
    distance: { type: "number", title: "Distance to the cluster's centre", description: "In standard deviations of the scaled features." },
  },
};

export const labelsTable = (model: string): string => `labels_${model}`;

/** The attribute name of an output: renamed by `as`, else `<model>_<output>`. */
export const labelAttribute = (model: MiningModel, output: string): string => model.as?.[output] ?? `${model.name}_${output}`;
