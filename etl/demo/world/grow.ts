type Typed = Int32Array | Int16Array | Uint8Array | Float64Array;

/** A typed array that grows as rows are pushed. */
export class Grow<A extends Typed> {
  private array: A;
  length = 0;

  constructor(
    private readonly make: (capacity: number) => A,
    capacity = 1024,
  ) {
    this.array = make(capacity);
  }
  push(value: number): void {
    if (this.length === this.array.length) {
      const wider = this.make(this.array.length * 2);
      wider.set(this.array);
      this.array = wider;
    }
    this.array[this.length++] = value;
  }
  /** the rows, without spare capacity */
  done(): A {
    return this.array.subarray(0, this.length) as A;
  }
}

export const int32 = (): Grow<Int32Array> => new Grow((n) => new Int32Array(n));
export const int16 = (): Grow<Int16Array> => new Grow((n) => new Int16Array(n));
export const uint8 = (): Grow<Uint8Array> => new Grow((n) => new Uint8Array(n));

/** Row numbers in the order of `time`, ties by row number. Fewer than 2^22 rows, times below 2^31. */
export function orderByTime(time: ArrayLike<number>): Int32Array {
  const n = time.length;
  const keys = new Float64Array(n);
  for (let i = 0; i < n; i++) keys[i] = (time[i] ?? 0) * 4194304 + i;
  keys.sort();
  const order = new Int32Array(n);
  for (let i = 0; i < n; i++) order[i] = (keys[i] ?? 0) % 4194304;
  return order;
}
