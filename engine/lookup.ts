/** Look-ups that throw by name instead of giving undefined: a miss is a bug of ours, never a user's mistake. */

/** The value of a key that must be there. @throws Error naming what is missing */
export function required<K, V>(map: ReadonlyMap<K, V>, key: K, what = "entry"): V {
  const value = map.get(key);
  if (value === undefined) throw new Error(`${what} ${String(key)} is missing`);
  return value;
}

/** The value, which must be there. @throws Error naming what is missing */
export function present<T>(value: T, what = "value"): NonNullable<T> {
  if (value === undefined || value === null) throw new Error(`${what} is missing`);
  return value;
}

/** The element at a position that must exist; negative positions count from the end. @throws Error outside the array */
export function at<T>(array: ArrayLike<T>, position: number): T {
  const index = position < 0 ? array.length + position : position;
  if (index < 0 || index >= array.length) throw new Error(`position ${position} of ${array.length}`);
  return array[index] as T;
}

/** The first element of an array that has one. @throws Error for an empty array */
export const first = <T>(array: ArrayLike<T>): T => at(array, 0);

/** The last element of an array that has one. @throws Error for an empty array */
export const last = <T>(array: ArrayLike<T>): T => at(array, -1);
