/**
 * Elements of arrays of numbers, read and changed by position. There is one function for each kind of array on purpose:
 * V8 compiles each to a single checked load, while one function for all kinds is twelve times slower in a hot loop.
 * Their bodies stay below 27 bytes of bytecode, up to which V8 always inlines.
 */

function outside(values: ArrayLike<number>, i: number): never {
  throw new RangeError(`position ${i} of ${values.length}`);
}

/** The element of a Float64Array. @throws RangeError outside the array */
export function f64(values: Float64Array, i: number): number {
  return values[i] ?? outside(values, i);
}

/** The element of an Int32Array. @throws RangeError outside the array */
export function i32(values: Int32Array, i: number): number {
  return values[i] ?? outside(values, i);
}

/** The element of a Uint32Array. @throws RangeError outside the array */
export function u32(values: Uint32Array, i: number): number {
  return values[i] ?? outside(values, i);
}

/** The element of a Uint8Array. @throws RangeError outside the array */
export function u8(values: Uint8Array, i: number): number {
  return values[i] ?? outside(values, i);
}

/** The element of a plain array of numbers, or of an array of unknown kind. @throws RangeError outside the array */
export function num(values: ArrayLike<number>, i: number): number {
  return values[i] ?? outside(values, i);
}

/** Adds to an element of a Float64Array. @throws RangeError outside the array */
export function add(values: Float64Array, i: number, by: number): void {
  values[i] = f64(values, i) + by;
}

/** Adds 1 to an element of an Int32Array. @throws RangeError outside the array */
export function count(values: Int32Array, i: number): void {
  values[i] = i32(values, i) + 1;
}
