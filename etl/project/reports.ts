/** The reports of the models in a version. */
import { first } from "../../engine/lookup.ts";
import type { Report } from "../../engine/mining/index.ts";
import type { OpenProject, QueryOptions } from "./open-project.ts";
import { didYouMean, phrase, TesseraError } from "../../engine/errors/index.ts";
import { quoteIdentifier } from "../../engine/warehouse/index.ts";

/** The report of a model. */
export type ModelReport = Report & {
  /** data was loaded since */
  readonly stale: boolean;
};

/**
 * The report of a model.
 * @throws TesseraError `not-found` for an unknown model, or one without labels in this version
 */
export async function modelReport(
  project: OpenProject,
  name: string,
  options: QueryOptions = {},
): Promise<ModelReport> {
  const names = (project.spec.models ?? []).map((model) => model.name);
  const label = project.manifest(options).labels[name];
  if (!names.includes(name))
    throw new TesseraError("not-found", phrase`model "${name}" not found${didYouMean(name, names)}`, {
      remedy: names.length === 0 ? "declare one with defineModel" : phrase`use one of ${names.join(", ")}`,
    });
  if (!label)
    throw new TesseraError("not-found", phrase`model ${name} has no labels yet`, {
      remedy: { action: "mine", models: name },
    });
  const { rows } = await project.sql(`SELECT report FROM ${quoteIdentifier(`report_${name}`)}`, [], options);
  const report: Report = JSON.parse(String(first(rows)["report"]));
  return { ...report, stale: label.stale };
}
