/** The reports of the models that a version holds. */
import type { Report } from "../../engine/mining/index.ts";
import type { OpenProject, QueryOptions } from "./open-project.ts";
import { TesseraError, phrase } from "../../engine/errors/index.ts";
import { quoteIdentifier } from "../../engine/warehouse/index.ts";

export type ModelReport = Report & { /** the data has been loaded anew since */ readonly stale: boolean };

/** @throws TesseraError `not-found` for a model that has not been mined in this version */
export async function modelReport(
  project: OpenProject,
  name: string,
  options: QueryOptions = {},
): Promise<ModelReport> {
  const declared = (project.spec.models ?? []).some((m) => m.name === name);
  const label = project.manifest(options).labels[name];
  if (!declared)
    throw new TesseraError("not-found", phrase`unknown model ${name}`, {
      remedy: phrase`models: ${(project.spec.models ?? []).map((m) => m.name).join(", ") || "none"}`,
    });
  if (!label)
    throw new TesseraError("not-found", phrase`model ${name} has not been mined yet`, {
      remedy: phrase`run \`tessera mine ${name}\``,
    });
  const { rows } = await project.sql(`SELECT report FROM ${quoteIdentifier(`report_${name}`)}`, [], options);
  return { ...(JSON.parse(String(rows[0]!["report"])) as Report), stale: label.stale };
}
