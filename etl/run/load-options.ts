/** The options of a load. */
import type { ProjectSpec } from "../../engine/model/project.ts";
import type { Environment } from "../declare/secret.ts";
import type { Backfill } from "../extract/extracted.ts";
import type { Progress } from "../runs/run.ts";
import type { LoadPlan } from "./plan.ts";

/** What to load. */
export interface LoadOptions {
  /** names of jobs; default all */
  readonly jobs?: readonly string[];
  /** only jobs with this tag */
  readonly select?: string;
  /** read everything again, and make the tables equal to what was read; default false */
  readonly full?: boolean;
  /** do everything but publish; default false */
  readonly dryRun?: boolean;
  /** read no source, only build the star and the rollups; default false */
  readonly rollups?: boolean;
  /** publish only if the load does what this plan says */
  readonly plan?: LoadPlan;
  /** read only rows whose cursor is in this range; watermarks stay. For one job with a cursor and a key */
  readonly backfill?: Backfill;
  /** load the rows that this load rejected, instead of reading the sources */
  readonly replay?: string;
  /** who or what starts it; default `owner` */
  readonly startedBy?: string;
  /** milliseconds to wait for another run's end; default 0: fail at once */
  readonly patience?: number;
}

/** The options of a load in this process. */
export interface InProcessOptions extends LoadOptions {
  readonly spec: ProjectSpec;
  /** the project's folder, for relative paths */
  readonly folder: string;
  /** default that of this process */
  readonly environment?: Environment;
  readonly onProgress?: (progress: Progress) => void;
  /** stops the load; nothing is published then */
  readonly signal?: AbortSignal;
  /** the clock; tests fix it */
  readonly now?: () => Date;
  /** free bytes of the warehouse's disk; default: asks the system */
  readonly freeBytes?: () => number;
  /** called at each step of publishing; tests end the process there */
  readonly onPublish?: (step: string) => void;
}
