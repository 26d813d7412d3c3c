/** The files and folders of a warehouse. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";

/** Paths below a warehouse's folder. */
export interface WarehousePaths {
  readonly folder: string;
  readonly pointer: string;
  readonly versions: string;
  readonly files: string;
  /** work in progress, one folder for each run; removed when the run is over */
  readonly work: string;
  /** rejected rows, one folder for each run */
  readonly rejects: string;
  readonly state: string;
}

/** The paths of a warehouse. */
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
