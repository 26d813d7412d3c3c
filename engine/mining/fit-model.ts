/** Fits one model on a workbench and writes its labels and its report into the new version. */
import { createHash } from "node:crypto";
import { TesseraError, phrase } from "../errors/index.ts";
import { parseDay, toIso, type Day } from "../model/time/calendar.ts";
import { titleOf } from "../model/catalog.ts";
import { labelsTable, type MiningModel } from "../model/mining-model.ts";
import type { Engine } from "../query/answer/engine.ts";
import { quote } from "../sql/print-duckdb.ts";
import type { Manifest } from "../warehouse/version.ts";
import type { Workbench } from "../warehouse/workbench.ts";
import { migrationSection, writeLabels } from "./labels.ts";
import type { MiningContext, Report, Technique } from "./technique.ts";
import { techniqueOf } from "./technique-of.ts";

/** What a run of one model wrote. */
export interface LabelRun {
  readonly report: Report;
  /** the table of the labels */
  readonly table: string;
  /** ISO day the labels are valid from */
  readonly asOf: string;
  readonly fingerprint: string;
}

/**
 * Fits a model, scores its members and reports.
 * @param on ISO day of the labels, instead of the model's own
 * @throws TesseraError `mining-invalid`, `too-little-data`
 */
export async function fitModel(
  engine: Engine,
  workbench: Workbench,
  manifest: Manifest,
  model: MiningModel,
  onProgress: MiningContext["onProgress"] = () => {},
  on?: string,
): Promise<LabelRun> {
  const technique = techniqueOf(model);
  const asOf = dayOf(on === undefined ? model : { ...model, asOf: on }, engine);
  const context: MiningContext = { engine, connection: workbench.connection, model, asOf, onProgress };
  const fitted = await technique.fit(context);
  const labels = await technique.score(context, fitted);
  const findings = await technique.report(context, fitted);
  const table = labelsTable(model.name);
  const fingerprint = fingerprintOf(manifest, model, asOf, technique);
  await writeLabels(workbench, table, labels, model, asOf);
  const migration = labels === null ? null : await migrationSection(workbench, table, model, asOf);
  const report: Report = {
    ...findings,
    sections: [...findings.sections, ...(migration ? [migration] : [])],
    model: model.name,
    title: model.title ?? titleOf(model.name),
    technique: model.technique,
    over: model.over,
    asOf: toIso(asOf),
    dataVersion: manifest.version,
    seed: model.seed ?? 1,
    fingerprint,
  };
  await workbench.connection.run(`CREATE TABLE out.${quote(`report_${model.name}`)} AS SELECT $1::VARCHAR AS report`, [
    JSON.stringify(report),
  ]);
  return { report, table, asOf: toIso(asOf), fingerprint };
}

/**
 * Hash of the data, the parameters, the seed and the day, and of the code of a project's own technique. Titles do not
 * count, nor do labels among the data.
 */
function fingerprintOf(manifest: Manifest, model: MiningModel, asOf: Day, technique: Technique): string {
  const { title: _, description: __, outputs: ___, implementation, ...parameters } = model;
  const data = manifest.files.filter((f) => !f.path.includes("-labels_")).map((f) => f.sha256);
  return createHash("sha256")
    .update(JSON.stringify([data, parameters, toIso(asOf), ...(implementation ? codeOf(technique) : [])]))
    .digest("hex")
    .slice(0, 32);
}

const codeOf = ({ fit, score, report }: Technique): string[] => [fit, score, report].map(String);

function dayOf(model: MiningModel, engine: Engine): Day {
  if (model.asOf === undefined || model.asOf === "latest") return engine.now();
  const day = parseDay(model.asOf);
  if (day === null)
    throw new TesseraError("mining-invalid", phrase`asOf "${model.asOf}" is not a date`, {
      place: `model ${model.name} › asOf`,
      remedy: 'write "latest" or a date such as "2025-07-31"',
    });
  return day;
}
