/** Memory limits of DuckDB in a load. */
import type { ProjectSpec } from "../../engine/model/project.ts";

const UNITS: Readonly<Record<string, number>> = {
  "": 1,
  b: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  tb: 1e12,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
  tib: 2 ** 40,
};
/** Measured: what DuckDB takes beyond its limit when it writes and checkpoints. */
const BEYOND = 128e6;
/** With less, DuckDB fails for rows of any size. */
const LEAST = 120e6;

/**
 * With less, raw and staged rows are in a file (of an in-memory table a part never spills: 120 MB for 50 million rows),
 * and DuckDB has one thread: each further one takes up to 80 MB beyond the limit.
 */
const ROOMY = 400e6;

/** Of DuckDB, unless the project sets one; what does not fit spills into the load's temporary folder. */
const MEMORY_LIMIT = "2GB";

/** The memory of a load. */
export interface LoadMemory {
  /** DuckDB's limit */
  readonly limit: string;
  /** raw and staged rows can be in memory, and spill if necessary */
  readonly inMemory: boolean;
}

/** The memory of a load of a project. */
export function loadMemory({ warehouse }: Pick<ProjectSpec, "warehouse">): LoadMemory {
  const limit = warehouse.memoryLimit ?? MEMORY_LIMIT;
  return { limit: engineMemory(limit), inMemory: isRoomy(limit) };
}

/**
 * DuckDB's limit for a load.
 * @param limit the project's `memoryLimit`, for example `512MB`; DuckDB rejects an invalid one
 */
export function engineMemory(limit: string): string {
  const bytes = bytesOf(limit);
  if (bytes === undefined) return limit;
  const reduced = Math.max(bytes - Math.min(BEYOND, bytes / 2), Math.min(bytes, LEAST));
  return `${Math.max(1, Math.round(reduced / 1e6))}MB`;
}

/** Whether raw and staged rows can be in memory, and spill if necessary. */
export const isRoomy = (limit: string): boolean => (bytesOf(limit) ?? ROOMY) >= ROOMY;

function bytesOf(limit: string): number | undefined {
  const [, amount, word = ""] = /^\s*(\d+(?:\.\d+)?)\s*([a-z]*)\s*$/i.exec(limit) ?? [];
  const unit = UNITS[word.toLowerCase()];
  return amount === undefined || unit === undefined ? undefined : Number(amount) * unit;
}
