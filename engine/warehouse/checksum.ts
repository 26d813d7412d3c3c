/** Whether a version's files are what its manifest says. */
import { createHash } from "node:crypto";
import { open, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { phrase, problem, type Problem, type Sentence } from "../errors/index.ts";
import type { Manifest, VersionFile } from "./version.ts";

/** SHA-256 of a file, in hexadecimal, read in pieces. */
export async function checksumOf(path: string): Promise<string> {
  const hash = createHash("sha256");
  const handle = await open(path, "r");
  try {
    const piece = Buffer.allocUnsafe(4 << 20);
    for (;;) {
      const { bytesRead } = await handle.read(piece, 0, piece.length, null);
      if (bytesRead === 0) return hash.digest("hex");
      hash.update(piece.subarray(0, bytesRead));
    }
  } finally {
    await handle.close();
  }
}

// a file that was read once and has neither grown nor been touched since is not read again
const known = new Map<string, string>();

/** Up to this size a file is read whole, and hashed by another thread while this one hashes the large files. */
const SMALL = 16 << 20;

const sha256 = async (path: string, bytes: number): Promise<string> =>
  bytes > SMALL
    ? checksumOf(path)
    : Buffer.from(await crypto.subtle.digest("SHA-256", await readFile(path))).toString("hex");

/** What is wrong with the version's files; empty when all is well. */
export async function damageOf(folder: string, manifest: Manifest): Promise<Problem[]> {
  const found = new Map<VersionFile, Problem>();
  const look = async (files: readonly VersionFile[]): Promise<void> => {
    for (const file of files) {
      const message = await damage(join(folder, file.path), file, manifest.version);
      if (message !== null) found.set(file, problem("version-damaged", message, { place: join(folder, file.path) }));
    }
  };
  const isSmall = (file: VersionFile): boolean => file.bytes <= SMALL;
  await Promise.all([look(manifest.files.filter(isSmall)), look(manifest.files.filter((file) => !isSmall(file)))]);
  return manifest.files.flatMap((file) => found.get(file) ?? []);
}

async function damage(path: string, file: VersionFile, version: number): Promise<Sentence | null> {
  try {
    const { size, ino, mtimeMs, ctimeMs } = await stat(path);
    if (size !== file.bytes)
      return phrase`${file.path} of version ${version} has ${size} bytes instead of ${file.bytes}`;
    const mark = `${path}:${ino}:${size}:${mtimeMs}:${ctimeMs}`;
    let checksum = known.get(mark);
    if (checksum === undefined) known.set(mark, (checksum = await sha256(path, size)));
    return checksum === file.sha256 ? null : phrase`${file.path} of version ${version} does not match its checksum`;
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown error";
    return phrase`${file.path} of version ${version} cannot be read (${code})`;
  }
}
