/** Reading manifests and the pointer. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { TesseraError, phrase } from "../errors/index.ts";
import { versionName, warehousePaths } from "./paths.ts";
import type { Manifest } from "./version.ts";

/** The number in the pointer; null without a pointer, undefined for one that cannot be read. */
export function readPointer(folder: string): number | null | undefined {
  let text: string;
  try {
    text = readFileSync(warehousePaths(folder).pointer, "utf8").trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    return undefined;
  }
  return /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}

/** Reads a manifest. @throws TesseraError `version-gone` for a missing one, `version-damaged` for an unreadable one */
export function readManifest(folder: string, version: number): Manifest {
  const path = join(warehousePaths(folder).versions, `${versionName(version)}.json`);
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch {
    throw new TesseraError("version-gone", phrase`version ${version} not found`, {
      place: path,
      remedy: { action: "list-versions" },
    });
  }
  try {
    const manifest = JSON.parse(text) as Manifest;
    if (manifest.version !== version || !Array.isArray(manifest.files)) throw new Error("not a manifest");
    return manifest;
  } catch (cause) {
    throw new TesseraError("version-damaged", phrase`the manifest of version ${version} cannot be read`, {
      place: path,
      cause,
    });
  }
}

/** A version on disk. */
export interface ListedVersion {
  readonly version: number;
  /** whether it was rolled back: kept for the record, and served only on request */
  readonly undone: boolean;
}

/** All versions on disk, newest first. */
export function listVersions(folder: string): ListedVersion[] {
  const { versions } = warehousePaths(folder);
  if (!existsSync(versions)) return [];
  const names = new Set(readdirSync(versions));
  return [...names]
    .flatMap((name) => (/^\d+\.json$/.test(name) ? [Number(name.slice(0, -5))] : []))
    .sort((a, b) => b - a)
    .map((version) => ({ version, undone: names.has(`${versionName(version)}.undone`) }));
}
