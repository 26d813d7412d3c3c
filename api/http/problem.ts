/** Errors as RFC 9457 problem documents: a stable code, the place, and what to do next. */
import { TesseraError, type ErrorCode, type Problem } from "../../engine/errors/index.ts";
import { errorAt, type Door } from "../i18n/index.ts";

/** The body of an error's answer. */
export interface ProblemDocument {
  /** the address that explains the code */
  readonly type: string;
  readonly title: string;
  readonly status: ProblemStatus;
  readonly detail: string;
  readonly code: ProblemCode;
  readonly place?: string;
  readonly remedy?: string;
  readonly problems?: readonly Problem[];
}

export type ProblemStatus = 400 | 401 | 403 | 404 | 405 | 409 | 410 | 413 | 421 | 422 | 500 | 502 | 503 | 504 | 507;

/** `internal` stands for errors that no person can cause. */
export type ProblemCode = ErrorCode | "internal";

/** HTTP status and title of each code. */
export const PROBLEMS: { readonly [code in ProblemCode]: readonly [ProblemStatus, string] } = {
  "project-not-found": [503, "Project not found"],
  "project-invalid": [503, "Invalid project"],
  "model-invalid": [503, "Invalid model"],
  "query-invalid": [400, "Invalid query"],
  "unknown-member": [400, "Unknown member"],
  "unrelated-dimension": [400, "Dimension not shared by all facts"],
  "filter-invalid": [400, "Invalid filter"],
  "formula-invalid": [400, "Invalid formula"],
  "too-large": [413, "Too large"],
  timeout: [504, "Time limit reached"],
  "no-version": [503, "Nothing loaded yet"],
  "version-gone": [410, "Data version no longer kept"],
  "version-damaged": [503, "Data version damaged"],
  "file-busy": [503, "File in use"],
  "lease-held": [409, "Another process is running"],
  "disk-full": [507, "Disk full"],
  "job-invalid": [422, "Invalid job"],
  "source-unavailable": [502, "Source not available"],
  "source-refused": [502, "Source refused the request"],
  "schema-changed": [409, "Source schema changed"],
  "check-failed": [409, "Check failed"],
  "too-many-rejects": [409, "Too many rejected rows"],
  "too-few-rows": [409, "Too few rows"],
  "load-failed": [409, "Load failed"],
  "secret-missing": [409, "Missing secret"],
  "not-found": [404, "Not found"],
  cancelled: [409, "Cancelled"],
  "mining-invalid": [422, "Invalid mining request"],
  "too-little-data": [422, "Too little data"],
  "port-in-use": [503, "Port in use"],
  "bad-request": [400, "Invalid request"],
  unauthorized: [401, "Not signed in"],
  forbidden: [403, "Not allowed"],
  "method-not-allowed": [405, "Method not allowed"],
  usage: [400, "Wrong usage"],
  internal: [500, "Internal error"],
};

/** An error that is not a person's fault says nothing about its cause. */
const internalProblem = (): ProblemDocument => {
  const [status, title] = PROBLEMS.internal;
  return {
    type: "/docs#problem-internal",
    title,
    status,
    detail: "Tessera failed to answer this request.",
    code: "internal",
    remedy: "The server's log has the details. Please report them.",
  };
};

/** An error as the caller sees it. @param door whose words the remedies use */
export const problemOf = (error: unknown, door: Exclude<Door, "cli"> = "api"): ProblemDocument => {
  if (!(error instanceof TesseraError)) return internalProblem();
  const [status, title] = PROBLEMS[error.code];
  const { message, problems } = errorAt(door, error);
  // the remedy of the whole error is that of its first problem, unless it was given one of its own
  const remedy = error.remedy === error.problems[0]?.remedy ? problems[0]?.remedy : error.remedy;
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
