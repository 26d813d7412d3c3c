/** Which jobs can read a range of their cursor again. */
import { TesseraError, phrase } from "../../engine/errors/index.ts";
import { cursorOf } from "../extract/wanted.ts";
import type { Job } from "../declare/job.ts";
import { keyOf, modeOf } from "../declare/load-mode.ts";

/**
 * @param named names that were asked for
 * @throws TesseraError `usage` for a job without a cursor, or that would add rows twice
 */
export function refuseBackfill(jobs: readonly Job[], named: readonly string[] | undefined): void {
  const [job] = jobs;
  if (job === undefined || jobs.length > 1 || named?.length !== 1)
    throw new TesseraError("usage", "a backfill needs exactly one job", {
      remedy: { action: "list-jobs" },
    });
  const place = `job ${job.name}`;
  if (cursorOf(job) === undefined)
    throw new TesseraError("usage", "a backfill needs a job with a cursor", {
      place,
      remedy: { action: "load", jobs: job.name },
    });
  const mode = modeOf(job);
  if (mode !== "merge" && mode !== "scd2" && (mode !== "append" || keyOf(job).length === 0))
    throw new TesseraError("usage", phrase`a backfill with mode ${mode} could add rows twice`, {
      place,
      remedy: "use merge with a key",
    });
}
