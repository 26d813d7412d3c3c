/** Fits one model on a workbench and writes its labels, with their history, and its report into the new file. */
import { createHash } from "node:crypto";
import { TesseraError, phrase } from "../errors/index.ts";
import { parseDay, toIso, type Day } from "../model/time/calendar.ts";
import { titleOf } from "../model/catalog.ts";
import { labelsTable, type MiningModel } from "../model/mining-model.ts";
import { quote } from "../sql/print-duckdb.ts";
import type { Engine } from "../query/answer/engine.ts";
import type { Workbench } from "../warehouse/workbench.ts";
import type { Manifest } from "../warehouse/version.ts";
import { migrationSection, writeLabels } from "./labels.ts";
import type { Findings, MiningContext, Report, Technique } from "./technique.ts";
import { TECHNIQUES } from "./techniques.ts";

export interface LabelRun {
  readonly report: Report;
  readonly table: string;
  readonly asOf: string;
  readonly fingerprint: string;
}

/** @param on the day that the labels stand for, in place of the model's own */
export async function fitModel(
  engine: Engine,
  workbench: Workbench,
  manifest: Manifest,
  model: MiningModel,
  onProgress: MiningContext["onProgress"] = () => {},
  on?: string,
): Promise<LabelRun> {
  const technique = (TECHNIQUES as unknown as { readonly [name: string]: Technique | undefined })[model.technique];
  if (!technique)
    throw new TesseraError("mining-invalid", phrase`model ${model.name}: unknown technique ${model.technique}`, {
      place: `model ${model.name} › technique`,
      remedy: phrase`one of ${Object.keys(TECHNIQUES).join(", ")}`,
    });
  const asOf = dayOf(on === undefined ? model : { ...model, asOf: on }, engine);
  const context: MiningContext = { engine, connection: workbench.connection, model, asOf, onProgress };
  const fitted = await technique.fit(context);
  const labels = await technique.score(context, fitted);
  const findings: Findings = await technique.report(context, fitted);
  const table = labelsTable(model.name);
  const { title: _, description: __, outputs: ___, ...parameters } = model;
  const fingerprint = createHash("sha256")
    .update(
      JSON.stringify([
        manifest.files.filter((f) => !f.path.includes("-labels_")).map((f) => f.sha256),
        parameters,
        toIso(asOf),
      ]),
    )
    .digest("hex")
    .slice(0, 32);
  await writeLabels(workbench, table, labels, model, asOf);
  const moved = labels === null ? null : await migrationSection(workbench, table, model, asOf);
  const full: Report = {
    ...findings,
    sections: [...findings.sections, ...(moved ? [moved] : [])],
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
    JSON.stringify(full),
  ]);
  return { report: full, table, asOf: toIso(asOf), fingerprint };
}

function dayOf(model: MiningModel, engine: Engine): Day {
  if (model.asOf === undefined || model.asOf === "latest") return engine.now();
  const day = parseDay(model.asOf);
  if (day === null)
    throw new TesseraError("mining-invalid", phrase`model ${model.name}: ${JSON.stringify(model.asOf)} is no date`, {
      place: `model ${model.name} › asOf`,
      remedy: 'write "latest" or "2025-07-31"',
    });
  return day;
}
