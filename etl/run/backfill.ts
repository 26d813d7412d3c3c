/** Which jobs may read a part of the past again. */
import { TesseraError, phrase } from "../../engine/errors/index.ts";
import { cursorOf } from "../extract/wanted.ts";
import type { Job } from "../declare/job.ts";
import { keyOf, modeOf } from "../declare/load-mode.ts";

/** Throws `usage` where a backfill would add rows twice, or has no column to go by. */
export function refuseBackfill(jobs: readonly Job[], named: readonly string[] | undefined): void {
  const [job] = jobs;
  if (job === undefined || jobs.length > 1 || named?.length !== 1)
    throw new TesseraError("usage", "a backfill takes one job", { remedy: "tessera backfill JOB --from … --until …" });
  const place = `job ${job.name}`;
  if (cursorOf(job) === undefined)
    throw new TesseraError("usage", "a backfill needs a cursor to go by", {
      place,
      remedy: "a job without one reads everything anyhow: tessera load",
    });
  const mode = modeOf(job);
  if (mode !== "merge" && mode !== "scd2" && (mode !== "append" || keyOf(job).length === 0))
    throw new TesseraError("usage", phrase`a backfill of ${mode} would not end as one load`, {
      place,
      remedy: "use merge with a key",
    });
}
