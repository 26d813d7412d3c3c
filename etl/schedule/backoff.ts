/** Whether and when a failed load is tried again. */
import { TesseraError, type ErrorCode } from "../../engine/errors/index.ts";
import type { Schedule } from "../declare/job.ts";

const FIRST = 60_000;
const LONGEST = 30 * 60_000;
/** Errors that a person must fix. */
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

/** Whether another try may succeed. */
export const worthRetrying = (error: unknown): boolean => !(error instanceof TesseraError && FINAL.has(error.code));

/**
 * Milliseconds before the next try: a minute, doubled each time up to half an hour. Half of it is random, so that
 * schedulers that failed together do not retry together.
 * @param attempt number of the failed try, from 0
 * @param random in [0, 1)
 */
export const backoff = (kind: Schedule["backoff"], attempt: number, random: () => number): number => {
  const whole = kind === "fixed" ? FIRST : Math.min(LONGEST, FIRST * 2 ** attempt);
  return whole / 2 + (whole / 2) * random();
};
