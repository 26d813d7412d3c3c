/** A matrix of doubles, row-major in one Float64Array. */
import { add, f64 } from "./vector.ts";

/** `rows` x `columns` values; zero at first unless values are given. */
export class Matrix {
  readonly rows: number;
  readonly columns: number;
  readonly values: Float64Array;

  /** @param values row-major, kept and not copied */
  constructor(rows: number, columns: number, values: Float64Array = new Float64Array(rows * columns)) {
    this.rows = rows;
    this.columns = columns;
    this.values = values;
  }

  /** A copy of nested arrays of equal length. */
  static of(rows: readonly ArrayLike<number>[]): Matrix {
    const matrix = new Matrix(rows.length, rows[0]?.length ?? 0);
    for (const [i, row] of rows.entries()) matrix.values.set(row, i * matrix.columns);
    return matrix;
  }

  get(row: number, column: number): number {
    return f64(this.values, row * this.columns + column);
  }

  set(row: number, column: number, value: number): void {
    this.values[row * this.columns + column] = value;
  }

  add(row: number, column: number, by: number): void {
    add(this.values, row * this.columns + column, by);
  }

  /** A view of one row: writing to it writes to the matrix. */
  row(row: number): Float64Array {
    return this.values.subarray(row * this.columns, (row + 1) * this.columns);
  }

  /** Copies the lower triangle onto the upper one. */
  mirror(): this {
    for (let i = 0; i < this.rows; i++) for (let j = i + 1; j < this.columns; j++) this.set(i, j, this.get(j, i));
    return this;
  }
}
