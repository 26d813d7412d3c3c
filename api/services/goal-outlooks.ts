/** Forecasts of goals. A goal that cannot be forecast leaves the others alone. */
import { TesseraError } from "../../engine/errors/index.ts";
import type { Outlook, OutlookRequest } from "../../engine/mining/index.ts";
import type { GoalSpec } from "../../engine/model/declarations.ts";
import type { OpenProject } from "../../etl/project/open-project.ts";
import type { Reader } from "./reader.ts";

/** One outlook per goal, in order; null where it cannot be computed. */
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
        return await reader.remember(["outlook", request], (options) => project.outlook(request, options));
      } catch (error) {
        if (!(error instanceof TesseraError) || error.code === "cancelled") throw error;
        return null;
      }
    }),
  );
