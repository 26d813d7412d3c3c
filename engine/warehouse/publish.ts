/** The only publisher: every version is made here, under the warehouse's lease. */
import { present } from "../lookup.ts";
import { constants, copyFileSync, existsSync, mkdirSync, renameSync, rmSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import duckdb from "duckdb";
import { TesseraError, phrase } from "../errors/index.ts";
import { packageVersion } from "../package.ts";
import { checksumOf, damageOf } from "./checksum.ts";
import { compactFile, LEAST_FREE, MOST_FREE } from "./compact.ts";
import { replaceFile, syncFile, syncFolder } from "./durable.ts";
import { listVersions } from "./manifest.ts";
import { refuseOpen } from "./open.ts";
import { freeBytesOf } from "./space.ts";
import { makeWarehouse, versionName, warehousePaths } from "./paths.ts";
import { describePublished } from "./describe-file.ts";
import { roleOf, type Manifest, type SegmentRange, type VersionFile } from "./version.ts";

/** The role of a version's main file; labels and rollups have files of their own. */
export const MAIN = "main";

/** What a new version is made of. */
export interface PublishRequest {
  /** the version that it is made from; null for the first */
  readonly base: Manifest | null;
  readonly run: string;
  /**
   * finished database files by role (`main`, `labels_rfm`), to be moved into the version; the base's other files stay
   */
  readonly files: { readonly [role: string]: string };
  /** roles of the base's files that the new version leaves out */
  readonly without?: readonly string[];
  /** the ranges of the files that are segments of a large table */
  readonly segments?: { readonly [role: string]: SegmentRange };
  /** default: those of the base */
  readonly watermarks?: Manifest["watermarks"];
  /** default: those of the base */
  readonly labels?: Manifest["labels"];
  readonly now?: () => Date;
  /** for rewriting files, as DuckDB writes it */
  readonly memoryLimit?: string;
  /** called at each step, for a log, and for tests that end the process there */
  readonly onStep?: (step: "described" | "moved" | "manifest" | "pointer") => void;
}

/** The version of DuckDB that wrote a file. */
export const writerOf = (manifest: Manifest, file: VersionFile): string => file.duckdb ?? manifest.writer.duckdb;

/** The path of a version's file by role; undefined where it has none. */
export function filePath(folder: string, manifest: Manifest | null | undefined, role: string): string | undefined {
  const file = manifest?.files.find((each) => roleOf(each) === role);
  return file && join(folder, file.path);
}

/**
 * Copies a published file to change it; where the file system can, the copy shares unchanged blocks.
 * @throws TesseraError `file-busy` while the file is written
 */
export function copyForWriting(from: string, to: string): void {
  refuseOpen(from);
  copyFileSync(from, to, constants.COPYFILE_FICLONE);
}

/**
 * Makes a version of finished files and points `current` at it. Until the pointer is renamed, no reader sees any of it;
 * a
 * crash before that leaves strays, which `sweep` removes. The files must be closed, and the caller holds the lease.
 * @throws TesseraError `version-damaged` for an incomplete file
 */
export async function publishVersion(folder: string, request: PublishRequest): Promise<Manifest> {
  const paths = makeWarehouse(folder);
  const version = Math.max(0, ...listVersions(folder).map((each) => each.version)) + 1;
  const now = request.now ?? (() => new Date());
  const replaced = new Set([...Object.keys(request.files), ...(request.without ?? [])]);
  const own = duckdb.version();
  const carried = (request.base?.files ?? []).filter((file) => !replaced.has(roleOf(file)));
  const written = (file: VersionFile): string => writerOf(present(request.base, "the base"), file);
  const files: VersionFile[] = carried.map((file) =>
    written(file) === own ? file : { ...file, duckdb: written(file) },
  );

  for (const [role, from] of Object.entries(request.files)) {
    if (existsSync(`${from}.wal`))
      throw new TesseraError("version-damaged", phrase`${basename(from)} was not closed: it has a write-ahead log`, {
        place: from,
      });
    refuseOpen(from);
    const previous = request.base?.files.find((file) => roleOf(file) === role);
    // a file that another version of DuckDB wrote is rewritten, whatever is free
    const foreign = previous !== undefined && written(previous) !== own;
    const { tables, segment, free } = await describePublished(from, request.segments?.[role]);
    const { size } = statSync(from);
    const wasteful = free >= MOST_FREE && free * size >= LEAST_FREE;
    // rewriting needs space; without it the file stays as it is
    if ((foreign || wasteful) && freeBytesOf(folder) > 1.2 * size)
      await compactFile(from, {
        tempDirectory: join(dirname(from), "compact"),
        share: 0,
        ...(request.memoryLimit && { memoryLimit: request.memoryLimit }),
      });
    syncFile(from);
    const path = `files/${versionName(version)}-${role}.duckdb`;
    files.push({
      path,
      bytes: statSync(from).size,
      sha256: await checksumOf(from),
      tables,
      ...(segment && { segment }),
    });
    request.onStep?.("described");
    renameSync(from, join(folder, path));
    request.onStep?.("moved");
  }
  syncFolder(paths.files);

  const manifest: Manifest = {
    version,
    parent: request.base?.version ?? null,
    publishedAt: now().toISOString(),
    run: request.run,
    files,
    watermarks: request.watermarks ?? request.base?.watermarks ?? {},
    labels: request.labels ?? request.base?.labels ?? {},
    writer: { tessera: packageVersion(), duckdb: own },
  };
  const damage = await damageOf(folder, manifest);
  if (damage.length > 0) throw TesseraError.of(damage);
  replaceFile(join(paths.versions, `${versionName(version)}.json`), `${JSON.stringify(manifest, null, 1)}\n`);
  request.onStep?.("manifest");
  pointTo(folder, version);
  request.onStep?.("pointer");
  return Object.freeze(manifest);
}

/** Renames the pointer: readers see the version from their next look on. */
export function pointTo(folder: string, version: number): void {
  replaceFile(warehousePaths(folder).pointer, `${version}\n`);
}

/** Makes an empty folder for a run's work. */
export function makeWorkFolder(folder: string, run: string): string {
  const path = join(makeWarehouse(folder).work, run);
  rmSync(path, { recursive: true, force: true });
  mkdirSync(path, { recursive: true });
  return path;
}
