/** Whether a failed load is worth another try, and when. */
import { TesseraError, type ErrorCode } from "../../engine/errors/index.ts";
import type { Schedule } from "../declare/job.ts";

const FIRST = 60_000;
const LONGEST = 30 * 60_000;
/** What another try cannot mend: somebody has to look. */
const FINAL: ReadonlySet<ErrorCode> = new Set([
  "check-failed",
  "too-many-rejects",
  "too-few-rows",
  "schema-changed",
  "secret-missing",
  "job-invalid",
  "model-invalid",
  "project-invalid",
  "not-found",
  "cancelled",
]);

export const worthRetrying = (error: unknown): boolean => !(error instanceof TesseraError && FINAL.has(error.code));

/**
 * Milliseconds before try number `attempt` + 1: a minute, doubled each time up to half an hour; half of it is drawn by chance, so that
 * schedulers that failed together do not come back together. @param random of [0, 1)
 */
export const backoff = (kind: Schedule["backoff"], attempt: number, random: () => number): number => {
  const whole = kind === "fixed" ? FIRST : Math.min(LONGEST, FIRST * 2 ** attempt);
  return whole / 2 + (whole / 2) * random();
};
