/** Faults of a statement that people cannot be told of before more is known, by kind, whatever the database says. */

/** `overflow`: a number that does not fit where it would be exact; `conversion`: a value that a type cannot hold. */
export type FaultKind = "overflow" | "deviation-overflow" | "conversion";

/** A statement failed on the data that it read. Every other failure is a `TesseraError`, whose code is its kind. */
export class WarehouseFault extends Error {
  override readonly name = "WarehouseFault";
  readonly kind: FaultKind;

  /** @param cause the database's own error */
  constructor(kind: FaultKind, cause: Error) {
    super(cause.message, { cause });
    this.kind = kind;
  }
}
