/** What a drawn campaign has realised so far, next to its plan. */
import { first } from "../../../engine/lookup.ts";
import type { ExperimentVerdict } from "../../../engine/mining/index.ts";
import type { Experiment } from "../../../engine/model/declarations.ts";
import type { Campaign } from "../../../etl/index.ts";
import type { Reader } from "../../services/reader.ts";
import type { Services } from "../../services/services.ts";
import { ignoreErrors } from "../../services/settled.ts";
import { verdictsOf } from "./experiment-data.ts";

export interface Realised {
  readonly experiment: Experiment;
  /** null until a load has taken the draw into the facts */
  readonly verdict: ExperimentVerdict | null;
  /** contacts, responses and spend so far, where the experiment names their measures */
  readonly sends: number | null;
  readonly responses: number | null;
  readonly spend: number | null;
  /** days of the window that are over */
  readonly days: number;
}

const DAY_MS = 86_400_000;

const dayNumber = (iso: string): number => Math.floor(Date.parse(iso) / DAY_MS);

/** Days of the window that the data covers. */
export const daysOver = ({ drawnOn, plan }: Campaign, today: string): number => {
  if (drawnOn === null) return 0;
  const days = dayNumber(today) - dayNumber(drawnOn) + 1;
  return Math.max(0, Math.min(plan.windowDays, days));
};

/** Null for a campaign that is not drawn, or when no experiment evaluates it. */
export async function realisedOf(campaign: Campaign, reader: Reader, services: Services): Promise<Realised | null> {
  const experiment = services.project.spec.experiments?.[0];
  if (!experiment || campaign.drawnOn === null) return null;
  const own = { member: experiment.by, operator: "equals" as const, values: [campaign.name] };
  const verdicts = await ignoreErrors(verdictsOf(experiment, { filters: [own] }, reader, services));
  const valueOf = async (measure: string | undefined): Promise<number | null> => {
    if (measure === undefined) return null;
    const { rows } = await reader.query({ measures: [measure], filters: [own] });
    return Number(rows[0]?.[measure] ?? 0);
  };
  const { sent, answered, spent } = experiment.follow ?? {};
  const [sends, responses, spend, dated] = await Promise.all([
    valueOf(sent),
    valueOf(answered),
    valueOf(spent),
    reader.query({ measures: [first(experiment.outcomes)] }),
  ]);
  const today = dated.meta.now ?? services.clock().toISOString().slice(0, 10);
  return { experiment, verdict: verdicts?.[0] ?? null, sends, responses, spend, days: daysOver(campaign, today) };
}
