/**
 * Whether DuckDB can read a text file: UTF-8 without NUL and with one kind of line end. Inspected in pieces of any file
 * size.
 */
import { at, last } from "../../../engine/lookup.ts";
import { createHash } from "node:crypto";
import { isUtf8 } from "node:buffer";
import { open, stat } from "node:fs/promises";

const CR = 13;
const LF = 10;
const PIECE = 4 << 20;
/** Bytes of a file that are kept for its header. */
export const HEAD_BYTES = 65_536;

/** Inspects a text piece by piece. */
export class PlainText {
  #plain = true;
  #hasCr = false;
  /** a line feed without a carriage return before it */
  #lfAlone = false;
  /** a carriage return without a line feed after it */
  #crAlone = false;
  #last = LF - 1;
  /** bytes of a character that continues in the next piece */
  #cut: Buffer = Buffer.alloc(0);

  /** Inspects the next piece. */
  add(piece: Buffer): void {
    if (!this.#plain || piece.length === 0) return;
    if (piece.includes(0)) {
      this.#plain = false;
      return;
    }
    this.#characters(piece);
    if (this.#last === CR && piece[0] !== LF) this.#crAlone = true;
    for (let i = piece.indexOf(CR); i >= 0 && !this.#crAlone; i = piece.indexOf(CR, i + 1)) {
      this.#hasCr = true;
      if (i + 1 < piece.length && piece[i + 1] !== LF) this.#crAlone = true;
    }
    for (let i = piece.indexOf(LF); i >= 0 && !this.#lfAlone; i = piece.indexOf(LF, i + 1))
      if ((i === 0 ? this.#last : piece[i - 1]) !== CR) this.#lfAlone = true;
    this.#last = last(piece);
  }

  /** Whether the whole text is plain. */
  end(): boolean {
    if (this.#last === CR) this.#crAlone = true;
    return this.#plain && this.#cut.length === 0 && !(this.#hasCr && (this.#lfAlone || this.#crAlone));
  }

  #characters(piece: Buffer): void {
    const text = this.#cut.length === 0 ? piece : Buffer.concat([this.#cut, piece]);
    // the last character may continue in the next piece; it begins at most three bytes back
    let end = text.length;
    for (let back = 1; back <= Math.min(4, text.length); back++) {
      const byte = at(text, -back);
      if ((byte & 0xc0) === 0x80) continue;
      if (bytesOfCharacter(byte) > back) end = text.length - back;
      break;
    }
    if (!isUtf8(text.subarray(0, end))) this.#plain = false;
    this.#cut = Buffer.from(text.subarray(end));
  }
}

/** Bytes of a UTF-8 character by its first byte. */
function bytesOfCharacter(first: number): number {
  if (first >= 0xf0) return 4;
  if (first >= 0xe0) return 3;
  return first >= 0xc0 ? 2 : 1;
}

/** What reading a file once shows. */
export interface Inspected {
  readonly sha256: string;
  readonly plain: boolean;
  /** the first bytes */
  readonly head: Buffer;
}

/** Reads a file once, in pieces; undefined for a file that changed meanwhile and so is still being written. */
export async function inspectFile(file: {
  readonly path: string;
  readonly size: number;
  readonly modified: number;
}): Promise<Inspected | undefined> {
  const hash = createHash("sha256");
  const text = new PlainText();
  const handle = await open(file.path, "r");
  let head = Buffer.alloc(0);
  let size = 0;
  try {
    const piece = Buffer.allocUnsafe(Math.min(PIECE, Math.max(HEAD_BYTES, file.size)));
    for (;;) {
      const { bytesRead } = await handle.read(piece, 0, piece.length, null);
      if (bytesRead === 0) break;
      const read = piece.subarray(0, bytesRead);
      if (head.length < HEAD_BYTES) head = Buffer.concat([head, read.subarray(0, HEAD_BYTES - head.length)]);
      size += bytesRead;
      hash.update(read);
      text.add(read);
    }
  } finally {
    await handle.close();
  }
  const after = await stat(file.path);
  return size === file.size && after.size === file.size && after.mtimeMs === file.modified
    ? { sha256: hash.digest("hex"), plain: text.end(), head }
    : undefined;
}
