/** A row that is wrong on purpose, and its fault: the truth with which the rejects are compared. */
export interface BrokenRow {
  readonly system: "erp" | "shop" | "desk" | "marketing";
  readonly table: string;
  /** the key of the row */
  readonly key: string;
  readonly fault:
    | "bad date"
    | "bad number"
    | "negative quantity"
    | "duplicate"
    | "truncated"
    | "missing key"
    | "unknown reference";
}

export class BrokenRows {
  readonly rows: BrokenRow[] = [];

  constructor(private readonly system: BrokenRow["system"]) {}

  add(table: string, key: string, fault: BrokenRow["fault"]): void {
    this.rows.push({ system: this.system, table, key, fault });
  }
}
