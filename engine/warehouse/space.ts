/**
 * Checks the disk before a version is begun: a clear error beforehand is better than a load that ends in the middle.
 */
import { statfsSync } from "node:fs";
import { TesseraError, phrase } from "../errors/index.ts";
import type { Manifest } from "./version.ts";

/** Bytes that this user may still write to a folder's disk; infinite where the system does not report them. */
export function freeBytesOf(folder: string): number {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}

/**
 * The space of an ordinary load from this base: a copy of what it changes, and a fifth more. Segments are copied, and
 * their space checked, when they change.
 */
export const spaceForLoad = (base: Manifest): number =>
  1.2 *
  base.files.filter((file) => !/-labels_/.test(file.path) && !file.segment).reduce((sum, file) => sum + file.bytes, 0);

/** @throws TesseraError `disk-full` with the space needed and the space free */
export function ensureSpace(folder: string, needed: number, free: () => number = () => freeBytesOf(folder)): void {
  const left = free();
  if (left >= needed) return;
  throw new TesseraError(
    "disk-full",
    phrase`about ${megabytes(needed)} of disk space are needed; ${megabytes(left)} are free`,
    {
      place: folder,
      remedy: "free some space, or move the warehouse's folder to a larger disk; nothing has changed",
    },
  );
}

const megabytes = (bytes: number): string => `${Math.ceil(bytes / 1e6).toLocaleString("en")} MB`;
