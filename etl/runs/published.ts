/** Which runs stand behind the data that is served. */
import { listVersions, readManifest, readPointer } from "../../engine/warehouse/index.ts";

/** Runs whose versions were published and not taken back. */
export function publishedRuns(warehouse: string): ReadonlyMap<string, number> {
  const runs = new Map<string, number>();
  const kept = listVersions(warehouse);
  const pointer = readPointer(warehouse);
  for (const { version, undone } of kept) {
    if (undone || pointer === null || pointer === undefined || version > pointer) continue;
    try {
      runs.set(readManifest(warehouse, version).run, version);
    } catch {
      // a manifest that cannot be read proves nothing
    }
  }
  return runs;
}
