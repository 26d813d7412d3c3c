/**
 * The files of a load's segmented tables: attached as they are in the base, copied before they change, united by views.
 */
import { at, present } from "../lookup.ts";
import { statSync } from "node:fs";
import { join } from "node:path";
import type { DuckDBValue } from "duckdb";
import { TesseraError, phrase } from "../errors/index.ts";
import type { Writer } from "./open.ts";
import { copyForWriting } from "./publish.ts";
import { monthOf, united } from "./segment-sql.ts";
import { ensureSpace } from "./space.ts";
import { quoteIdentifier } from "./sql-text.ts";
import { roleOf, type Manifest, type SegmentRange, type VersionTable } from "./version.ts";

/** A segment, as the load has it. */
export interface Held extends SegmentRange {
  readonly role: string;
  readonly catalog: string;
  readonly path: string;
  /** the base's file, or one that this load wrote */
  readonly written: boolean;
  readonly rows: number;
  /** of the base's file as it is */
  readonly tables?: readonly VersionTable[];
}

export interface SegmentsOptions {
  /** the warehouse */
  readonly folder: string;
  readonly base: Manifest | null;
  /** the run's own folder */
  readonly work: string;
  /** catalog of the working copy */
  readonly catalog: string;
  readonly freeBytes?: (() => number) | undefined;
}

export type SegmentFiles = Awaited<ReturnType<typeof openSegmentFiles>>;

/** Rows by the number of their month; `undated`: rows without one. */
export interface ByMonth {
  readonly dated: readonly { readonly month: number; readonly rows: number }[];
  readonly undated: number;
}

/** Attaches the base's segments next to the working copy, and makes their views. One caller at a time. */
export async function openSegmentFiles(writer: Writer, options: SegmentsOptions) {
  const { connection } = writer;
  const tables = new Map<string, readonly Held[]>();
  let count = 0;

  const target = (table: string): string => `${quoteIdentifier(options.catalog)}.main.${quoteIdentifier(table)}`;
  const inSegment = ({ catalog, table }: Held): string => `${quoteIdentifier(catalog)}.main.${quoteIdentifier(table)}`;
  const read = async (sql: string, parameters: readonly DuckDBValue[] = []): Promise<(string | null)[][]> =>
    (await connection.runAndReadAll(sql, [...parameters])).getRowsJson() as (string | null)[][];
  const heldOf = (table: string): readonly Held[] => tables.get(table.toLowerCase()) ?? [];
  const columnsOf = async (select: string): Promise<Map<string, string>> =>
    new Map((await read(`DESCRIBE ${select}`)).map(([name, type]) => [present(name, "name"), present(type, "type")]));
  const hold = (table: string, held: readonly Held[]): void => void tables.set(table.toLowerCase(), held);

  for (const file of options.base?.files ?? []) {
    if (!file.segment) continue;
    const { table, by, from, until } = file.segment;
    const catalog = `segment_${count++}`;
    const path = join(options.folder, file.path);
    await writer.attach(catalog, path, { readOnly: true });
    const held: Held = {
      table,
      by,
      from,
      until,
      role: roleOf(file),
      catalog,
      path,
      written: false,
      rows: file.tables[0]?.rows ?? 0,
      tables: file.tables,
    };
    tables.set(table.toLowerCase(), [...heldOf(table), held]);
  }
  for (const [first] of tables.values()) await unite(present(first, "first").table);

  /** Makes the view again: DuckDB's views keep the columns that they were made with. */
  async function unite(table: string): Promise<void> {
    const held = heldOf(table);
    const columns = [...(await columnsOf(`SELECT * FROM ${inSegment(at(held, 0))}`)).keys()];
    await connection.run(
      `CREATE OR REPLACE VIEW ${target(table)} AS ${united(
        table,
        columns,
        held.map((each) => each.catalog),
      )}`,
    );
  }

  async function fresh(range: SegmentRange, as: string): Promise<Held> {
    const role = `${encodeURIComponent(range.table)}~${range.from ?? "undated"}`;
    const catalog = `segment_${count++}`;
    const path = join(options.work, `${catalog}.duckdb`);
    await writer.attach(catalog, path);
    const held: Held = { ...range, role, catalog, path, written: true, rows: 0 };
    await connection.run(`CREATE TABLE ${inSegment(held)} AS ${as}`);
    return held;
  }

  /** A copy of the file to change, in place of the base's. */
  async function writable(held: Held): Promise<Held> {
    if (held.written) return held;
    const path = join(options.work, `${held.catalog}.duckdb`);
    ensureSpace(options.folder, 1.2 * statSync(held.path).size, options.freeBytes);
    await writer.detach(held.catalog);
    copyForWriting(held.path, path);
    await writer.attach(held.catalog, path);
    return { ...held, path, written: true };
  }

  async function months(by: string, from: string, parameters: readonly DuckDBValue[] = []): Promise<ByMonth> {
    const found = await read(
      `SELECT ${monthOf(quoteIdentifier(by))} AS m, count(*) FROM (${from}) GROUP BY 1 ORDER BY 1`,
      parameters,
    );
    return {
      dated: found.flatMap(([month, rows]) => (month === null ? [] : [{ month: Number(month), rows: Number(rows) }])),
      undated: Number(found.find(([month]) => month === null)?.[1] ?? 0),
    };
  }

  return {
    connection,
    target,
    inSegment,
    read,
    heldOf,
    hold,
    columnsOf,
    unite,
    fresh,
    writable,
    months,
    all: (): readonly Held[] => [...tables.values()].flat(),
    /** makes sure that there is space to rewrite these */
    ensureRoom: (parts: readonly Held[]): void =>
      ensureSpace(
        options.folder,
        1.2 * parts.reduce((bytes, part) => bytes + statSync(part.path).size, 0),
        options.freeBytes,
      ),
    /** detaches files that are no longer read */
    letGo: async (parts: readonly Held[]): Promise<void> => {
      for (const each of parts) await writer.detach(each.catalog);
    },
    forget: (table: string): void => void tables.delete(table.toLowerCase()),
    /** whether it is a plain table of the working copy */
    isPlain: async (table: string): Promise<boolean> =>
      (
        await read("SELECT 1 FROM duckdb_tables() WHERE database_name = $1 AND table_name = $2", [
          options.catalog,
          table,
        ])
      ).length > 0,
    /** drops the views from the working copy, before it is closed */
    dropViews: async (): Promise<void> => {
      for (const [first] of tables.values()) await connection.run(`DROP VIEW ${target(present(first, "first").table)}`);
    },
  };
}

/** The column's type. @throws TesseraError where a table cannot be cut by it */
export function typeOf(table: string, by: string, columns: ReadonlyMap<string, string>): string {
  const type = [...columns].find(([name]) => name.toLowerCase() === by.toLowerCase())?.[1];
  if (type !== undefined && /^(DATE|TIMESTAMP)/.test(type)) return type;
  throw new TesseraError(
    "project-invalid",
    type === undefined
      ? phrase`column "${by}" not found in table ${table}, which is to be cut by it`
      : phrase`table ${table} cannot be cut by ${by}, which is ${type}`,
    { place: `table ${table} › segments`, remedy: "name a column that is a date or a timestamp" },
  );
}

/** Checks that every row has a segment: a row without one would be lost. */
export function balance(table: string, came: number, written: number): void {
  if (came !== written) throw new Error(`${table}: of ${came} rows ${written} found a segment`);
}
