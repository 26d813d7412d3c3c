/** Whether a version's files match its manifest. */
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

// a file that was read once is not read again until its size or times change
const known = new Map<string, string>();

/** What is wrong with a version's files; empty for a whole version. */
export async function damageOf(folder: string, manifest: Manifest): Promise<Problem[]> {
  const problems: Problem[] = [];
  for (const file of manifest.files) {
    const path = join(folder, file.path);
    const damaged = (message: Sentence): void =>
      void problems.push(problem("version-damaged", message, { place: path }));
    try {
      const found = await stat(path);
      if (found.size !== file.bytes) {
        damaged(phrase`${file.path} of version ${manifest.version} has ${found.size} bytes instead of ${file.bytes}`);
        continue;
      }
      const mark = `${path}:${found.ino}:${found.size}:${found.mtimeMs}:${found.ctimeMs}`;
      let checksum = known.get(mark);
      if (checksum === undefined) known.set(mark, (checksum = await checksumOf(path)));
      if (checksum !== file.sha256)
        damaged(phrase`${file.path} of version ${manifest.version} does not match its checksum`);
    } catch (error) {
      const code = error instanceof Error && "code" in error ? String(error.code) : "unknown error";
      damaged(phrase`${file.path} of version ${manifest.version} cannot be read (${code})`);
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
    return phrase`${file.path} of version ${version} cannot be read: ${error instanceof Error ? error.message : String(error)}`;
  }
}
