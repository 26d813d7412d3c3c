/** Fits one model on a workbench and writes its labels, with their history, and its report into the new file. */
import { createHash } from "node:crypto";
import { TesseraError } from "../errors.ts";
import { parseDay, toIso, type Day } from "../model/calendar.ts";
import type { MiningModel } from "../model/declarations.ts";
import { quote } from "../sql/print-duckdb.ts";
import { titleOf } from "../model/catalog.ts";
import type { Engine } from "../query/engine.ts";
import type { Workbench } from "../warehouse/workbench.ts";
import type { Manifest } from "../warehouse/version.ts";
import { fitChurn } from "./churn/fit-churn.ts";
import { fitClusters } from "./clustering/fit-clusters.ts";
import { fitLifetimeValue } from "./lifetime-value/fit-lifetime-value.ts";
import { labelsTable, OUTPUTS } from "./outputs.ts";
import { fitRfm } from "./rfm/rfm.ts";
import type { Fitted, MiningContext, Report } from "./technique.ts";

export interface LabelRun { readonly report: Report; readonly table: string; readonly asOf: string; readonly fingerprint: string }

const fit = (context: MiningContext): Promise<Fitted> => {
  switch (context.model.technique) {
    case "rfm": return fitRfm(context as Parameters<typeof fitRfm>[0]);
    case "logistic": return fitChurn(context as Parameters<typeof fitChurn>[0]);
    case "bg_nbd": return fitLifetimeValue(context as Parameters<typeof fitLifetimeValue>[0]);
    case "kmeans": return fitClusters(context as Parameters<typeof fitClusters>[0]);
  }
};

export async function fitModel(engine: Engine, workbench: Workbench, manifest: Manifest, model: MiningModel, onProgress: MiningContext["onProgress"] = () => {}): Promise<LabelRun> {
  const asOf = dayOf(model, engine);
  const { report, labels } = await fit({ engine, connection: workbench.connection, model, asOf, onProgress });
  const table = labelsTable(model.name);
  const fingerprint = createHash("sha256").update(JSON.stringify([manifest.files.filter((f) => !f.path.includes("-labels_")).map((f) => f.sha256), { ...model, title: undefined, description: undefined }, toIso(asOf)])).digest("hex").slice(0, 32);
  await writeLabels(workbench, table, labels, model, asOf);
  const full: Report = { ...report, model: model.name, title: model.title ?? titleOf(model.name), technique: model.technique, over: model.over, asOf: toIso(asOf), dataVersion: manifest.version, seed: model.seed ?? 1, fingerprint };
  await workbench.connection.run(`CREATE TABLE out.${quote(`report_${model.name}`)} AS SELECT $1::VARCHAR AS report`, [JSON.stringify(full)]);
  return { report: full, table, asOf: toIso(asOf), fingerprint };
}

function dayOf(model: MiningModel, engine: Engine): Day {
  if (model.asOf === undefined || model.asOf === "latest") return engine.now();
  const day = parseDay(model.asOf);
  if (day === null) throw new TesseraError("mining-invalid", `model ${model.name}: ${JSON.stringify(model.asOf)} is no date`, { place: `model ${model.name} › asOf`, remedy: 'write "latest" or "2025-07-31"' });
  return day;
}

/**
 * Labels are dated: a row holds from `valid_from` (the day the labels stand for) until the next labels of that member.
 * Labels of the same day or of later ones are replaced; the first labels of a member do not reach back.
 */
async function writeLabels({ connection, serving }: Workbench, table: string, labels: string, model: MiningModel, asOf: Day): Promise<void> {
  const outputs = Object.keys(OUTPUTS[model.technique]).map(quote).join(", ");
  const day = `DATE '${toIso(asOf)}'`;
  await connection.run(`CREATE OR REPLACE TEMP TABLE new_labels AS ${labels}`);
  const earlier = serving.columns.has(table);
  const before = earlier ? `SELECT key, valid_from, CASE WHEN valid_until IS NULL OR valid_until > ${day} THEN ${day} ELSE valid_until END AS valid_until, ${outputs} FROM ${quote(table)} WHERE valid_from < ${day} UNION ALL ` : "";
  await connection.run(`CREATE TABLE out.${quote(table)} AS ${before}SELECT key, ${day} AS valid_from, NULL::DATE AS valid_until, ${outputs} FROM new_labels ORDER BY key, valid_from`);
}
