/**
 * Looking at the disk before a version is begun: a clear word beforehand is better than a load that ends in the middle.
 */
import { statfsSync } from "node:fs";
import { TesseraError, phrase } from "../errors/index.ts";
import type { Manifest } from "./version.ts";

/** Bytes that this user may still write where the folder lies; infinite where the system does not say. */
export function freeBytesOf(folder: string): number {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}

/**
 * Space that an ordinary load of this base takes: a copy of what it changes, and a fifth more. Segments are copied when
 * they are touched, and asked for then.
 */
export const spaceForLoad = (base: Manifest): number =>
  1.2 *
  base.files.filter((file) => !/-labels_/.test(file.path) && !file.segment).reduce((sum, file) => sum + file.bytes, 0);

/** Throws `disk-full`, which says how much is needed and how much is free. */
export function ensureSpace(folder: string, needed: number, free: () => number = () => freeBytesOf(folder)): void {
  const left = free();
  if (left >= needed) return;
  throw new TesseraError(
    "disk-full",
    phrase`about ${megabytes(needed)} of disk are needed and ${megabytes(left)} are free: nothing was begun`,
    {
      place: folder,
      remedy: "free some space, or move the warehouse's folder to a larger disk; the served version is as it was",
    },
  );
}

const megabytes = (bytes: number): string => `${Math.ceil(bytes / 1e6).toLocaleString("en")} MB`;
