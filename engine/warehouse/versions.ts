/** Which version is to be served. */
import { TesseraError, type Problem } from "../errors/index.ts";
import { damageOf } from "./checksum.ts";
import { listVersions, readManifest, readPointer } from "./manifest.ts";
import type { Manifest } from "./version.ts";

export interface CurrentVersion {
  readonly manifest: Manifest;
  /** why it is not the version that the pointer names; empty when it is. To be shown wherever numbers are shown */
  readonly warnings: readonly Problem[];
}

/**
 * The current version, its files verified; when it is damaged, the newest good one before it, with warnings that say
 * so.
 * Undefined for a warehouse that nothing was ever loaded into. Throws `version-damaged` when no version is whole.
 */
export async function currentVersion(folder: string): Promise<CurrentVersion | undefined> {
  const pointer = readPointer(folder);
  const kept = listVersions(folder);
  if (pointer === null && kept.length === 0) return undefined;
  const warnings: Problem[] = [];
  if (pointer === null || pointer === undefined)
    warnings.push({
      code: "version-damaged",
      message: "the pointer to the current version is missing or cannot be read",
      place: folder,
    });

  for (const candidate of candidates(folder, pointer ?? undefined, kept)) {
    try {
      const manifest = readManifest(folder, candidate);
      const damage = await damageOf(folder, manifest);
      if (damage.length === 0) {
        if (warnings.length > 0) {
          warnings.push({
            code: "version-damaged",
            message: `version ${candidate} of ${manifest.publishedAt} is served instead`,
            remedy: "run `tessera load` to make a new version from it",
          });
        }
        return { manifest, warnings };
      }
      warnings.push(...damage);
    } catch (error) {
      if (!(error instanceof TesseraError)) throw error;
      warnings.push(...error.problems);
    }
  }
  throw new TesseraError("version-damaged", "no version of the warehouse is whole", {
    place: folder,
    problems: warnings,
    remedy: "restore the folder from a backup, or empty it and load again with `tessera load --full`",
  });
}

/**
 * The pointer's version, then those it was made from, then all others, newest first; rolled-back ones are never taken
 * unasked.
 */
function candidates(
  folder: string,
  pointer: number | undefined,
  kept: readonly { version: number; undone: boolean }[],
): number[] {
  const order = new Set<number>();
  let next: number | null = pointer ?? null;
  while (next !== null && !order.has(next)) {
    order.add(next);
    try {
      next = readManifest(folder, next).parent;
    } catch {
      next = null;
    }
  }
  // nothing newer than the pointer: it may be a publication that never ended, or a load that was taken back
  const limit = pointer ?? Number.POSITIVE_INFINITY;
  for (const { version, undone } of kept) if (!undone && version <= limit) order.add(version);
  return [...order];
}
