/** The version to serve. */
import { TesseraError, type Problem } from "../errors/index.ts";
import { damageOf } from "./checksum.ts";
import { listVersions, readManifest, readPointer } from "./manifest.ts";
import type { Manifest } from "./version.ts";

export interface CurrentVersion {
  readonly manifest: Manifest;
  /** why it is not the version that the pointer names, to be shown next to its numbers; empty if it is */
  readonly warnings: readonly Problem[];
}

/**
 * The current version, with verified files; if it is damaged, the newest good one before it, with warnings. Undefined
 * for an empty warehouse. @throws TesseraError `version-damaged` where no version is whole
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
            remedy: "load again to make a new version from it",
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
    remedy: "restore the folder from a backup, or empty it and load everything again",
  });
}

/**
 * The pointer's version, then those it was made from, then all others, newest first; rolled-back ones only on request.
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
  // nothing newer than the pointer: that may be an unfinished publication, or a load that was rolled back
  const limit = pointer ?? Number.POSITIVE_INFINITY;
  for (const { version, undone } of kept) if (!undone && version <= limit) order.add(version);
  return [...order];
}
