/** What every route and page works with. `createApp` makes it once. */
import type { OpenProject } from "../../etl/project/open-project.ts";
import type { Catalogue } from "../i18n/index.ts";
import type { Limits } from "./limits.ts";
import type { Loads } from "./loads.ts";
import type { Metrics } from "./metrics.ts";
import type { MiningRuns } from "./mining-runs.ts";
import type { QueryGate } from "./query-gate.ts";
import type { ResultCache } from "./result-cache.ts";

/** One line of the server's log. */
export interface LogEvent {
  readonly level: "info" | "error";
  readonly message: string;
  readonly error?: unknown;
}

export type Log = (event: LogEvent) => void;

export interface Services {
  readonly project: OpenProject;
  /** the current time */
  readonly clock: () => Date;
  readonly limits: Limits;
  readonly cache: ResultCache;
  readonly gate: QueryGate;
  readonly metrics: Metrics;
  readonly loads: Loads;
  readonly mining: MiningRuns;
  /** hash of the model's definition: an answer must not outlive the formula it was computed with */
  readonly definition: string;
  /** the texts of the pages in the reader's language */
  readonly words: Catalogue;
  readonly log: Log;
}
