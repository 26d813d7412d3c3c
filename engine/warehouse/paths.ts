/** Where a warehouse keeps what, below its folder. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";

export interface WarehousePaths {
  readonly folder: string;
  readonly pointer: string;
  readonly versions: string;
  readonly files: string;
  /** work in progress, one folder a run; swept when its run is over */
  readonly work: string;
  /** rejected rows, one folder a run */
  readonly rejects: string;
  readonly state: string;
}

export const warehousePaths = (folder: string): WarehousePaths => ({
  folder,
  pointer: join(folder, "current"),
  versions: join(folder, "versions"),
  files: join(folder, "files"),
  work: join(folder, "work"),
  rejects: join(folder, "rejects"),
  state: join(folder, "state.sqlite"),
});

/** Makes the folders that are missing. */
export function makeWarehouse(folder: string): WarehousePaths {
  const paths = warehousePaths(folder);
  for (const path of [paths.versions, paths.files, paths.work, paths.rejects]) mkdirSync(path, { recursive: true });
  return paths;
}

/** `12` -> `000012`: names sort as numbers do. */
export const versionName = (version: number): string => String(version).padStart(6, "0");
