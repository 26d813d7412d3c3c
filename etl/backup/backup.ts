/** Backs up a warehouse: state first, pointer last, every file compared with its checksum. */
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
  type State,
  type VersionFile,
} from "../../engine/warehouse/index.ts";
import { filesBelow } from "../erase/erase-traces.ts";

/** How to back up. */
export interface BackupOptions {
  /** milliseconds to wait for a run that writes the warehouse; default 0 */
  readonly patience?: number;
  readonly onProgress?: (message: string) => void;
}

/** A finished backup. */
export interface Backup {
  readonly folder: string;
  /** the version that a restored warehouse serves */
  readonly version: number;
  readonly versions: readonly number[];
  /** files copied now; files of an earlier backup in the folder are not copied again */
  readonly copied: number;
  /** of the copied files */
  readonly bytes: number;
  /** versions that are damaged, and so are left out */
  readonly warnings: readonly Problem[];
}

/**
 * Copies a warehouse into a folder that is empty or has an earlier backup of it. Queries go on, but no run may write
 * meanwhile.
 * @throws TesseraError `lease-held`, `no-version`, `disk-full`, `usage` for a folder with other files,
 * `version-damaged` if no version is complete
 */
export async function backupWarehouse(warehouse: string, folder: string, options: BackupOptions = {}): Promise<Backup> {
  if (existsSync(folder) && readdirSync(folder).length > 0 && !existsSync(warehousePaths(folder).versions))
    throw new TesseraError("usage", "the folder is neither empty nor a backup", {
      place: folder,
      remedy: "name an empty folder, or one with an earlier backup",
    });
  const state = openState(warehouse);
  try {
    const lease = await awaitLease(state, "backup", options.patience ?? 0);
    try {
      return await backupUnderLease(warehouse, folder, state, options);
    } finally {
      lease.release();
    }
  } finally {
    state.close();
  }
}

async function backupUnderLease(
  warehouse: string,
  folder: string,
  state: State,
  { onProgress }: BackupOptions,
): Promise<Backup> {
  const current = await currentVersion(warehouse);
  if (current === undefined)
    throw new TesseraError("no-version", "nothing has been loaded yet", {
      place: warehouse,
      remedy: { action: "load" },
    });
  const paths = makeWarehouse(folder);
  const { sound, warnings } = await soundVersions(warehouse, current.warnings);
  const files = filesOf(sound);
  ensureSpace(
    folder,
    files.filter((file) => !existsSync(join(folder, file.path))).reduce((sum, file) => sum + file.bytes, 0),
  );
  // without a pointer the folder is not a backup while it changes
  rmSync(paths.pointer, { force: true });
  copyState(warehouse, folder, state);
  const { copied, bytes } = await copyFiles(warehouse, folder, files, onProgress);
  for (const name of readdirSync(paths.files))
    if (!files.some((file) => basename(file.path) === name)) rmSync(join(paths.files, name));
  for (const name of readdirSync(paths.versions)) rmSync(join(paths.versions, name));
  writeManifests(warehouse, folder, sound);
  const { version } = current.manifest;
  pointTo(folder, version);
  return { folder, version, versions: sound.map((manifest) => manifest.version), copied, bytes, warnings };
}

/** The complete versions, and the damage of the others. */
async function soundVersions(
  warehouse: string,
  known: readonly Problem[],
): Promise<{ readonly sound: Manifest[]; readonly warnings: Problem[] }> {
  const sound: Manifest[] = [];
  const warnings = [...known];
  for (const manifest of keptManifests(warehouse)) {
    const damage = await damageOf(warehouse, manifest);
    const [first] = damage;
    if (first === undefined) sound.push(manifest);
    else if (!warnings.some((warning) => warning.message === first.message)) warnings.push(...damage);
  }
  return { sound, warnings };
}

/** The files of all versions, each once. */
export const filesOf = (manifests: readonly Manifest[]): VersionFile[] => [
  ...new Map(manifests.flatMap(({ files }) => files.map((file) => [file.path, file] as const))).values(),
];

/** Copies the state, the key of the suppression list and the rejected rows. */
function copyState(warehouse: string, folder: string, state: State): void {
  const paths = warehousePaths(folder);
  rmSync(paths.state, { force: true });
  state.prepare("VACUUM INTO ?").run(paths.state);
  clearLeases(folder);
  const key = "erasure.key";
  if (existsSync(join(warehouse, key))) copyFileSync(join(warehouse, key), join(folder, key));
  rmSync(paths.rejects, { recursive: true, force: true });
  for (const path of filesBelow(warehousePaths(warehouse).rejects))
    copyInto(path, join(folder, relative(warehouse, path)));
}

/** Writes the manifests of versions into a copy, with the marks of versions that were rolled back. */
export function writeManifests(from: string, to: string, manifests: readonly Manifest[]): void {
  const undone = new Set(
    listVersions(from)
      .filter((each) => each.undone)
      .map((each) => each.version),
  );
  const { versions } = warehousePaths(to);
  for (const manifest of manifests) {
    const name = versionName(manifest.version);
    writeFileSync(join(versions, `${name}.json`), `${JSON.stringify(manifest, null, 1)}\n`);
    if (undone.has(manifest.version)) writeFileSync(join(versions, `${name}.undone`), "");
  }
}

/** Copies missing files; each copy is read and compared with its checksum. @throws TesseraError `version-damaged` */
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
      throw new TesseraError("version-damaged", phrase`the copy of ${file.path} differs from its checksum`, {
        place: target,
        remedy: "try a folder on another disk: this one may be failing",
      });
    copied++;
    bytes += file.bytes;
  }
  return { copied, bytes };
}

/** Leases belong to processes of the original. */
function clearLeases(folder: string): void {
  const state = openState(folder);
  state.prepare("DELETE FROM leases").run();
  state.pragma("journal_mode = DELETE");
  state.close();
}

/** Copies a file into a folder, which is created if missing. */
export function copyInto(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  copyFileSync(from, to);
}
