/** What a plan stands on: the models behind its figures, and what was taken off its audience. */
import { TesseraError } from "../../../engine/errors/index.ts";
import type { CampaignPlan, CampaignSummary } from "../../../engine/mining/index.ts";
import { modelReport } from "../../../etl/index.ts";
import { membersIn } from "../../services/catalog-index.ts";
import type { Reader } from "../../services/reader.ts";
import type { Services } from "../../services/services.ts";
import { ignoreErrors } from "../../services/settled.ts";

export interface PlanGrounds {
  /** titles of the models that are not better than the simplest method without them, by their own reports */
  readonly doubtful: readonly string[];
  /** members of the segment; null where that is not known */
  readonly segment: number | null;
  /** members taken off because they must not be contacted: no consent, do-not-contact list */
  readonly excluded: number;
  /** members taken off because they were contacted often enough */
  readonly tired: number;
}

const doubtfulModels = async (plan: CampaignPlan, reader: Reader, { project }: Services): Promise<string[]> => {
  const { attributes } = membersIn(reader.catalog);
  const names = [plan.value.effect, plan.value.worth].flatMap((each) => {
    const model = typeof each === "string" ? attributes.get(each)?.model : undefined;
    return model ?? [];
  });
  const reports = await Promise.all(
    [...new Set(names)].map((name) => ignoreErrors(reader.run((options) => modelReport(project, name, options)))),
  );
  return reports.flatMap((report) => (report?.verdict && !report.verdict.beats ? [report.title] : []));
};

/** @param summary of the same plan; null where it cannot be drawn */
export const groundsOf = async (
  plan: CampaignPlan,
  summary: CampaignSummary | TesseraError,
  reader: Reader,
  services: Services,
): Promise<PlanGrounds> => {
  const { project } = services;
  const sizeOf = (filters: CampaignPlan["audience"]): Promise<number | null> =>
    ignoreErrors(
      reader.remember(["audience", plan.over, filters], (options) =>
        project.segmentSize({ over: plan.over, filters }, options),
      ),
    ).then((found) => found?.members ?? null);
  const without = (plan.exclude ?? []).map((filter) => ({ not: filter }));
  const [doubtful, segment, allowed] = await Promise.all([
    doubtfulModels(plan, reader, services),
    sizeOf(plan.audience),
    sizeOf([...plan.audience, ...without]),
  ]);
  if (segment === null || allowed === null || summary instanceof TesseraError)
    return { doubtful, segment: null, excluded: 0, tired: 0 };
  return {
    doubtful,
    segment,
    excluded: segment - allowed,
    tired: plan.contacts === undefined ? 0 : Math.max(0, allowed - summary.audience),
  };
};
