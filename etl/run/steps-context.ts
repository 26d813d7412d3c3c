import type { Problem } from "../../engine/errors/index.ts";
import type { Manifest, SegmentedTables, State, Writer } from "../../engine/warehouse/index.ts";
import type { Job } from "../declare/job.ts";
import type { Redact } from "../declare/redact.ts";
import type { Environment } from "../declare/secret.ts";
import type { Progress } from "../runs/run.ts";
import type { InProcessOptions } from "./load-options.ts";

/** What the steps of a load share. */
export interface StepsContext {
  readonly options: InProcessOptions;
  readonly state: State;
  /** writes the working copy */
  readonly writer: Writer;
  readonly tables: SegmentedTables;
  /** id of the load */
  readonly run: string;
  /** start of the load */
  readonly at: Date;
  /** folder of the warehouse */
  readonly warehouse: string;
  /** the load's own folder */
  readonly work: string;
  /** the version that is copied; null for the first load */
  readonly base: Manifest | null;
  readonly environment: Environment;
  readonly jobs: readonly Job[];
  readonly report: (progress: Omit<Progress, "run">) => void;
  readonly redact: Redact;
}

/** The result of all steps. */
export interface StepsResult {
  readonly watermarks: Manifest["watermarks"];
  /** failed checks; with any of them nothing is published */
  readonly problems: readonly Problem[];
  /** tables that differ from the version before */
  readonly changed: ReadonlySet<string>;
}
