import type { State } from "../../engine/warehouse/index.ts";
import type { Job } from "../declare/job.ts";
import type { Redact } from "../declare/redact.ts";
import type { Environment } from "../declare/secret.ts";
import type { Progress } from "../runs/run.ts";

/** What the parts of a load share. */
export interface LoadContext {
  readonly state: State;
  /** id of the load */
  readonly run: string;
  /** start of the load */
  readonly at: Date;
  /** folder of the warehouse */
  readonly warehouse: string;
  readonly environment: Environment;
  readonly jobs: readonly Job[];
  readonly report: (progress: Omit<Progress, "run">) => void;
  readonly redact: Redact;
}
