/**
 * One column of one DuckDB data chunk, filled in JavaScript memory; `write-vector` copies it over in one call.
 *
 * Texts of at most 12 bytes are laid out as DuckDB does itself (length, then the bytes); longer ones cost a native call each.
 */

/** Rows in a chunk: DuckDB's vector size. */
export const CHUNK_ROWS = 2048;

/** Bytes of one value of a fixed-width physical type; 16 for texts. */
export type Width = 1 | 2 | 4 | 8 | 16;

const TWO_32 = 4294967296;
const BIAS = 1n << 64n;

/** Bytes of long texts that wait in the columns of one chunk. */
export interface Waiting {
  bytes: number;
}

/** A chunk is written out before it is full when its texts weigh this much: 2048 texts of megabytes fit no memory. */
export const HEAVY = 4 << 20;

export class ColumnBuffer {
  readonly bytes: Uint8Array;
  readonly int16: Int16Array;
  readonly int32: Int32Array;
  readonly int64: BigInt64Array;
  readonly float32: Float32Array;
  readonly float64: Float64Array;
  readonly validity = new Uint32Array(CHUNK_ROWS / 32).fill(0xffffffff);
  hasNulls = false;
  /** rows whose text is longer than 12 bytes, and those texts */
  readonly longRows: number[] = [];
  readonly longTexts: (string | Uint8Array)[] = [];

  constructor(
    readonly width: Width,
    private readonly waiting: Waiting,
  ) {
    const buffer = new ArrayBuffer(CHUNK_ROWS * width);
    this.bytes = new Uint8Array(buffer);
    this.int16 = new Int16Array(width >= 2 ? buffer : new ArrayBuffer(0));
    this.int32 = new Int32Array(width >= 4 ? buffer : new ArrayBuffer(0));
    this.float32 = new Float32Array(width >= 4 ? buffer : new ArrayBuffer(0));
    this.int64 = new BigInt64Array(width >= 8 ? buffer : new ArrayBuffer(0));
    this.float64 = new Float64Array(width >= 8 ? buffer : new ArrayBuffer(0));
  }

  setNull(row: number): void {
    this.validity[row >>> 5]! &= ~(1 << (row & 31));
    this.hasNulls = true;
  }

  /** An integer of at most 53 bits as 64 bits. */
  setInteger(row: number, value: number): void {
    const high = Math.floor(value / TWO_32);
    this.int32[row * 2] = value - high * TWO_32;
    this.int32[row * 2 + 1] = high;
  }

  /** 128 bits, two's complement. */
  setHuge(row: number, value: bigint): void {
    this.int64[row * 2] = BigInt.asIntN(64, value);
    this.int64[row * 2 + 1] = value >> 64n;
  }

  /** 16 bytes as DuckDB keeps a UUID: as a number whose sign is turned, so that it sorts as its text does. */
  setUuid(row: number, high: bigint, low: bigint): void {
    this.int64[row * 2] = BigInt.asIntN(64, low);
    this.int64[row * 2 + 1] = BigInt.asIntN(64, high ^ (BIAS >> 1n));
  }

  setText(row: number, text: string): void {
    const length = text.length;
    if (length <= 12) {
      const at = row * 16;
      const { bytes } = this;
      let i = 0;
      for (; i < length; i++) {
        const code = text.charCodeAt(i);
        if (code > 127) break;
        bytes[at + 4 + i] = code;
      }
      if (i === length) {
        this.int32[row * 4] = length;
        for (; i < 12; i++) bytes[at + 4 + i] = 0;
        return;
      }
    }
    this.setLong(row, text);
  }

  /** Bytes of a text in UTF-8 or of a blob; they must stay as they are until the chunk is flushed. */
  setBytes(row: number, source: Uint8Array, from: number, length: number): void {
    if (length > 12) return this.setLong(row, source.subarray(from, from + length));
    const at = row * 16;
    const { bytes } = this;
    this.int32[row * 4] = length;
    for (let i = 0; i < 12; i++) bytes[at + 4 + i] = i < length ? source[from + i]! : 0;
  }

  private setLong(row: number, text: string | Uint8Array): void {
    this.int32.fill(0, row * 4, row * 4 + 4);
    this.longRows.push(row);
    this.longTexts.push(text);
    this.waiting.bytes += text.length;
  }

  /** Forgets what was written for the row, so that another one can take its place. */
  clearRow(row: number): void {
    this.validity[row >>> 5]! |= 1 << (row & 31);
    while (this.longRows.length > 0 && this.longRows[this.longRows.length - 1] === row) {
      this.longRows.pop();
      this.longTexts.pop();
    }
  }

  /** Begins anew; fixed-width values stay until they are written over. */
  reset(): void {
    if (this.hasNulls) this.validity.fill(0xffffffff);
    this.hasNulls = false;
    this.longRows.length = 0;
    this.longTexts.length = 0;
  }
}
