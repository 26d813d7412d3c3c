/** Putting a backup in a warehouse's place. */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
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
  versionName,
  warehousePaths,
  listVersions,
} from "../../engine/warehouse/index.ts";
import { filesBelow } from "../erase/erase-traces.ts";
import { copyFiles, copyInto } from "./backup.ts";

export interface RestoreOptions {
  /** put it in the place of a warehouse that is there; that one is kept beside it */
  readonly force?: boolean;
  readonly now?: () => Date;
  readonly onProgress?: (message: string) => void;
}

export interface Restored {
  readonly version: number;
  readonly versions: readonly number[];
  /** where the warehouse that was there is now; null where there was none. No erasure reaches it */
  readonly replaced: string | null;
  /** numbers of persons who were erased after the backup was made: loads keep them out, `eraseAgain` takes them out of the versions */
  readonly erasedSince: number;
}

/**
 * Makes a warehouse from a backup: every file is verified before anything is touched, the copy is made beside and takes its place in
 * one rename. Whom the warehouse that was there had erased stays on the list. Throws `not-found` for a folder that is no backup, `version-damaged` naming what is not whole, `usage` where a warehouse
 * is there and `force` is not given, `lease-held` while a run writes it, `disk-full`.
 */
export async function restoreWarehouse(
  folder: string,
  warehouse: string,
  options: RestoreOptions = {},
): Promise<Restored> {
  const pointer = readPointer(folder);
  if (typeof pointer !== "number")
    throw new TesseraError("not-found", "the folder holds no finished backup", {
      place: folder,
      remedy: "make one: tessera backup FOLDER",
    });
  const manifests = keptManifests(folder);
  const damage = (await Promise.all(manifests.map((manifest) => damageOf(folder, manifest)))).flat();
  if (damage.length > 0)
    throw TesseraError.of(damage, `the backup is damaged, so nothing was touched: ${damage[0]!.message}`);
  if (!manifests.some((manifest) => manifest.version === pointer))
    throw new TesseraError("version-damaged", phrase`the backup names version ${pointer}, which it does not hold`, {
      place: folder,
    });
  const there = existsSync(warehouse) && readdirSync(warehouse).length > 0;
  if (there && !options.force)
    throw new TesseraError("usage", "there is a warehouse already", {
      place: warehouse,
      remedy: "--force puts the backup in its place and keeps what was there beside it",
    });
  if (there && existsSync(warehousePaths(warehouse).state)) refuseWhileWritten(warehouse);

  const files = [
    ...new Map(manifests.flatMap((manifest) => manifest.files.map((file) => [file.path, file] as const))).values(),
  ];
  mkdirSync(dirname(warehouse), { recursive: true });
  ensureSpace(
    dirname(warehouse),
    files.reduce((sum, file) => sum + file.bytes, 0),
  );
  const beside = `${warehouse}.restoring`;
  rmSync(beside, { recursive: true, force: true });
  const paths = makeWarehouse(beside);
  for (const path of ["state.sqlite", "erasure.key"]
    .map((name) => join(folder, name))
    .filter((path) => existsSync(path)))
    copyInto(path, join(beside, relative(folder, path)));
  for (const path of filesBelow(warehousePaths(folder).rejects)) copyInto(path, join(beside, relative(folder, path)));
  await copyFiles(folder, beside, files, options.onProgress);
  const undone = new Set(
    listVersions(folder)
      .filter((each) => each.undone)
      .map((each) => each.version),
  );
  for (const manifest of manifests) {
    writeFileSync(
      join(paths.versions, `${versionName(manifest.version)}.json`),
      `${JSON.stringify(manifest, null, 1)}\n`,
    );
    if (undone.has(manifest.version))
      writeFileSync(join(paths.versions, `${versionName(manifest.version)}.undone`), "");
  }
  const erasedSince = there ? carrySuppressed(warehouse, beside) : 0;
  pointTo(beside, pointer);
  await currentVersion(beside);

  const at = (options.now ?? (() => new Date()))().toISOString().slice(0, 19).replace(/[-:]/g, "").replace("T", "-");
  const replaced = there ? `${warehouse}.before-${at}` : null;
  if (replaced !== null) renameSync(warehouse, replaced);
  else if (existsSync(warehouse)) rmSync(warehouse, { recursive: true });
  renameSync(beside, warehouse);
  return { version: pointer, versions: manifests.map((manifest) => manifest.version), replaced, erasedSince };
}

/** The list of erased persons and its key belong to the people, not to the copy of the data. Answers how many numbers the backup did not know. */
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
    throw new TesseraError(
      "usage",
      "the backup keeps its list of erased persons under another key than the warehouse that is there: it is not of this warehouse",
      { place: to, remedy: "restore it into a folder of its own, and erase there whom this one has erased" },
    );
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
        phrase`run ${holder.run} is writing the warehouse since ${holder.since} (process ${holder.pid})`,
        { place: warehouse, remedy: "wait for it to end, or cancel it" },
      );
  } finally {
    state.close();
  }
}
