/** What a load's process and its parent send each other. */
import type { Problem } from "../../engine/errors/index.ts";
import type { Progress, RunSummary } from "../runs/run.ts";
import type { LoadOptions } from "./load-options.ts";

export interface LoadOrder extends LoadOptions {
  readonly folder: string;
}

/** What the process says to its parent. */
export type LoadMessage =
  | { readonly kind: "warehouse"; readonly folder: string }
  | { readonly kind: "progress"; readonly progress: Progress }
  | { readonly kind: "done"; readonly run: RunSummary }
  | {
      readonly kind: "failed";
      readonly code: string;
      readonly message: string;
      readonly problems: readonly Problem[];
      readonly place?: string;
      readonly remedy?: string;
    };
