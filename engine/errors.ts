/**
 * Every error that a person can cause or cure carries a stable code, the place it happened and what to do next.
 * A plain `Error` thrown anywhere in Tessera is a bug of ours, and is reported as one.
 */
export type ErrorCode =
  // model and project
  | "project-not-found"
  | "project-invalid"
  | "model-invalid"
  // queries
  | "query-invalid"
  | "unknown-member"
  | "unrelated-dimension"
  | "filter-invalid"
  | "formula-invalid"
  | "too-large"
  | "timeout"
  // warehouse
  | "no-version"
  | "version-gone"
  | "version-damaged"
  | "file-busy"
  | "lease-held"
  | "disk-full"
  // loads
  | "job-invalid"
  | "source-unavailable"
  | "source-refused"
  | "schema-changed"
  | "check-failed"
  | "too-many-rejects"
  | "too-few-rows"
  | "load-failed"
  | "secret-missing"
  | "not-found"
  | "cancelled"
  // mining
  | "mining-invalid"
  | "too-little-data"
  // serving
  | "port-in-use"
  | "bad-request"
  | "unauthorized"
  | "forbidden"
  | "method-not-allowed"
  | "usage";

/** One thing that is wrong, where, and what to do about it. */
export interface Problem {
  readonly code: ErrorCode;
  readonly message: string;
  /** file, member, row or JSON path, for example `cubes/sales.cube.ts › sales.margin` or `$.filters[0].member` */
  readonly place?: string;
  /** what to do next, as a sentence or a command */
  readonly remedy?: string;
}

export class TesseraError extends Error {
  readonly code: ErrorCode;
  readonly place: string | undefined;
  readonly remedy: string | undefined;
  /** all problems found, where more than one was looked for; at least one */
  readonly problems: readonly Problem[];

  constructor(
    code: ErrorCode,
    message: string,
    more: { place?: string; remedy?: string; problems?: readonly Problem[]; cause?: unknown } = {},
  ) {
    super(message, more.cause === undefined ? undefined : { cause: more.cause });
    this.name = "TesseraError";
    this.code = code;
    this.place = more.place;
    this.remedy = more.remedy;
    this.problems = more.problems ?? [
      { code, message, ...(more.place && { place: more.place }), ...(more.remedy && { remedy: more.remedy }) },
    ];
  }

  /** One error from all problems found; the first decides the code. */
  static of(problems: readonly Problem[], headline?: string): TesseraError {
    const first = problems[0]!;
    return new TesseraError(
      first.code,
      headline ?? (problems.length === 1 ? first.message : `${problems.length} problems, the first: ${first.message}`),
      {
        problems,
        ...(first.place && { place: first.place }),
        ...(first.remedy && { remedy: first.remedy }),
      },
    );
  }
}

/** The nearest of `candidates` to `word` by edit distance, for "did you mean …?"; undefined when nothing is near. */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined;
  let bestDistance = Math.max(2, Math.floor(word.length / 3)) + 1;
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - word.length) >= bestDistance) continue;
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  return best;
}

/** "; did you mean x?" or nothing. */
export function didYouMean(word: string, candidates: Iterable<string>): string {
  const found = nearest(word, candidates);
  return found === undefined ? "" : ` (did you mean ${found}?)`;
}

/** Optimal string alignment: insertions, deletions, substitutions and swaps of neighbours, each costing 1. */
function editDistance(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      let d = Math.min(rows[i - 1]![j]! + 1, row[j - 1]! + 1, rows[i - 1]![j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) d = Math.min(d, rows[i - 2]![j - 2]! + 1);
      row[j] = d;
    }
    rows[i] = row;
  }
  return rows[a.length]![b.length]!;
}
