/** What every route and page works with; made once by `createApp`. */
import { createHash } from "node:crypto";
import type { OpenProject } from "../../etl/project/open-project.ts";
import type { Loads } from "./loads.ts";
import type { MiningRuns } from "./mining-runs.ts";
import type { Metrics } from "./metrics.ts";
import type { QueryGate } from "./query-gate.ts";
import type { ResultCache } from "./result-cache.ts";

export interface Limits {
  /** milliseconds a query may take */
  readonly queryMs: number;
  /** rows a query may return */
  readonly rows: number;
  /** bytes a request's body may have */
  readonly bodyBytes: number;
  /** queries that run at once; the others wait their turn */
  readonly queriesAtOnce: number;
}

export const DEFAULT_LIMITS: Limits = { queryMs: 60_000, rows: 1_000_000, bodyBytes: 1_048_576, queriesAtOnce: 8 };

export interface Services {
  readonly project: OpenProject;
  readonly clock: () => Date;
  readonly limits: Limits;
  readonly cache: ResultCache;
  readonly gate: QueryGate;
  readonly metrics: Metrics;
  readonly loads: Loads;
  readonly mining: MiningRuns;
  /** hash of the model's definition: an answer must not outlive the formula it was made with */
  readonly definition: string;
  readonly log: (event: {
    readonly level: "info" | "error";
    readonly message: string;
    readonly error?: unknown;
  }) => void;
}

/** JSON with functions and cycles left out: declarations refer to each other. */
export const definitionHash = (spec: unknown): string => {
  const seen = new WeakSet<object>();
  const text = JSON.stringify(spec, (_key, value: unknown) => {
    if (typeof value === "function") return value.toString();
    if (value instanceof Map) return [...value.entries()];
    if (typeof value === "object" && value !== null) {
      if (seen.has(value)) return Object.hasOwn(value, "name") ? (value as { name: unknown }).name : undefined;
      seen.add(value);
    }
    return value;
  });
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
};
