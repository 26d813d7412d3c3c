/**
 * A text file as UTF-8 without compression: the file itself, or a copy in the work folder. Copies are written piece by
 * piece, so that memory does not grow with the file.
 */
import { closeSync, createReadStream, mkdirSync, openSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { phrase, TesseraError } from "../../../engine/errors/index.ts";
import { encodingOf, sniffEncoding } from "./encoding.ts";
import { HEAD_BYTES, PlainText } from "./plain-text.ts";

/** A text file that can be read. */
export interface Utf8File {
  /** relative to the source's folder */
  readonly name: string;
  readonly path: string;
  /** DuckDB can read it */
  readonly plain: boolean;
  /** the first bytes, without a byte order mark */
  readonly head: Buffer;
  /** whether the head is the whole file */
  readonly isShort: boolean;
}

/** A file as it was found. */
export interface FoundText {
  readonly name: string;
  readonly path: string;
  readonly plain: boolean;
  readonly head: Buffer;
  readonly size: number;
}

const UTF8_MARK = Buffer.from([0xef, 0xbb, 0xbf]);
const GZIP = /\.gz$/i;

/** Folder for copies of the files. */
export const spoolFolder = (work: string): string => join(work, "spool");

/** How a text file is read. */
export interface Utf8Options {
  /** declared by the job */
  readonly encoding: string | undefined;
  /** whether what reads the file knows a byte order mark */
  readonly keepMark: boolean;
  /** folder for copies */
  readonly work: string;
}

/**
 * The file in UTF-8. Without a declared encoding, a byte order mark or the zero bytes of UTF-16 show it.
 * @returns undefined for a compressed file that is not complete
 * @throws TesseraError `source-refused` for text that is not in the encoding, with the line
 */
export async function utf8File(
  file: FoundText,
  { encoding, keepMark, work }: Utf8Options,
): Promise<Utf8File | undefined> {
  const isZipped = GZIP.test(file.name);
  const unzipped = isZipped ? await headOf(file.path) : file.head;
  if (unzipped === undefined) return undefined;
  const found = encodingOf(encoding) ?? sniffEncoding(unzipped);
  const isUtf8 = found === "utf-8";
  const head = withoutMark(file.head);
  if (!isZipped && isUtf8 && (keepMark || head.length === file.head.length)) {
    return { name: file.name, path: file.path, plain: file.plain, head, isShort: file.size <= HEAD_BYTES };
  }
  const path = join(spoolFolder(work), file.name.replace(GZIP, ""));
  mkdirSync(dirname(path), { recursive: true });
  const copy = new Copy(path, isUtf8 ? undefined : new Decoder(found, file.name));
  const stream = createReadStream(file.path, { highWaterMark: 1 << 20 });
  try {
    if (isZipped) await pipeline(stream, createGunzip(), copy.sink);
    else await pipeline(stream, copy.sink);
  } catch (error) {
    copy.close();
    if (isZipped && isZipError(error)) return undefined;
    throw error;
  }
  copy.close();
  return { name: file.name, path, plain: copy.text.end(), head: copy.head, isShort: copy.size <= HEAD_BYTES };
}

/** The first bytes of a compressed file; undefined where it is broken. */
async function headOf(path: string): Promise<Buffer | undefined> {
  const unzip = createReadStream(path).pipe(createGunzip());
  let head = Buffer.alloc(0);
  try {
    for await (const piece of unzip as AsyncIterable<Buffer>) {
      head = Buffer.concat([head, piece]);
      if (head.length >= HEAD_BYTES) break;
    }
  } catch (error) {
    if (isZipError(error)) return undefined;
    throw error;
  } finally {
    unzip.destroy();
  }
  return head;
}

const isZipError = (error: unknown): boolean =>
  error instanceof Error && "code" in error && String(error.code).startsWith("Z_");

const withoutMark = (head: Buffer): Buffer =>
  head.subarray(0, UTF8_MARK.length).equals(UTF8_MARK) ? head.subarray(UTF8_MARK.length) : head;

/** Decodes pieces of a text; a character may continue in the next one. */
class Decoder {
  readonly #decoder: TextDecoder;
  readonly #encoding: string;
  readonly #name: string;
  #lines = 1;

  constructor(encoding: string, name: string) {
    this.#decoder = new TextDecoder(encoding, { fatal: true });
    this.#encoding = encoding;
    this.#name = name;
  }

  /** @throws TesseraError `source-refused` */
  decode(piece: Buffer | undefined): string {
    try {
      const text = piece === undefined ? this.#decoder.decode() : this.#decoder.decode(piece, { stream: true });
      for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) this.#lines++;
      return text;
    } catch (cause) {
      const line = this.#lines + (piece === undefined ? 0 : this.#linesBeforeFault(piece));
      throw new TesseraError("source-refused", phrase`${this.#name}, line ${line}: the text is not ${this.#encoding}`, {
        place: this.#name,
        remedy: "declare the file's encoding with `extract.encoding`",
        cause,
      });
    }
  }

  /** Line feeds before the first byte that cannot be decoded. */
  #linesBeforeFault(piece: Buffer): number {
    const text = new TextDecoder(this.#encoding).decode(piece);
    const fault = text.indexOf("\ufffd");
    return fault < 0 ? 0 : text.slice(0, fault).split("\n").length - 1;
  }
}

/** A copy that is written in UTF-8 without a byte order mark. */
class Copy {
  readonly text = new PlainText();
  head: Buffer = Buffer.alloc(0);
  size = 0;
  readonly #file: number;
  readonly #decoder: Decoder | undefined;
  #isOpen = true;

  constructor(path: string, decoder: Decoder | undefined) {
    this.#file = openSync(path, "w");
    this.#decoder = decoder;
  }

  readonly sink = async (pieces: AsyncIterable<Buffer>): Promise<void> => {
    for await (const piece of pieces) this.#write(this.#decoder ? Buffer.from(this.#decoder.decode(piece)) : piece);
    if (this.#decoder) this.#write(Buffer.from(this.#decoder.decode(undefined)));
  };

  #write(piece: Buffer): void {
    const bytes = this.size === 0 ? withoutMark(piece) : piece;
    if (bytes.length === 0) return;
    writeSync(this.#file, bytes);
    this.text.add(bytes);
    if (this.head.length < HEAD_BYTES)
      this.head = Buffer.concat([this.head, bytes.subarray(0, HEAD_BYTES - this.head.length)]);
    this.size += bytes.length;
  }

  close(): void {
    if (this.#isOpen) closeSync(this.#file);
    this.#isOpen = false;
  }
}
