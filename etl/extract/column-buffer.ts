/**
 * One column of one DuckDB data chunk, filled in JavaScript memory; `write-vector` copies it in one call.
 *
 * Texts of at most 12 bytes have DuckDB's own layout (length, then bytes); longer ones cost one native call each.
 */

/** Rows in a chunk: DuckDB's vector size. */
export const CHUNK_ROWS = 2048;

/** Bytes of one value of a fixed-width physical type; 16 for texts. */
export type Width = 1 | 2 | 4 | 8 | 16;

/** Bytes of a decimal of this many digits. */
export function decimalWidth(digits: number): Width {
  if (digits <= 4) return 2;
  if (digits <= 9) return 4;
  return digits <= 18 ? 8 : 16;
}

const TWO_32 = 4294967296;
const BIAS = 1n << 64n;

/** Bytes of the long texts in the columns of one chunk. */
export interface Waiting {
  bytes: number;
}

/** A chunk with this many bytes of long texts is written before it is full, to bound memory. */
export const HEAVY = 4 << 20;

/** The values of one column; typed arrays share one buffer, and the column's width decides which of them to use. */
export class ColumnBuffer {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly int16: Int16Array;
  readonly int32: Int32Array;
  readonly int64: BigInt64Array;
  readonly float32: Float32Array;
  readonly float64: Float64Array;
  /** one bit a row; 0 for null */
  readonly validity = new Uint32Array(new ArrayBuffer(CHUNK_ROWS / 8)).fill(0xffffffff);
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

  /** Makes the row's value null. */
  setNull(row: number): void {
    const word = row >>> 5;
    this.validity[word] = (this.validity[word] ?? 0) & ~(1 << (row & 31));
    this.hasNulls = true;
  }

  /** A safe integer as 64 bits. */
  setInteger(row: number, value: number): void {
    const high = Math.floor(value / TWO_32);
    this.int32[row * 2] = value - high * TWO_32;
    this.int32[row * 2 + 1] = high;
  }

  /** A big integer as 128 bits, two's complement. */
  setHuge(row: number, value: bigint): void {
    this.int64[row * 2] = BigInt.asIntN(64, value);
    this.int64[row * 2 + 1] = value >> 64n;
  }

  /** A UUID as DuckDB stores it: 128 bits with the sign flipped, so that values sort like their texts. */
  setUuid(row: number, high: bigint, low: bigint): void {
    this.int64[row * 2] = BigInt.asIntN(64, low);
    this.int64[row * 2 + 1] = BigInt.asIntN(64, high ^ (BIAS >> 1n));
  }

  /** A text. */
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

  /** The bytes of a UTF-8 text or a blob, which must not change until the chunk is flushed. */
  setBytes(row: number, source: Uint8Array, from: number, length: number): void {
    if (length > 12) return this.setLong(row, source.subarray(from, from + length));
    const at = row * 16;
    const { bytes } = this;
    this.int32[row * 4] = length;
    for (let i = 0; i < 12; i++) bytes[at + 4 + i] = (i < length ? source[from + i] : 0) ?? 0;
  }

  private setLong(row: number, text: string | Uint8Array): void {
    this.int32.fill(0, row * 4, row * 4 + 4);
    this.longRows.push(row);
    this.longTexts.push(text);
    this.waiting.bytes += text.length;
  }

  /** Discards the row's value, so that another one can take its place. */
  clearRow(row: number): void {
    const word = row >>> 5;
    this.validity[word] = (this.validity[word] ?? 0) | (1 << (row & 31));
    while (this.longRows.length > 0 && this.longRows[this.longRows.length - 1] === row) {
      this.longRows.pop();
      this.longTexts.pop();
    }
  }

  /** Empties the column; fixed-width values stay until they are overwritten. */
  reset(): void {
    if (this.hasNulls) this.validity.fill(0xffffffff);
    this.hasNulls = false;
    this.longRows.length = 0;
    this.longTexts.length = 0;
  }
}
