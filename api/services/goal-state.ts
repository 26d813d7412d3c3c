/** The progress of goals: the measure over the goal's period, between baseline and target. */
import { TesseraError } from "../../engine/errors/index.ts";
import type { GoalSpec } from "../../engine/model/declarations.ts";
import type { Filter } from "../../engine/model/filter.ts";
import { dateRoleOf } from "./catalog-index.ts";
import type { Reader } from "./reader.ts";

export interface GoalState {
  readonly name: string;
  readonly title: string;
  readonly measure: string;
  readonly owner?: string;
  /** ISO date */
  readonly by: string;
  readonly baseline: number;
  readonly target: number;
  readonly value: number | null;
  /** 0 at the baseline, 1 at the target; null without a value */
  readonly progress: number | null;
  readonly reached: boolean;
  /** why there is no value */
  readonly problem?: string;
}

const periodFilter = (goal: GoalSpec, role: string | undefined): Filter[] => {
  if (role === undefined) return [];
  const values = typeof goal.period === "string" ? [goal.period] : [...goal.period];
  return [{ member: role, operator: "in_range", values }];
};

const progressOf = (value: number, baseline: number, target: number): number => {
  if (target !== baseline) return (value - baseline) / (target - baseline);
  return value >= target ? 1 : 0;
};

const stateOf = async (goal: GoalSpec, reader: Reader): Promise<GoalState> => {
  const baseline = goal.baseline.value;
  const base = {
    name: goal.name,
    title: goal.title,
    measure: goal.measure,
    ...(goal.owner && { owner: goal.owner }),
    by: goal.by,
    baseline,
    target: goal.target,
  };
  try {
    const role = dateRoleOf(reader.catalog, goal.measure);
    const filters = [...(goal.filters ?? []), ...periodFilter(goal, role)];
    const { rows } = await reader.query({ measures: [goal.measure], filters });
    const found = rows[0]?.[goal.measure];
    if (found === null || found === undefined) return { ...base, value: null, progress: null, reached: false };
    const value = Number(found);
    const progress = progressOf(value, baseline, goal.target);
    return { ...base, value, progress, reached: progress >= 1 };
  } catch (error) {
    if (!(error instanceof TesseraError)) throw error;
    return { ...base, value: null, progress: null, reached: false, problem: error.message };
  }
};

/** The state of every goal, in order. A goal that cannot be computed says why and leaves the others alone. */
export const goalStates = (goals: readonly GoalSpec[], reader: Reader): Promise<GoalState[]> =>
  Promise.all(goals.map((goal) => stateOf(goal, reader)));
