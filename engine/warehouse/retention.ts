/** Which versions are kept, and the removal of files that no version names. Call it under the lease. */
import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { listVersions, readManifest, readPointer } from "./manifest.ts";
import { versionName, warehousePaths } from "./paths.ts";
import type { Manifest } from "./version.ts";

/** Which versions to keep. */
export interface Retention {
  /** how many of the newest versions; default 10 */
  readonly last?: number;
  /** for how many days the last version of each; default 14 */
  readonly days?: number;
  /** versions that are never removed */
  readonly pinned?: readonly number[];
}

/** What was removed. */
export interface Swept {
  readonly versions: readonly number[];
  readonly files: readonly string[];
}

/**
 * Removes versions beyond the retention, publications that never reached the pointer, files that no manifest names, and
 * the work of runs that are over. @param liveRuns runs that are not over
 */
export function sweep(folder: string, liveRuns: readonly string[], now: Date, retention: Retention = {}): Swept {
  const paths = warehousePaths(folder);
  const pointer = readPointer(folder);
  const removed: number[] = [];
  const removedFiles: string[] = [];
  // without a readable pointer to a readable manifest nothing is known to be finished, and nothing is removed
  const manifests = readable(folder);
  if (
    pointer !== undefined &&
    existsSync(paths.versions) &&
    (pointer === null || manifests.some((each) => each.version === pointer))
  ) {
    const kept = keep(manifests, pointer, now, retention);
    for (const { version } of listVersions(folder)) {
      if (kept.has(version)) continue;
      rmSync(join(paths.versions, `${versionName(version)}.json`), { force: true });
      rmSync(join(paths.versions, `${versionName(version)}.undone`), { force: true });
      removed.push(version);
    }
    const named = new Set(
      manifests.filter((each) => kept.has(each.version)).flatMap((each) => each.files.map((file) => file.path)),
    );
    for (const name of existsSync(paths.files) ? readdirSync(paths.files) : []) {
      if (named.has(`files/${name}`)) continue;
      rmSync(join(paths.files, name), { force: true });
      removedFiles.push(name);
    }
    for (const name of readdirSync(paths.versions))
      if (name.endsWith(".tmp")) rmSync(join(paths.versions, name), { force: true });
  }
  const live = new Set(liveRuns);
  for (const name of existsSync(paths.work) ? readdirSync(paths.work) : []) {
    if (!live.has(name)) rmSync(join(paths.work, name), { recursive: true, force: true });
  }
  return { versions: removed, files: removedFiles };
}

function readable(folder: string): (Manifest & { readonly undone: boolean })[] {
  return listVersions(folder).flatMap(({ version, undone }) => {
    try {
      return [{ ...readManifest(folder, version), undone }];
    } catch {
      return [];
    }
  });
}

function keep(
  manifests: readonly (Manifest & { readonly undone: boolean })[],
  pointer: number | null,
  now: Date,
  retention: Retention,
): Set<number> {
  const kept = new Set<number>(retention.pinned ?? []);
  // newer than the pointer and not rolled back: a publication that did not reach its last step
  const finished = manifests.filter((each) => pointer !== null && (each.version <= pointer || each.undone));
  if (pointer !== null) kept.add(pointer);
  for (const each of finished.slice(0, retention.last ?? 10)) kept.add(each.version);
  const oldest = now.getTime() - (retention.days ?? 14) * 86_400_000;
  const days = new Set<string>();
  for (const each of finished) {
    const day = each.publishedAt.slice(0, 10);
    if (each.undone || days.has(day) || Date.parse(each.publishedAt) < oldest) continue;
    days.add(day);
    kept.add(each.version);
  }
  return kept;
}
