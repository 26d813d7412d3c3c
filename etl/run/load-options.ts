/** What a load is asked to do. */
import type { ProjectSpec } from "../../engine/model/project.ts";
import type { Environment } from "../declare/secret.ts";
import type { Backfill } from "../extract/extracted.ts";
import type { Progress } from "../runs/run.ts";
import type { LoadPlan } from "./plan.ts";

export interface LoadOptions {
  /** names; all jobs without them */
  readonly jobs?: readonly string[];
  /** jobs with this tag */
  readonly select?: string;
  /** read everything again, and let the tables become what was read */
  readonly full?: boolean;
  /** do everything but publish */
  readonly dryRun?: boolean;
  /** read no source: build the star and the rollups as the model declares them now */
  readonly rollups?: boolean;
  /** publish only where the load turns out as this plan says */
  readonly plan?: LoadPlan;
  /** read only rows whose cursor is within, whatever was read before; watermarks stay. With one job that has a cursor and a key */
  readonly backfill?: Backfill;
  /** instead of reading the sources, take up the rows that this load rejected */
  readonly replay?: string;
  /** who or what started it; default `owner` */
  readonly startedBy?: string;
  /** milliseconds to wait for another run's end; default 0: say at once who holds the lease */
  readonly patience?: number;
}

export interface InProcessOptions extends LoadOptions {
  readonly spec: ProjectSpec;
  /** the project's folder: relative paths begin there */
  readonly folder: string;
  readonly environment?: Environment;
  readonly onProgress?: (progress: Progress) => void;
  readonly signal?: AbortSignal;
  readonly now?: () => Date;
  /** of the disk that the warehouse is on; default: the system is asked */
  readonly freeBytes?: () => number;
  /** called at each step of the publication; tests end the process there */
  readonly onPublish?: (step: string) => void;
}
