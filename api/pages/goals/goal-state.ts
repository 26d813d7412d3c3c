/** Where a goal stands: its measure over its period, and how far that is from the baseline to the target. */
import { TesseraError } from "../../../engine/errors/index.ts";
import type { CatalogView } from "../../../engine/model/catalog-view.ts";
import type { GoalSpec } from "../../../engine/model/declarations.ts";
import type { Reader } from "../../http/reader.ts";

export interface GoalState {
  readonly name: string;
  readonly title: string;
  readonly measure: string;
  readonly owner?: string;
  readonly by: string;
  readonly baseline: number;
  readonly target: number;
  readonly value: number | null;
  /** 0 at the baseline, 1 at the target; null where there is no value */
  readonly progress: number | null;
  readonly reached: boolean;
  /** why there is no value */
  readonly problem?: string;
}

/** The date role that a measure's period applies to: `date` where its cube has it, else its first. */
export const dateRoleOf = (catalog: CatalogView, measure: string): string | undefined => {
  const cube = catalog.cubes.find((c) => c.name === measure.split(".")[0]);
  const dates = catalog.roles.filter((r) => r.kind === "date" && cube?.roles.includes(r.name)).map((r) => r.name);
  return dates.includes("date") ? "date" : dates[0];
};

/** All goals, asked at once; one that cannot be computed says why and leaves the others alone. */
export const goalStates = (goals: readonly GoalSpec[], reader: Reader): Promise<GoalState[]> =>
  Promise.all(
    goals.map(async (goal) => {
      const base = {
        name: goal.name,
        title: goal.title,
        measure: goal.measure,
        ...(goal.owner && { owner: goal.owner }),
        by: goal.by,
        baseline: goal.baseline.value,
        target: goal.target,
      };
      try {
        const role = dateRoleOf(reader.catalog, goal.measure);
        const period = role
          ? [
              {
                member: role,
                operator: "in_range" as const,
                values: typeof goal.period === "string" ? [goal.period] : [...goal.period],
              },
            ]
          : [];
        const { rows } = await reader.query({
          measures: [goal.measure],
          filters: [...(goal.filters ?? []), ...period],
        });
        const raw = rows[0]?.[goal.measure];
        const value = raw === null || raw === undefined ? null : Number(raw);
        const way = goal.target - goal.baseline.value;
        const progress =
          value === null ? null : way === 0 ? (value >= goal.target ? 1 : 0) : (value - goal.baseline.value) / way;
        return { ...base, value, progress, reached: progress !== null && progress >= 1 };
      } catch (error) {
        if (!(error instanceof TesseraError)) throw error;
        return { ...base, value: null, progress: null, reached: false, problem: error.message };
      }
    }),
  );
