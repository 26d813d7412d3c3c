/** How much of a load's memory the engine is told to keep to. */

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
/** What DuckDB takes beside its limit when it writes and checkpoints, measured; a small load's engine gets half. */
const BESIDE = 128e6;
/** With less it gives up on rows of any size. */
const LEAST = 120e6;

/** With less, raw and staged rows lie in a file (DuckDB keeps a part of each table in memory that never leaves it, 50 million rows 120 MB), and one thread works: each more takes up to 80 MB beside the limit. */
const ROOMY = 400e6;

/** `limit` is the project's `memoryLimit`, as `512MB`; what cannot be read is left to DuckDB to refuse. */
export function engineMemory(limit: string): string {
  const bytes = bytesOf(limit);
  if (bytes === undefined) return limit;
  return `${Math.max(1, Math.round(Math.max(bytes - Math.min(BESIDE, bytes / 2), Math.min(bytes, LEAST)) / 1e6))}MB`;
}

/** Whether rows on their way may be kept in memory, spilling where they must. */
export const isRoomy = (limit: string): boolean => (bytesOf(limit) ?? ROOMY) >= ROOMY;

function bytesOf(limit: string): number | undefined {
  const match = /^\s*(\d+(?:\.\d+)?)\s*([a-z]*)\s*$/i.exec(limit);
  const unit = match === null ? undefined : UNITS[match[2]!.toLowerCase()];
  return match === null || unit === undefined ? undefined : Number(match[1]) * unit;
}
