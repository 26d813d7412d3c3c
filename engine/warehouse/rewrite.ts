/**
 * Rewrites the files of kept versions under their own numbers: the one exception to "a version never changes", for
 * erasure.
 */
import { renameSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import duckdb from "duckdb";
import { checksumOf } from "./checksum.ts";
import { describePublished } from "./describe-file.ts";
import { replaceFile, syncFile, syncFolder } from "./durable.ts";
import { listVersions, readManifest } from "./manifest.ts";
import { versionName, warehousePaths } from "./paths.ts";
import type { Manifest, VersionFile } from "./version.ts";

/** The readable manifests on disk, newest first. */
export function keptManifests(folder: string): Manifest[] {
  return listVersions(folder).flatMap(({ version }) => {
    try {
      return [readManifest(folder, version)];
    } catch {
      return [];
    }
  });
}

/**
 * Moves a finished file into the warehouse, to replace a version's file; no manifest names it yet. @param by a number
 * that no version has
 */
export async function installRewritten(
  folder: string,
  old: VersionFile,
  from: string,
  by: number,
): Promise<VersionFile> {
  const path = `files/${basename(old.path, ".duckdb").replace(/~\d+$/, "")}~${by}.duckdb`;
  const { tables, segment } = await describePublished(from, old.segment);
  syncFile(from);
  const file: VersionFile = {
    path,
    bytes: statSync(from).size,
    sha256: await checksumOf(from),
    tables,
    duckdb: duckdb.version(),
    ...(segment && { segment }),
  };
  renameSync(from, join(folder, path));
  syncFolder(warehousePaths(folder).files);
  return file;
}

/** Lets manifests name other files (null: none). Files that no manifest names any more are swept. */
export function renameFiles(folder: string, replaced: ReadonlyMap<string, VersionFile | null>): void {
  for (const manifest of keptManifests(folder)) {
    if (!manifest.files.some((file) => replaced.has(file.path))) continue;
    const files = manifest.files.flatMap((file) => {
      const other = replaced.get(file.path);
      if (other === undefined) return [file];
      return other === null ? [] : [other];
    });
    replaceFile(
      join(warehousePaths(folder).versions, `${versionName(manifest.version)}.json`),
      `${JSON.stringify({ ...manifest, files }, null, 1)}\n`,
    );
  }
}
