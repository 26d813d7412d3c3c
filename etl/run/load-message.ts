/** The messages between a load's process and its parent. */
import type { ErrorCode, Problem } from "../../engine/errors/index.ts";
import type { Progress, RunSummary } from "../runs/run.ts";
import type { LoadOptions } from "./load-options.ts";

/** What the parent orders. */
export interface LoadOrder extends LoadOptions {
  readonly folder: string;
}

/** What the process reports to its parent. */
export type LoadMessage =
  | { readonly kind: "warehouse"; readonly folder: string }
  | { readonly kind: "progress"; readonly progress: Progress }
  | { readonly kind: "done"; readonly run: RunSummary }
  | {
      readonly kind: "failed";
      readonly code: ErrorCode;
      readonly message: string;
      readonly problems: readonly Problem[];
      readonly place?: string;
      readonly remedy?: string;
    };
