/** Rolls a published version back: data and watermarks together, by one rename of the pointer. */
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { TesseraError, phrase } from "../errors/index.ts";
import { damageOf } from "./checksum.ts";
import { listVersions, readManifest, readPointer } from "./manifest.ts";
import { versionName, warehousePaths } from "./paths.ts";
import { pointTo } from "./publish.ts";
import type { Manifest } from "./version.ts";

/** What was rolled back. */
export interface RolledBack {
  readonly from: number;
  /** the version that is served now */
  readonly to: number;
  /** runs that were rolled back, newest first: the named one and those published after it */
  readonly runs: readonly string[];
}

/** Restores the warehouse to what it was before a run. Call it under the lease. */
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
    throw new TesseraError("version-gone", phrase`load ${run} was the first, so it cannot be rolled back`, {
      remedy: { action: "load" },
    });
  }
  const target = readManifest(folder, manifest.parent);
  const damage = await damageOf(folder, target);
  if (damage.length > 0) throw TesseraError.of(damage, `version ${target.version} before load ${run} is damaged`);

  const { versions } = warehousePaths(folder);
  // marks first: after a crash before the pointer moves, the pointer's version is served, which the next publication
  // mends
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
    return new TesseraError("not-found", phrase`load ${run} made no version that is kept`, {
      remedy: { action: "list-versions" },
    });
  const taken = existsSync(join(warehousePaths(folder).versions, `${versionName(found.version)}.undone`));
  return new TesseraError(
    "not-found",
    phrase`load ${run} is not part of the served version${taken ? ": it was rolled back before" : ""}`,
  );
}
