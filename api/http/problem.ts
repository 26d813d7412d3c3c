/** Errors as RFC 9457 problem documents: a stable code, the place, and what to do next. */
import { TesseraError, type ErrorCode, type Problem } from "../../engine/errors/index.ts";
import { errorAt, type Door } from "../i18n/index.ts";

export interface ProblemDocument {
  /** where the code is explained */
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: ErrorCode | "internal";
  readonly place?: string;
  readonly remedy?: string;
  readonly problems?: readonly Problem[];
}

export type ProblemStatus = 400 | 401 | 403 | 404 | 405 | 409 | 410 | 413 | 421 | 422 | 500 | 502 | 503 | 504 | 507;

/** Every code's HTTP status and its title, which is the same each time it occurs. */
export const PROBLEMS: { readonly [code in ErrorCode | "internal"]: readonly [ProblemStatus, string] } = {
  "project-not-found": [503, "No project"],
  "project-invalid": [503, "The project is not valid"],
  "model-invalid": [503, "The model is not valid"],
  "query-invalid": [400, "The query is not valid"],
  "unknown-member": [400, "Unknown member"],
  "unrelated-dimension": [400, "A dimension that not all facts share"],
  "filter-invalid": [400, "The filter is not valid"],
  "formula-invalid": [400, "The formula is not valid"],
  "too-large": [413, "Too large"],
  timeout: [504, "The time limit was reached"],
  "no-version": [503, "Nothing has been loaded yet"],
  "version-gone": [410, "That data version is no longer kept"],
  "version-damaged": [503, "A data version is damaged"],
  "file-busy": [503, "A file is in use"],
  "lease-held": [409, "Another process is at work"],
  "disk-full": [507, "The disk is full"],
  "job-invalid": [422, "The job is not valid"],
  "source-unavailable": [502, "A source does not answer"],
  "source-refused": [502, "A source refused"],
  "schema-changed": [409, "A source has another shape than its contract"],
  "check-failed": [409, "A check failed"],
  "too-many-rejects": [409, "Too many rows were rejected"],
  "too-few-rows": [409, "Far fewer rows than the last time"],
  "load-failed": [409, "The load failed"],
  "secret-missing": [409, "A secret is missing"],
  "not-found": [404, "Not found"],
  cancelled: [409, "Cancelled"],
  "mining-invalid": [422, "The mining model is not valid"],
  "too-little-data": [422, "Too little data"],
  "port-in-use": [503, "The port is in use"],
  "bad-request": [400, "The request is not valid"],
  unauthorized: [401, "Not signed in"],
  forbidden: [403, "Not allowed"],
  "method-not-allowed": [405, "That method is not offered here"],
  usage: [400, "Wrong usage"],
  internal: [500, "An error of ours"],
};

/** The remedy of the whole error, which is that of its first problem wherever both are the same. */
const describedRemedy = (door: Door, error: TesseraError, problems: readonly Problem[]): string | undefined =>
  error.remedy === error.problems[0]?.remedy ? problems[0]?.remedy : error.remedy;

/** What the caller gets to see of an error. Errors that are ours say nothing of their inside. */
export const problemOf = (error: unknown, door: "api" | "page" = "api"): ProblemDocument => {
  if (!(error instanceof TesseraError)) {
    const [status, title] = PROBLEMS.internal;
    return {
      type: "/docs#problem-internal",
      title,
      status,
      detail: "Tessera failed at something that it should have been able to do.",
      code: "internal",
      remedy: "The server's log has the details; please report it with them.",
    };
  }
  const [status, title] = PROBLEMS[error.code];
  const { message, problems } = errorAt(door, error);
  const remedy = describedRemedy(door, error, problems);
  return {
    type: `/docs#problem-${error.code}`,
    title,
    status,
    detail: message,
    code: error.code,
    ...(error.place !== undefined && { place: error.place }),
    ...(remedy !== undefined && { remedy }),
    problems,
  };
};
