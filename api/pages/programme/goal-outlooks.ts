/** Whether goals will be met, each for itself: one that cannot be told leaves the others alone. */
import { TesseraError } from "../../../engine/errors/index.ts";
import type { GoalSpec } from "../../../engine/model/declarations.ts";
import type { Outlook, OutlookRequest } from "../../../engine/mining/index.ts";
import type { OpenProject } from "../../../etl/project/open-project.ts";
import type { Reader } from "../../http/reader.ts";

export const goalOutlooks = (
  goals: readonly GoalSpec[],
  reader: Reader,
  project: OpenProject,
): Promise<(Outlook | null)[]> =>
  Promise.all(
    goals.map(async (goal) => {
      const request: OutlookRequest = {
        measure: goal.measure,
        period: goal.period,
        target: goal.target,
        down: goal.target < goal.baseline.value,
        ...(goal.filters && { filters: goal.filters }),
      };
      try {
        return await reader.remember(["outlook", request], (o) => project.outlook(request, o));
      } catch (error) {
        if (!(error instanceof TesseraError) || error.code === "cancelled") throw error;
        return null;
      }
    }),
  );
