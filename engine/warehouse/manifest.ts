/** Reading manifests and the pointer. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { TesseraError, phrase } from "../errors/index.ts";
import { versionName, warehousePaths } from "./paths.ts";
import type { Manifest } from "./version.ts";

/** The number in the pointer; null where there is none, undefined where it cannot be read. */
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

/** Throws `version-gone` when there is no such manifest, `version-damaged` when it cannot be read. */
export function readManifest(folder: string, version: number): Manifest {
  const path = join(warehousePaths(folder).versions, `${versionName(version)}.json`);
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch {
    throw new TesseraError("version-gone", phrase`there is no version ${version}`, {
      place: path,
      remedy: "`tessera loads` lists the versions that are kept",
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

export interface ListedVersion {
  readonly version: number;
  /** rolled back: kept for the record, never served by itself */
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
