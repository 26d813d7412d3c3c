/** The kept versions and their pins. */
import { TesseraError, phrase } from "../../engine/errors/index.ts";
import {
  keptManifests,
  listVersions,
  openState,
  pinVersion,
  readPointer,
  roleOf,
  unpinVersion,
} from "../../engine/warehouse/index.ts";

/** A kept version. */
export interface KeptVersion {
  readonly version: number;
  readonly publishedAt: string;
  /** the run that published it */
  readonly run: string;
  /** the version it was made from */
  readonly parent: number | null;
  /** the pointer names it */
  readonly served: boolean;
  /** rolled back */
  readonly undone: boolean;
  /** of all its files, including those shared with other versions */
  readonly bytes: number;
  readonly roles: readonly string[];
  readonly pins: readonly { readonly reason: string; readonly expiresAt: string }[];
}

/** The kept versions, newest first. */
export function keptVersions(warehouse: string, now = new Date()): KeptVersion[] {
  const pointer = readPointer(warehouse);
  const undone = new Set(
    listVersions(warehouse)
      .filter((each) => each.undone)
      .map((each) => each.version),
  );
  const state = openState(warehouse);
  try {
    const pins = state
      .prepare("SELECT version, reason, expires_at AS expiresAt FROM pins WHERE expires_at > ? ORDER BY reason")
      .all(now.toISOString()) as { readonly version: number; readonly reason: string; readonly expiresAt: string }[];
    return keptManifests(warehouse).map(({ version, publishedAt, run, parent, files }) => ({
      version,
      publishedAt,
      run,
      parent,
      served: version === pointer,
      undone: undone.has(version),
      bytes: files.reduce((sum, file) => sum + file.bytes, 0),
      roles: files.map(roleOf),
      pins: pins.filter((pin) => pin.version === version).map(({ reason, expiresAt }) => ({ reason, expiresAt })),
    }));
  } finally {
    state.close();
  }
}

/** Pins a version for 400 days, or renews its pin. @throws TesseraError `not-found` */
export function pinKept(warehouse: string, version: number, reason: string, now = new Date()): void {
  if (!listVersions(warehouse).some((each) => each.version === version))
    throw new TesseraError("not-found", phrase`version ${version} not found`, {
      remedy: { action: "list-versions" },
    });
  const state = openState(warehouse);
  try {
    pinVersion(state, version, reason, now);
  } finally {
    state.close();
  }
}

/** Removes a pin. */
export function unpinKept(warehouse: string, version: number, reason: string): void {
  const state = openState(warehouse);
  try {
    unpinVersion(state, version, reason);
  } finally {
    state.close();
  }
}
