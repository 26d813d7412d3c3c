export { checksumOf, damageOf } from "./checksum.ts";
export { compactFile, MOST_FREE, type Compacted } from "./compact.ts";
export { ensureSpace, freeBytesOf, spaceForLoad } from "./space.ts";
export { awaitLease, leaseHolder, takeLease, type Lease, type LeaseHolder } from "./lease.ts";
export { describeFile } from "./describe-file.ts";
export { duckdbFault } from "./duckdb-error.ts";
export { listVersions, readManifest, readPointer, type ListedVersion } from "./manifest.ts";
export { openForWriting, type Writer, type WriterOptions } from "./open.ts";
export { makeWarehouse, versionName, warehousePaths, type WarehousePaths } from "./paths.ts";
export { pinnedVersions, pinVersion, unpinVersion } from "./pins.ts";
export { identify, isAlive, thisProcess, type ProcessIdentity } from "./process-identity.ts";
export {
  copyForWriting,
  filePath,
  MAIN,
  makeWorkFolder,
  pointTo,
  publishVersion,
  writerOf,
  type PublishRequest,
} from "./publish.ts";
export type { TableSegments } from "./segment-replace.ts";
export { openSegments, type SegmentedTables } from "./segmented-tables.ts";
export { sweep, type Retention, type Swept } from "./retention.ts";
export { installRewritten, keptManifests, renameFiles } from "./rewrite.ts";
export { rollBack, type RolledBack } from "./rollback.ts";
export { quoteIdentifier, quoteText } from "./sql-text.ts";
export { immediately, openState, type State } from "./state.ts";
export { logUsage, type UsageEntry } from "./usage.ts";
export {
  roleOf,
  type Manifest,
  type SegmentRange,
  type VersionFile,
  type VersionSegment,
  type VersionTable,
} from "./version.ts";
export { currentVersion, type CurrentVersion } from "./versions.ts";
