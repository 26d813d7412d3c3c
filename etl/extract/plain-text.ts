/** Whether a file is plain text that DuckDB's reader can be trusted with: UTF-8 without NUL, all lines ending the same way. Looked at in pieces, whatever the size. */
import { createHash } from "node:crypto";
import { isUtf8 } from "node:buffer";
import { open, stat } from "node:fs/promises";

const CR = 13,
  LF = 10;
const PIECE = 4 << 20;
/** Enough for a header. */
const HEAD = 65_536;

/** Takes a text piece by piece. */
export class PlainText {
  #plain = true;
  #hasCr = false;
  /** a line feed without a carriage return before it, or the other way round */
  #lfAlone = false;
  #crAlone = false;
  #last = LF - 1;
  /** bytes of a character that the last piece cut */
  #cut: Buffer = Buffer.alloc(0);

  add(piece: Buffer): void {
    if (!this.#plain || piece.length === 0) return;
    if (piece.includes(0)) {
      this.#plain = false;
      return;
    }
    this.#characters(piece);
    if (this.#last === CR && piece[0] !== LF) this.#crAlone = true;
    for (let at = piece.indexOf(CR); at >= 0 && !this.#crAlone; at = piece.indexOf(CR, at + 1)) {
      this.#hasCr = true;
      if (at + 1 < piece.length && piece[at + 1] !== LF) this.#crAlone = true;
    }
    for (let at = piece.indexOf(LF); at >= 0 && !this.#lfAlone; at = piece.indexOf(LF, at + 1))
      if ((at === 0 ? this.#last : piece[at - 1]) !== CR) this.#lfAlone = true;
    this.#last = piece[piece.length - 1]!;
  }

  end(): boolean {
    if (this.#last === CR) this.#crAlone = true;
    return this.#plain && this.#cut.length === 0 && !(this.#hasCr && (this.#lfAlone || this.#crAlone));
  }

  #characters(piece: Buffer): void {
    const text = this.#cut.length === 0 ? piece : Buffer.concat([this.#cut, piece]);
    // the last character may go on in the next piece: look for where it begins, at most three bytes back
    let end = text.length;
    for (let back = 1; back <= Math.min(4, text.length); back++) {
      const byte = text[text.length - back]!;
      if ((byte & 0xc0) === 0x80) continue;
      const wanted = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
      if (wanted > back) end = text.length - back;
      break;
    }
    if (!isUtf8(text.subarray(0, end))) this.#plain = false;
    this.#cut = Buffer.from(text.subarray(end));
  }
}

export const isPlain = (content: Buffer): boolean => {
  const text = new PlainText();
  text.add(content);
  return text.end();
};

export interface LookedAt {
  readonly sha256: string;
  readonly plain: boolean;
  /** the first bytes */
  readonly head: Buffer;
}

/** Reads a file once, in pieces; undefined when it changed meanwhile, because it is still being written. */
export async function lookAtFile(file: {
  readonly path: string;
  readonly size: number;
  readonly modified: number;
}): Promise<LookedAt | undefined> {
  const hash = createHash("sha256");
  const text = new PlainText();
  const handle = await open(file.path, "r");
  let head = Buffer.alloc(0);
  let size = 0;
  try {
    const piece = Buffer.allocUnsafe(Math.min(PIECE, Math.max(HEAD, file.size)));
    for (;;) {
      const { bytesRead } = await handle.read(piece, 0, piece.length, null);
      if (bytesRead === 0) break;
      const read = piece.subarray(0, bytesRead);
      if (head.length < HEAD) head = Buffer.concat([head, read.subarray(0, HEAD - head.length)]);
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
