/** A kept campaign beside what came of it: planned against realised, and how far its window is. */
import { TesseraError } from "../../../engine/errors/index.ts";
import type { Experiment } from "../../../engine/model/declarations.ts";
import type { ExperimentVerdict } from "../../../engine/mining/index.ts";
import type { Campaign } from "../../../etl/index.ts";
import type { Reader } from "../../http/reader.ts";
import type { Services } from "../../http/services.ts";
import { verdictsOf } from "./experiment-data.ts";

export interface Realised {
  readonly experiment: Experiment;
  /** null until a load has taken the draw into the fact */
  readonly verdict: ExperimentVerdict | null;
  /** contacts sent, answers and spend so far, where the experiment says what counts them */
  readonly sends: number | null;
  readonly responses: number | null;
  readonly spend: number | null;
  /** days of the window that are over, at most all */
  readonly days: number;
}

const DAY = 86_400_000;

const dayOf = (iso: string): number => Math.floor(Date.parse(iso) / DAY);

/** The days of the window that the data already covers. */
export const daysOver = (campaign: Campaign, today: string): number =>
  campaign.drawnOn === null
    ? 0
    : Math.max(0, Math.min(campaign.plan.windowDays, dayOf(today) - dayOf(campaign.drawnOn) + 1));

/** Null where no experiment is declared that could judge it. */
export async function realisedOf(campaign: Campaign, reader: Reader, services: Services): Promise<Realised | null> {
  const experiment = services.project.spec.experiments?.[0];
  if (!experiment || campaign.drawnOn === null) return null;
  const own = { member: experiment.by, operator: "equals" as const, values: [campaign.name] };
  const [verdict] = await verdictsOf(experiment, { filters: [own] }, reader, services).catch((error: unknown) => {
    if (error instanceof TesseraError && error.code !== "cancelled") return [];
    throw error;
  });
  const counted = async (measure: string | undefined): Promise<number | null> =>
    measure === undefined
      ? null
      : Number((await reader.query({ measures: [measure], filters: [own] })).rows[0]?.[measure] ?? 0);
  const { sent, answered, spent } = experiment.follow ?? {};
  const [sends, responses, spend] = await Promise.all([counted(sent), counted(answered), counted(spent)]);
  const today =
    (await reader.query({ measures: [experiment.outcomes[0]!] })).meta.now ??
    services.clock().toISOString().slice(0, 10);
  return { experiment, verdict: verdict ?? null, sends, responses, spend, days: daysOver(campaign, today) };
}
