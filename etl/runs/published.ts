/** The runs behind the served data. */
import { listVersions, readManifest, readPointer } from "../../engine/warehouse/index.ts";

/** Runs whose version is published and not rolled back, with that version. */
export function publishedRuns(warehouse: string): ReadonlyMap<string, number> {
  const runs = new Map<string, number>();
  const kept = listVersions(warehouse);
  const pointer = readPointer(warehouse);
  for (const { version, undone } of kept) {
    if (undone || pointer === null || pointer === undefined || version > pointer) continue;
    try {
      runs.set(readManifest(warehouse, version).run, version);
    } catch {
      // a damaged manifest does not show its run
    }
  }
  return runs;
}
