/** A copy of the warehouse that can be put back: state first, pointer last, every file checked. */
import { copyFileSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { TesseraError, type Problem, phrase } from "../../engine/errors/index.ts";
import {
  awaitLease,
  checksumOf,
  copyForWriting,
  currentVersion,
  damageOf,
  ensureSpace,
  keptManifests,
  listVersions,
  makeWarehouse,
  openState,
  pointTo,
  versionName,
  warehousePaths,
  type Manifest,
  type VersionFile,
} from "../../engine/warehouse/index.ts";
import { filesBelow } from "../erase/erase-traces.ts";

export interface BackupOptions {
  /** milliseconds to wait for a run that writes the warehouse */
  readonly patience?: number;
  readonly onProgress?: (message: string) => void;
}

export interface Backup {
  readonly folder: string;
  /** the version that is served from it */
  readonly version: number;
  readonly versions: readonly number[];
  /** files copied now; those that an earlier backup to the folder holds are not copied again */
  readonly copied: number;
  readonly bytes: number;
  /** versions that are damaged, and so are not in it */
  readonly warnings: readonly Problem[];
}

/**
 * Copies a warehouse into a folder, which is empty or holds an earlier backup of it. No run may write meanwhile; queries go on.
 * Throws `lease-held`, `no-version`, `disk-full`, `usage` for a folder that holds something else, `version-damaged` where no version is whole.
 */
export async function backupWarehouse(warehouse: string, folder: string, options: BackupOptions = {}): Promise<Backup> {
  if (existsSync(folder) && readdirSync(folder).length > 0 && !existsSync(warehousePaths(folder).versions))
    throw new TesseraError("usage", "the folder holds something that is no backup", {
      place: folder,
      remedy: "give an empty folder, or one with an earlier backup",
    });
  const state = openState(warehouse);
  try {
    const lease = await awaitLease(state, "backup", options.patience ?? 0);
    try {
      const current = await currentVersion(warehouse);
      if (current === undefined)
        throw new TesseraError("no-version", "nothing has been loaded yet", { place: warehouse });
      const paths = makeWarehouse(folder);
      const sound: Manifest[] = [];
      const warnings: Problem[] = [...current.warnings];
      for (const manifest of keptManifests(warehouse)) {
        const damage = await damageOf(warehouse, manifest);
        if (damage.length === 0) sound.push(manifest);
        else if (!warnings.some((warning) => warning.message === damage[0]!.message)) warnings.push(...damage);
      }
      const files = [
        ...new Map(sound.flatMap((manifest) => manifest.files.map((file) => [file.path, file] as const))).values(),
      ];
      ensureSpace(
        folder,
        files.filter((file) => !existsSync(join(folder, file.path))).reduce((sum, file) => sum + file.bytes, 0),
      );
      // an earlier backup is none while it is changed
      rmSync(paths.pointer, { force: true });

      rmSync(paths.state, { force: true });
      state.prepare("VACUUM INTO ?").run(paths.state);
      clearLeases(folder);
      for (const name of ["erasure.key"])
        if (existsSync(join(warehouse, name))) copyFileSync(join(warehouse, name), join(folder, name));
      rmSync(paths.rejects, { recursive: true, force: true });
      for (const path of filesBelow(warehousePaths(warehouse).rejects))
        copyInto(path, join(folder, relative(warehouse, path)));

      const { copied, bytes } = await copyFiles(warehouse, folder, files, options.onProgress);
      for (const name of readdirSync(paths.files))
        if (!files.some((file) => basename(file.path) === name)) rmSync(join(paths.files, name));
      for (const name of readdirSync(paths.versions)) rmSync(join(paths.versions, name));
      const undone = new Set(
        listVersions(warehouse)
          .filter((each) => each.undone)
          .map((each) => each.version),
      );
      for (const manifest of sound) {
        writeFileSync(
          join(paths.versions, `${versionName(manifest.version)}.json`),
          `${JSON.stringify(manifest, null, 1)}\n`,
        );
        if (undone.has(manifest.version))
          writeFileSync(join(paths.versions, `${versionName(manifest.version)}.undone`), "");
      }
      pointTo(folder, current.manifest.version);
      return {
        folder,
        version: current.manifest.version,
        versions: sound.map((manifest) => manifest.version),
        copied,
        bytes,
        warnings,
      };
    } finally {
      lease.release();
    }
  } finally {
    state.close();
  }
}

/** Copies files that are not there yet, whole; each is read again and compared with its checksum. */
export async function copyFiles(
  from: string,
  to: string,
  files: readonly VersionFile[],
  onProgress: (message: string) => void = () => undefined,
): Promise<{ copied: number; bytes: number }> {
  let copied = 0;
  let bytes = 0;
  for (const [i, file] of files.entries()) {
    const target = join(to, file.path);
    if (existsSync(target) && (await checksumOf(target)) === file.sha256) continue;
    onProgress(`file ${i + 1} of ${files.length}: ${file.path}`);
    mkdirSync(dirname(target), { recursive: true });
    rmSync(target, { force: true });
    copyForWriting(join(from, file.path), target);
    if ((await checksumOf(target)) !== file.sha256)
      throw new TesseraError("version-damaged", phrase`${file.path} is not what its checksum says`, {
        place: target,
        remedy: "the disk may be failing: try another folder",
      });
    copied++;
    bytes += file.bytes;
  }
  return { copied, bytes };
}

/** The process that has the lease is not the copy's. */
function clearLeases(folder: string): void {
  const state = openState(folder);
  state.prepare("DELETE FROM leases").run();
  state.pragma("journal_mode = DELETE");
  state.close();
}

export function copyInto(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  copyFileSync(from, to);
}
