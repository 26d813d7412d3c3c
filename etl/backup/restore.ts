/** Restores a backup. */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { TesseraError, phrase } from "../../engine/errors/index.ts";
import {
  currentVersion,
  damageOf,
  ensureSpace,
  keptManifests,
  leaseHolder,
  makeWarehouse,
  openState,
  pointTo,
  readPointer,
  warehousePaths,
  type Manifest,
} from "../../engine/warehouse/index.ts";
import { filesBelow } from "../erase/erase-traces.ts";
import { copyFiles, copyInto, filesOf, writeManifests } from "./backup.ts";

/** How to restore. */
export interface RestoreOptions {
  /** replace an existing warehouse, which is kept in a folder next to it; default false */
  readonly force?: boolean;
  /** the clock; tests fix it */
  readonly now?: () => Date;
  readonly onProgress?: (message: string) => void;
}

/** A restored warehouse. */
export interface Restored {
  /** the version it serves */
  readonly version: number;
  readonly versions: readonly number[];
  /** folder of the warehouse that was replaced, which no erasure reaches; null if there was none */
  readonly replaced: string | null;
  /** numbers of persons erased after the backup: loads keep them out, `eraseAgain` removes them from the versions */
  readonly erasedSince: number;
}

/**
 * Makes a warehouse from a backup. Every file is verified first; the copy is made next to the warehouse and replaces it
 * in one rename. Persons whom the replaced warehouse erased stay on the suppression list.
 * @throws TesseraError `not-found` for a folder that is not a backup, `version-damaged`, `usage` for an existing
 * warehouse without `force`, `lease-held` while a run writes it, `disk-full`
 */
export async function restoreWarehouse(
  folder: string,
  warehouse: string,
  options: RestoreOptions = {},
): Promise<Restored> {
  const { pointer, manifests } = await verifyBackup(folder);
  const exists = existsSync(warehouse) && readdirSync(warehouse).length > 0;
  if (exists && !options.force)
    throw new TesseraError("usage", "a warehouse already exists", {
      place: warehouse,
      remedy: "restore with force: the existing warehouse is kept in a folder next to it",
    });
  if (exists && existsSync(warehousePaths(warehouse).state)) refuseWhileWritten(warehouse);
  const files = filesOf(manifests);
  mkdirSync(dirname(warehouse), { recursive: true });
  ensureSpace(
    dirname(warehouse),
    files.reduce((sum, file) => sum + file.bytes, 0),
  );
  const copy = `${warehouse}.restoring`;
  rmSync(copy, { recursive: true, force: true });
  makeWarehouse(copy);
  const others = ["state.sqlite", "erasure.key"].map((name) => join(folder, name)).filter((path) => existsSync(path));
  for (const path of [...others, ...filesBelow(warehousePaths(folder).rejects)])
    copyInto(path, join(copy, relative(folder, path)));
  await copyFiles(folder, copy, files, options.onProgress);
  writeManifests(folder, copy, manifests);
  const erasedSince = exists ? carrySuppressed(warehouse, copy) : 0;
  pointTo(copy, pointer);
  await currentVersion(copy);

  const at = (options.now ?? (() => new Date()))().toISOString().slice(0, 19).replace(/[-:]/g, "").replace("T", "-");
  const replaced = exists ? `${warehouse}.before-${at}` : null;
  if (replaced !== null) renameSync(warehouse, replaced);
  else if (existsSync(warehouse)) rmSync(warehouse, { recursive: true });
  renameSync(copy, warehouse);
  return { version: pointer, versions: manifests.map((manifest) => manifest.version), replaced, erasedSince };
}

async function verifyBackup(
  folder: string,
): Promise<{ readonly pointer: number; readonly manifests: readonly Manifest[] }> {
  const pointer = readPointer(folder);
  if (typeof pointer !== "number")
    throw new TesseraError("not-found", "the folder is not a complete backup", {
      place: folder,
      remedy: { action: "make-backup" },
    });
  const manifests = keptManifests(folder);
  const damage = (await Promise.all(manifests.map((manifest) => damageOf(folder, manifest)))).flat();
  const [first] = damage;
  if (first !== undefined)
    throw TesseraError.of(damage, phrase`the backup is damaged, so nothing was changed: ${first.message}`);
  if (!manifests.some((manifest) => manifest.version === pointer))
    throw new TesseraError("version-damaged", phrase`version ${pointer} is missing in the backup`, {
      place: folder,
      remedy: "restore another backup",
    });
  return { pointer, manifests };
}

/** Carries the suppression list and its key over. @returns how many numbers the backup did not have */
function carrySuppressed(from: string, to: string): number {
  const key = join(from, "erasure.key");
  if (!existsSync(key) || !existsSync(warehousePaths(from).state)) return 0;
  const there = openState(from);
  const rows = there
    .prepare("SELECT system, hash, replacement, alias, run FROM suppressed")
    .raw(true)
    .all() as string[][];
  there.close();
  if (rows.length === 0) return 0;
  const own = join(to, "erasure.key");
  if (existsSync(own) && readFileSync(own, "utf8").trim() !== readFileSync(key, "utf8").trim()) {
    throw new TesseraError("usage", "the backup is not of this warehouse: the keys of their suppression lists differ", {
      place: to,
      remedy: "restore it into another folder, and erase the persons again who are erased here",
    });
  }
  copyInto(key, own);
  const state = openState(to);
  try {
    const insert = state.prepare(
      "INSERT OR IGNORE INTO suppressed (system, hash, replacement, alias, run) VALUES (?, ?, ?, ?, ?)",
    );
    return rows.reduce((sum, row) => sum + insert.run(...row).changes, 0);
  } finally {
    state.close();
  }
}

function refuseWhileWritten(warehouse: string): void {
  const state = openState(warehouse);
  try {
    const holder = leaseHolder(state);
    if (holder !== undefined)
      throw new TesseraError(
        "lease-held",
        phrase`run ${holder.run} writes the warehouse since ${holder.since} (process ${holder.pid})`,
        { place: warehouse, remedy: { action: "show-progress" } },
      );
  } finally {
    state.close();
  }
}
