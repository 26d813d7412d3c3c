/** What the segments page shows of one model: its report, the sizes and values of its groups, their geography. */
import { first } from "../../../engine/lookup.ts";
import type { TesseraError } from "../../../engine/errors/index.ts";
import type { Result } from "../../../engine/model/query.ts";
import { modelReport, type ModelReport } from "../../../etl/project/reports.ts";
import type { Reader } from "../../services/reader.ts";
import type { Services } from "../../services/services.ts";
import { settled } from "../../services/settled.ts";
import type { LabelView } from "./label-attribute.ts";

/** A part of the page: null when it does not apply. */
export type Part<T> = T | TesseraError | null;

export interface LabelData {
  readonly label: LabelView;
  readonly report: Part<ModelReport>;
  readonly profile: Part<Result>;
  readonly places: Part<Result>;
}

/** @param measure the reader's choice; default the model's own */
export const labelData = async (
  label: LabelView,
  measure: string | undefined,
  reader: Reader,
  { project }: Services,
): Promise<LabelData> => {
  const { name } = label.model;
  if (reader.manifest.labels[name] === undefined) return { label, report: null, profile: null, places: null };
  const chosen = measure ?? label.value;
  const measures = [...new Set([label.counting, label.value, chosen].filter((each) => each !== undefined))];
  const filters = [{ member: label.member, operator: "not_null" as const }];
  const [report, profile, places] = await Promise.all([
    settled(reader.remember(["report", name], (options) => modelReport(project, name, options))),
    measures.length === 0
      ? null
      : settled(
          reader.query({
            measures,
            dimensions: [label.member],
            filters,
            totals: true,
            order: [{ member: label.value ?? first(measures), direction: "desc" }],
            limit: 100,
          }),
        ),
    chosen === undefined || label.geography === undefined
      ? null
      : settled(
          reader.query({ measures: [chosen], dimensions: [label.member, label.geography], filters, limit: 2000 }),
        ),
  ]);
  return { label, report, profile, places };
};
