/** Taking a published version back: data and watermarks together, by one rename of the pointer. */
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { TesseraError, phrase } from "../errors/index.ts";
import { damageOf } from "./checksum.ts";
import { listVersions, readManifest, readPointer } from "./manifest.ts";
import { versionName, warehousePaths } from "./paths.ts";
import { pointTo } from "./publish.ts";
import type { Manifest } from "./version.ts";

export interface RolledBack {
  readonly from: number;
  /** the version that is served now */
  readonly to: number;
  /** runs that were taken back, newest first: the named one and those published after it */
  readonly runs: readonly string[];
}

/** Puts the warehouse back to what it was before the run. Call it under the lease. */
export async function rollBack(folder: string, run: string): Promise<RolledBack> {
  const current = readPointer(folder);
  if (current === null || current === undefined)
    throw new TesseraError("no-version", "nothing has been loaded yet", { place: folder });
  const undone: Manifest[] = [];
  let manifest = readManifest(folder, current);
  while (manifest.run !== run) {
    undone.push(manifest);
    if (manifest.parent === null) throw notServed(folder, run);
    manifest = readManifest(folder, manifest.parent);
  }
  undone.push(manifest);
  if (manifest.parent === null) {
    throw new TesseraError("version-gone", phrase`load ${run} was the first: there is no version before it`, {
      remedy: "`tessera load --full` loads everything again",
    });
  }
  const target = readManifest(folder, manifest.parent);
  const damage = await damageOf(folder, target);
  if (damage.length > 0) throw TesseraError.of(damage, `version ${target.version} before load ${run} is damaged`);

  const { versions } = warehousePaths(folder);
  // the marks come first: a crash between them and the pointer leaves the pointer's version served, which the next
  // publication mends
  for (const each of undone)
    writeFileSync(join(versions, `${versionName(each.version)}.undone`), `${new Date().toISOString()}\n`);
  pointTo(folder, target.version);
  return { from: current, to: target.version, runs: undone.map((each) => each.run) };
}

function notServed(folder: string, run: string): TesseraError {
  const kept = listVersions(folder).flatMap(({ version }) => {
    try {
      return [readManifest(folder, version)];
    } catch {
      return [];
    }
  });
  const found = kept.find((each) => each.run === run);
  if (found === undefined)
    return new TesseraError("not-found", phrase`no kept version was made by load ${run}`, {
      remedy: "`tessera loads` lists those that can be taken back",
    });
  const taken = existsSync(join(warehousePaths(folder).versions, `${versionName(found.version)}.undone`));
  return new TesseraError(
    "not-found",
    phrase`load ${run} is not part of the served version${taken ? ": it was rolled back before" : ""}`,
  );
}
