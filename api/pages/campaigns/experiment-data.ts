/** Declared experiments as their pages need them: verdicts, the day of the draw, addresses. */
import { first, last } from "../../../engine/lookup.ts";
import type { ExperimentVerdict } from "../../../engine/mining/index.ts";
import type { CatalogView } from "../../../engine/model/catalog-view.ts";
import type { Experiment } from "../../../engine/model/declarations.ts";
import type { Filter } from "../../../engine/model/filter.ts";
import type { Value } from "../../../engine/model/query.ts";
import { UNKNOWN } from "../../charts/index.ts";
import { experimentRequest } from "../../services/declared-requests.ts";
import type { Reader } from "../../services/reader.ts";
import type { Services } from "../../services/services.ts";

/** The date role of the draw: `date` if the cube has it, else its first date role. */
export const drawDay = (experiment: Pick<Experiment, "cube">, catalog: CatalogView): string | undefined => {
  const roles = catalog.cubes.find(({ name }) => name === experiment.cube)?.roles ?? [];
  const dates = catalog.roles.filter(({ kind, name }) => kind === "date" && roles.includes(name));
  return (dates.find(({ name }) => name === "date") ?? dates[0])?.name;
};

/** One verdict for each group. @param change further filters, or another breakdown */
export const verdictsOf = (
  experiment: Experiment,
  change: { readonly filters?: readonly Filter[]; readonly by?: string },
  reader: Reader,
  { project }: Services,
): Promise<readonly ExperimentVerdict[]> => {
  const request = experimentRequest(project.spec, experiment.name, change);
  return reader.remember(["experiment", request], (options) => project.experiment(request, options));
};

/** A group whose window is not over. */
export interface RunningGroup {
  /** ISO day on which the window ends */
  readonly until: string;
}

/**
 * The groups that are followed but not yet judged, by member; none where the experiment does not say when a window
 * ends.
 */
export const runningGroups = async (
  { by, windowEnds, outcomes }: Experiment,
  reader: Reader,
): Promise<ReadonlyMap<Value, RunningGroup>> => {
  const running = new Map<Value, RunningGroup>();
  if (windowEnds === undefined) return running;
  const { rows, meta } = await reader.query({ measures: [first(outcomes)], dimensions: [by, windowEnds] });
  for (const row of rows) {
    const until = row[windowEnds];
    // on its last day a window is still open
    if (typeof until === "string" && meta.now !== undefined && until >= meta.now)
      running.set(row[by] ?? null, { until });
  }
  return running;
};

/** The address of one group's page. */
export const groupHref = (experiment: string, group: Value, period: string | null = null): string => {
  const member = encodeURIComponent(group === null ? UNKNOWN : String(group));
  const path = `/campaigns/${encodeURIComponent(experiment)}/${member}`;
  return period === null ? path : `${path}?period=${encodeURIComponent(period)}`;
};

/** The outcome that pays for the cost. */
export const payingOutcome = (experiment: Experiment): string => experiment.profit ?? last(experiment.outcomes);

/** The outcome with the given name in a verdict. */
export const outcomeIn = (
  verdict: ExperimentVerdict,
  outcome: string,
): ExperimentVerdict["outcomes"][number] | undefined => verdict.outcomes.find((each) => each.outcome === outcome);
