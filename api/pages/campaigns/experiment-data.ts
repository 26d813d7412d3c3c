/** Declared experiments as their pages need them: the period by the day of the draw, what an outcome's numbers are called. */
import type { Experiment } from "../../../engine/model/declarations.ts";
import type { CatalogView } from "../../../engine/model/catalog-view.ts";
import type { Filter } from "../../../engine/model/filter.ts";
import type { ExperimentVerdict, OutcomeVerdict } from "../../../engine/mining/index.ts";
import type { Value } from "../../../engine/model/query.ts";
import { formatCompact, formatNumber, formatPoints } from "../../charts/index.ts";
import { experimentRequest } from "../../http/declared.ts";
import type { Reader } from "../../http/reader.ts";
import type { Services } from "../../http/services.ts";
import { membersIn } from "../explore/state-query.ts";

const ISO_DAY = /^\d{4}-\d{2}-\d{2}$/;

/** `?period=` or `?from=&until=`; null for all time */
export const periodOf = (parameters: URLSearchParams): string | null => {
  const from = parameters.get("from") ?? "",
    until = parameters.get("until") ?? "";
  if (ISO_DAY.test(from) && ISO_DAY.test(until)) return `${from}..${until}`;
  return parameters.get("period")?.trim().slice(0, 80) || null;
};

/** The day of the draw: the cube's role `date`, else its first date role. */
export const drawDay = (experiment: Pick<Experiment, "cube">, catalog: CatalogView): string | undefined => {
  const roles = catalog.cubes.find((c) => c.name === experiment.cube)?.roles ?? [];
  const dates = catalog.roles.filter((r) => r.kind === "date" && roles.includes(r.name)).map((r) => r.name);
  return dates.includes("date") ? "date" : dates[0];
};

export const periodFilters = (period: string | null, role: string | undefined): Filter[] =>
  period === null || role === undefined ? [] : [{ member: `${role}.day`, operator: "in_range", values: [period] }];

export const verdictsOf = (
  experiment: Experiment,
  change: { readonly filters?: readonly Filter[]; readonly by?: string },
  reader: Reader,
  { project }: Services,
): Promise<readonly ExperimentVerdict[]> => {
  const request = experimentRequest(project.spec, experiment.name, change);
  return reader.remember(["experiment", request], (o) => project.experiment(request, o));
};

/** The address of one group's page. */
export const groupHref = (experiment: string, group: Value, period: string | null = null): string =>
  `/campaigns/${encodeURIComponent(experiment)}/${encodeURIComponent(group === null ? "(unknown)" : String(group))}${period === null ? "" : `?period=${encodeURIComponent(period)}`}`;

/** How an outcome's numbers are written: a yes-or-no outcome as a share and points, money as money. */
export interface OutcomeWords {
  readonly share: boolean;
  mean(value: number): string;
  lift(value: number): string;
  total(value: number): string;
}

export const outcomeWords = (
  outcome: Pick<OutcomeVerdict, "outcome" | "treated">,
  catalog: CatalogView,
): OutcomeWords => {
  const share = outcome.treated.interval !== undefined;
  const measure = membersIn(catalog).measures.get(outcome.outcome);
  const column = { format: measure?.format ?? "number", ...(catalog.currency && { currency: catalog.currency }) };
  const own = column.format === "integer" ? { format: "decimal" as const } : column;
  const signed = (text: string, value: number): string => (value > 0 ? `+${text}` : text);
  return {
    share,
    mean: (v) => (share ? formatNumber(v, { format: "percent" }) : formatNumber(v, own)),
    lift: (v) => (share ? formatPoints(v) : signed(formatNumber(v, own), v)),
    total: (v) =>
      signed(
        column.format === "currency" ? formatCompact(v, column) : formatNumber(Math.round(v), { format: "integer" }),
        v,
      ),
  };
};

/** What may be said of an outcome, never more than its interval and the correction allow. */
export const verdictWords = (
  outcome: OutcomeVerdict,
): { readonly text: string; readonly note: string | null; readonly tone: "good" | "bad" | "none" } => {
  const own = (outcome.adjusted ?? outcome.lift).p;
  if (outcome.verdict !== "no difference shown")
    return {
      text: outcome.verdict === "more" ? "more than without" : "less than without",
      note: null,
      tone: outcome.verdict === "more" ? "good" : "bad",
    };
  return {
    text: "no difference shown",
    note: own < 0.05 ? "alone it would pass, among so many it may be chance" : null,
    tone: "none",
  };
};

export const pWords = (p: number): string => (p < 0.001 ? "< 0.001" : p.toFixed(3));

/** The outcome that pays for the cost. */
export const payingOutcome = (experiment: Experiment): string =>
  experiment.profit ?? experiment.outcomes[experiment.outcomes.length - 1]!;
