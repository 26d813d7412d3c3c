/** Decodes PostgreSQL's binary COPY format into column buffers. */
import { decimalWidth, type ColumnBuffer } from "../column-buffer.ts";

/** Decodes a field of `length` bytes at `at`; false for a value that does not fit the column. */
export type FieldDecoder = (row: number, bytes: Buffer, at: number, length: number) => boolean;

/** days and microseconds from 1970 to 2000, where PostgreSQL's times begin */
const EPOCH_DAYS = 10_957;
const EPOCH_MICROS = 946_684_800_000_000;
const TWO_32 = 4294967296;
const SIGNATURE = Buffer.from("PGCOPY\n\xff\r\n\0", "latin1");

/** The decoder of a type. @param scale and precision: those of a decimal */
export function fieldDecoder(type: string, column: ColumnBuffer, scale: number, precision: number): FieldDecoder {
  switch (type) {
    case "bool":
      return (row, bytes, at) => ((column.bytes[row] = bytes.readUInt8(at)), true);
    case "int2":
      return (row, bytes, at) => ((column.int16[row] = bytes.readInt16BE(at)), true);
    case "int4":
      return (row, bytes, at) => ((column.int32[row] = bytes.readInt32BE(at)), true);
    case "int8":
    case "time":
      return (row, bytes, at) => {
        column.int32[row * 2] = bytes.readInt32BE(at + 4);
        column.int32[row * 2 + 1] = bytes.readInt32BE(at);
        return true;
      };
    case "float4":
      return (row, bytes, at) => ((column.float64[row] = bytes.readFloatBE(at)), true);
    case "float8":
      return (row, bytes, at) => ((column.float64[row] = bytes.readDoubleBE(at)), true);
    case "date":
      return (row, bytes, at) => {
        const days = bytes.readInt32BE(at);
        if (days === 0x7fffffff || days === -0x80000000) return false;
        column.int32[row] = days + EPOCH_DAYS;
        return true;
      };
    case "timestamp":
    case "timestamptz":
      return (row, bytes, at) => {
        const high = bytes.readInt32BE(at);
        const low = bytes.readUInt32BE(at + 4);
        // the ends of the range mean infinity
        if ((high === 0x7fffffff && low === 0xffffffff) || (high === -0x80000000 && low === 0)) return false;
        const micros = high * TWO_32 + low + EPOCH_MICROS;
        if (Number.isSafeInteger(micros)) column.setInteger(row, micros);
        else column.int64[row] = (BigInt(high) << 32n) + BigInt(low) + BigInt(EPOCH_MICROS);
        return true;
      };
    case "uuid":
      return (row, bytes, at) => (column.setUuid(row, bytes.readBigUInt64BE(at), bytes.readBigUInt64BE(at + 8)), true);
    case "numeric":
      return numericDecoder(column, scale, precision);
    case "jsonb":
      return (row, bytes, at, length) => (column.setBytes(row, bytes, at + 1, length - 1), true);
    default:
      return (row, bytes, at, length) => (column.setBytes(row, bytes, at, length), true);
  }
}

const POWERS = Float64Array.from({ length: 16 }, (_, n) => 10 ** n);
const power10 = (exponent: number): number => POWERS[exponent] ?? 10 ** exponent;

/** Digits in groups of four as a scaled integer: computed in doubles while they are exact, else in big integers. */
function numericDecoder(column: ColumnBuffer, scale: number, precision: number): FieldDecoder {
  const width = decimalWidth(precision);
  const limit = 10n ** BigInt(precision);
  return (row, bytes, at) => {
    const groups = bytes.readUInt16BE(at);
    const weight = bytes.readInt16BE(at + 2);
    const sign = bytes.readUInt16BE(at + 4);
    if (sign !== 0 && sign !== 0x4000) return false;
    // doubles are exact up to 15 digits
    if ((weight + 1) * 4 + scale <= 15 && precision <= 15) {
      let value = 0;
      for (let i = 0; i < groups; i++) {
        const power = (weight - i) * 4 + scale;
        const digits = bytes.readUInt16BE(at + 8 + i * 2);
        if (power >= 0) value += digits * power10(power);
        else if (digits % power10(Math.min(4, -power)) !== 0) return false;
        else value += digits / power10(-power);
      }
      if (value >= power10(precision)) return false;
      if (sign !== 0) value = -value;
      if (width === 8) column.setInteger(row, value);
      else if (width === 4) column.int32[row] = value;
      else column.int16[row] = value;
      return true;
    }
    let digits = 0n;
    for (let i = 0; i < groups; i++) digits = digits * 10_000n + BigInt(bytes.readUInt16BE(at + 8 + i * 2));
    const power = (weight - groups + 1) * 4 + scale;
    const divisor = 10n ** BigInt(Math.max(0, -power));
    // digits beyond the scale would be lost: the value does not fit
    if (power < 0 && digits % divisor !== 0n) return false;
    let value = power >= 0 ? digits * 10n ** BigInt(power) : digits / divisor;
    if (value >= limit) return false;
    if (sign !== 0) value = -value;
    if (width === 16) column.setHuge(row, value);
    else if (width === 8) column.int64[row] = value;
    else if (width === 4) column.int32[row] = Number(value);
    else column.int16[row] = Number(value);
    return true;
  };
}

/** Joins pieces of the stream and hands over whole tuples: the buffer, and the offset of the first field. */
export class TupleReader {
  private rest: Buffer[] = [];
  private held = 0;
  /** least bytes of the next tuple; pieces are joined only then, or a large cell would be copied with each piece */
  private needed = 0;
  private begun = false;
  /** the end of the stream was read */
  ended = false;

  /** Takes a piece. Bytes stay valid after `onTuple`, because pieces are never reused. */
  push(piece: Buffer, columns: number, onTuple: (bytes: Buffer, at: number) => void): void {
    this.rest.push(piece);
    this.held += piece.length;
    if (this.held < this.needed) return;
    const bytes = this.rest.length === 1 ? piece : Buffer.concat(this.rest);
    this.needed = 0;
    let at = 0;
    if (!this.begun) {
      if (bytes.length < 19) return this.keep(bytes);
      if (!bytes.subarray(0, 11).equals(SIGNATURE)) throw new Error("not a binary COPY stream");
      at = 19 + bytes.readInt32BE(15);
      this.begun = true;
    }
    for (;;) {
      if (bytes.length - at < 2) break;
      const count = bytes.readInt16BE(at);
      if (count === -1) {
        this.ended = true;
        at += 2;
        break;
      }
      if (count !== columns) throw new Error(`a tuple has ${count} fields instead of ${columns}`);
      let end = at + 2;
      let whole = true;
      for (let i = 0; i < count; i++) {
        if (bytes.length - end < 4) {
          whole = false;
          break;
        }
        const length = bytes.readInt32BE(end);
        end += 4 + (length > 0 ? length : 0);
        if (end > bytes.length) {
          this.needed = end - at;
          whole = false;
          break;
        }
      }
      if (!whole) break;
      onTuple(bytes, at + 2);
      at = end;
    }
    this.keep(bytes.subarray(at));
  }

  private keep(bytes: Buffer): void {
    this.rest = bytes.length === 0 ? [] : [bytes];
    this.held = bytes.length;
  }
}
