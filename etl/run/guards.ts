/** Limits that stop a load before it damages the table. */
import { phrase, TesseraError } from "../../engine/errors/index.ts";
import type { Job } from "../declare/job.ts";
import type { RejectSummary } from "../stage/rejects.ts";

const DEFAULT_FAIL_ABOVE = "10%";
const DEFAULT_FAIL_BELOW = "50%";

/**
 * @param read rows of the source
 * @param run id of the load, whose log has the rejected rows
 * @throws TesseraError `too-many-rejects` beyond the job's `onReject`
 */
export function refuseRejects(job: Job, { rejected, reasons }: RejectSummary, read: number, run: string): void {
  const [reason] = reasons;
  const column = reason?.column === null || reason === undefined ? "" : `${reason.column}: `;
  const why = reason === undefined ? "" : ` (${reason.rows} × ${column}${reason.reason})`;
  const more = { place: `job ${job.name}`, remedy: { action: "show-run", run } as const };
  if (job.onReject?.quarantine === false)
    throw new TesseraError("too-many-rejects", phrase`${rejected} of ${read} rows were rejected${why}`, more);
  const limit = job.onReject?.failAbove ?? DEFAULT_FAIL_ABOVE;
  const allowed = typeof limit === "number" ? limit : (Number(limit.slice(0, -1)) / 100) * read;
  if (rejected > allowed)
    throw new TesseraError(
      "too-many-rejects",
      phrase`${rejected} of ${read} rows were rejected, more than ${limit}${why}`,
      more,
    );
}

/**
 * A source that suddenly has far fewer rows is more likely broken than smaller.
 * @param existing rows of the table; null for a new one
 * @throws TesseraError `too-few-rows` below the job's `failBelow`
 */
export function guardShrink(job: Job, read: number, existing: number | null): void {
  if (existing === null || existing === 0) return;
  const share = Number((job.failBelow ?? DEFAULT_FAIL_BELOW).slice(0, -1)) / 100;
  if (read >= existing * share) return;
  throw new TesseraError(
    "too-few-rows",
    phrase`the source has ${read} rows, the table has ${existing}: nothing was deleted`,
    {
      place: `job ${job.name}`,
      remedy: phrase`if that is right, set failBelow: "0%" on the job for one load`,
    },
  );
}
