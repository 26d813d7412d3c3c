/**
 * Large tables within a load's working copy: cut by the months of a date column into files of their own, united by a view of the
 * table's name. What reads the table needs not know; what writes it changes only the files whose rows are others.
 */
import { statSync } from "node:fs";
import { join } from "node:path";
import type { DuckDBConnection, DuckDBValue } from "duckdb";
import { TesseraError } from "../errors.ts";
import type { Writer } from "./open.ts";
import { copyForWriting, roleOf, writerOf } from "./publish.ts";
import { layOut, monthName, monthNumber, MOST_SEGMENTS, type Placed } from "./segment-layout.ts";
import { isWithin, monthOf, stampOf, united } from "./segment-sql.ts";
import { ensureSpace } from "./space.ts";
import { quoteIdentifier } from "./sql-text.ts";
import type { Manifest, SegmentRange, VersionTable } from "./version.ts";

/** How a table is cut where it is large. */
export interface TableSegments {
  /** a date or timestamp that says where a row belongs */
  readonly by: string;
  /** up to so many rows the table is left whole; default 20 million */
  readonly rows?: number;
}

export const SEGMENT_ROWS = 20_000_000;

export interface Clause { readonly sql: string; readonly parameters?: readonly DuckDBValue[] }

export interface RowChange {
  /** rows `t` that go: what stands behind WHERE, and what they are compared with (DELETE … USING took .2 s where EXISTS took 1.7) */
  readonly remove?: Clause & { readonly using?: string };
  /** then rows that come: a select of these columns */
  readonly add?: Clause & { readonly columns: readonly string[] };
}

interface Held extends SegmentRange {
  readonly role: string;
  readonly catalog: string;
  readonly path: string;
  /** as in the base, or a file of this load */
  readonly written: boolean;
  /** of the base's file as it is; null once it is written */
  readonly stamp: string | null;
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
  /** DuckDB's version, whose hashes are compared */
  readonly duckdb: string;
  readonly freeBytes?: (() => number) | undefined;
}

export type SegmentedTables = Awaited<ReturnType<typeof openSegments>>;

/** Attaches the base's segments beside the working copy. One caller at a time. */
export async function openSegments(writer: Writer, options: SegmentsOptions) {
  const { connection } = writer;
  const tables = new Map<string, readonly Held[]>();
  let count = 0;

  const target = (table: string): string => `${quoteIdentifier(options.catalog)}.main.${quoteIdentifier(table)}`;
  const inSegment = ({ catalog, table }: Held): string => `${quoteIdentifier(catalog)}.main.${quoteIdentifier(table)}`;
  const read = async (sql: string, parameters: readonly DuckDBValue[] = []): Promise<(string | null)[][]> => (await connection.runAndReadAll(sql, [...parameters])).getRowsJson() as (string | null)[][];
  const heldOf = (table: string): readonly Held[] => tables.get(table.toLowerCase()) ?? [];
  const columnsOf = async (select: string): Promise<Map<string, string>> => new Map((await read(`DESCRIBE ${select}`)).map(([name, type]) => [name!, type!]));

  for (const file of options.base?.files ?? []) {
    if (!file.segment) continue;
    const { table, by, from, until, stamp } = file.segment;
    const catalog = `segment_${count++}`;
    const path = join(options.folder, file.path);
    await writer.attach(catalog, path, { readOnly: true });
    const held: Held = { table, by, from, until, stamp: writerOf(options.base!, file) === options.duckdb ? stamp : null, role: roleOf(file), catalog, path, written: false, rows: file.tables[0]?.rows ?? 0, tables: file.tables };
    tables.set(table.toLowerCase(), [...heldOf(table), held]);
  }
  for (const [first] of [...tables.values()]) await unite(first!.table);

  /** Makes the view anew: DuckDB's views know the columns that they were made with. */
  async function unite(table: string): Promise<void> {
    const held = heldOf(table);
    const columns = [...(await columnsOf(`SELECT * FROM ${inSegment(held[0]!)}`)).keys()];
    await connection.run(`CREATE OR REPLACE VIEW ${target(table)} AS ${united(table, columns, held.map((each) => each.catalog))}`);
  }

  const hold = (table: string, held: readonly Held[]): void => void tables.set(table.toLowerCase(), held);

  async function fresh(range: SegmentRange, as: string): Promise<Held> {
    const role = `${encodeURIComponent(range.table)}~${range.from ?? "undated"}`;
    const catalog = `segment_${count++}`;
    const path = join(options.work, `${catalog}.duckdb`);
    await writer.attach(catalog, path);
    const held: Held = { ...range, role, catalog, path, written: true, stamp: null, rows: 0 };
    await connection.run(`CREATE TABLE ${inSegment(held)} AS ${as}`);
    return held;
  }

  /** A copy of the file that may be changed, in the place of the base's. */
  async function writable(held: Held): Promise<Held> {
    if (held.written) return held;
    const path = join(options.work, `${held.catalog}.duckdb`);
    ensureSpace(options.folder, 1.2 * statSync(held.path).size, options.freeBytes);
    await writer.detach(held.catalog);
    copyForWriting(held.path, path);
    await writer.attach(held.catalog, path);
    return { ...held, path, written: true, stamp: null };
  }

  /** Rows by the number of their month; what has no month is under null. */
  async function months(by: string, from: string, parameters: readonly DuckDBValue[] = []): Promise<{ dated: { month: number; rows: number }[]; undated: number }> {
    const found = await read(`SELECT ${monthOf(quoteIdentifier(by))} AS m, count(*) FROM (${from}) GROUP BY 1 ORDER BY 1`, parameters);
    return { dated: found.flatMap(([month, rows]) => (month === null ? [] : [{ month: Number(month), rows: Number(rows) }])), undated: Number(found.find(([month]) => month === null)?.[1] ?? 0) };
  }

  /** The column's type. Throws where the table cannot be cut by it. */
  function typeOf(table: string, by: string, columns: ReadonlyMap<string, string>): string {
    const type = [...columns].find(([name]) => name.toLowerCase() === by.toLowerCase())?.[1];
    if (type !== undefined && /^(DATE|TIMESTAMP)/.test(type)) return type;
    throw new TesseraError("project-invalid", type === undefined ? `segments of ${table} are to be cut by ${by}, which is not among its columns` : `segments of ${table} are to be cut by ${by}, which is ${type}`, { place: `table ${table} › segments`, remedy: "name a column that is a date or a timestamp" });
  }

  const counted = (held: Held, rows: number) => ({ from: monthNumber(held.from!), until: monthNumber(held.until!), rows });
  const rangeOf = (table: string, by: string, placed: Placed): SegmentRange => ({ table, by, from: monthName(placed.from), until: monthName(placed.until) });
  const inTime = (held: readonly Held[]): Held[] => [...held].sort((a, b) => (a.from === null ? 1 : b.from === null ? -1 : a.from < b.from ? -1 : 1));

  /** Segments where rows with these months find their place; those that must become one are written anew. */
  async function makeRoom(table: string, { dated, undated }: Awaited<ReturnType<typeof months>>): Promise<void> {
    const held = heldOf(table);
    const { by } = held[0]!;
    const withDate = held.filter((each) => each.from !== null);
    const without = held.filter((each) => each.from === null);
    const limit = MOST_SEGMENTS - (without.length > 0 || undated > 0 ? 1 : 0);
    const placed = layOut(withDate.map((each) => counted(each, each.rows)), dated, limit);
    const empty = `SELECT * FROM ${inSegment(held[0]!)} LIMIT 0`;
    const next: Held[] = [];
    let gone: Held[] = [];
    for (const each of placed) {
      const range = rangeOf(table, by, each);
      const of = each.of.map((i) => withDate[i]!);
      if (of.length === 1) {
        // new months beside it: the same file, of which more is expected
        next.push(of[0]!.from === range.from && of[0]!.until === range.until ? of[0]! : { ...(await writable(of[0]!)), ...range, role: `${encodeURIComponent(table)}~${range.from}` });
        continue;
      }
      ensureSpace(options.folder, 1.2 * of.reduce((bytes, part) => bytes + statSync(part.path).size, 0), options.freeBytes);
      next.push({ ...(await fresh(range, of.length === 0 ? empty : of.map((part) => `SELECT * FROM ${inSegment(part)}`).join(" UNION ALL "))), rows: of.reduce((rows, part) => rows + part.rows, 0) });
      gone = [...gone, ...of];
    }
    if (undated > 0 && without.length === 0) next.push(await fresh({ table, by, from: null, until: null }, empty));
    hold(table, inTime([...next, ...without]));
    await unite(table);
    for (const each of gone) await writer.detach(each.catalog);
  }

  /** Removes and adds rows; of a segmented table only in the files that hold or get any. Answers how many. */
  async function change(table: string, { remove, add }: RowChange): Promise<{ removed: number; added: number }> {
    const using = remove?.using === undefined ? "" : ` USING ${remove.using}`;
    if (heldOf(table).length === 0) {
      return inTransaction(async () => ({
        removed: remove === undefined ? 0 : (await connection.run(`DELETE FROM ${target(table)} AS t${using} WHERE ${remove.sql}`, [...(remove.parameters ?? [])])).rowsChanged,
        added: add === undefined ? 0 : (await connection.run(`INSERT INTO ${target(table)} BY NAME ${add.sql}`, [...(add.parameters ?? [])])).rowsChanged,
      }));
    }
    const { by } = heldOf(table)[0]!;
    const type = typeOf(table, by, await columnsOf(`SELECT * FROM ${inSegment(heldOf(table)[0]!)}`));
    const dated = add !== undefined && add.columns.some((name) => name.toLowerCase() === by.toLowerCase());
    // rows that come without the column have no date
    const coming = add === undefined ? undefined : { sql: dated ? add.sql : `SELECT *, NULL::${type} AS ${quoteIdentifier(by)} FROM (${add.sql})`, parameters: add.parameters ?? [] };
    const added = coming === undefined ? { dated: [], undated: 0 } : await months(by, coming.sql, coming.parameters);
    await makeRoom(table, added);
    const held = heldOf(table);
    // where rows are is looked up, not reckoned from their dates
    const leaving = new Set(remove === undefined ? [] : (await read(
      `SELECT DISTINCT __segment FROM (${held.map((each, i) => `SELECT ${i} AS __segment, * FROM ${inSegment(each)}`).join(" UNION ALL ")}) AS t${remove.using === undefined ? "" : `, ${remove.using}`} WHERE ${remove.sql}`, remove.parameters,
    )).map(([i]) => Number(i)));
    let [removed, inserted] = [0, 0];
    const next: Held[] = [];
    for (const [i, each] of held.entries()) {
      const comes = each.from === null ? added.undated > 0 : added.dated.some(({ month }) => month >= monthNumber(each.from!) && month < monthNumber(each.until!));
      if (!comes && !leaving.has(i)) { next.push(each); continue; }
      const open = await writable(each);
      const done = await inTransaction(async () => ({
        out: leaving.has(i) ? (await connection.run(`DELETE FROM ${inSegment(open)} AS t${using} WHERE ${remove!.sql}`, [...(remove!.parameters ?? [])])).rowsChanged : 0,
        in: comes ? (await connection.run(`INSERT INTO ${inSegment(open)} BY NAME SELECT * FROM (${coming!.sql}) WHERE ${isWithin(open, type)}`, [...coming!.parameters])).rowsChanged : 0,
      }));
      removed += done.out;
      inserted += done.in;
      next.push({ ...open, rows: open.rows - done.out + done.in });
    }
    hold(table, next);
    balance(table, added.dated.reduce((sum, each) => sum + each.rows, added.undated), inserted);
    return { removed, added: inserted };
  }

  async function inTransaction<T>(body: () => Promise<T>): Promise<T> {
    await connection.run("BEGIN");
    try {
      const done = await body();
      await connection.run("COMMIT");
      return done;
    } catch (error) {
      // an error that ended the transaction itself is the one to tell
      await connection.run("ROLLBACK").catch(() => undefined);
      throw error;
    }
  }

  /** `ADD COLUMN …`, `ALTER COLUMN …`: in every segment, all of which are written then. */
  async function alter(table: string, what: string): Promise<void> {
    const held = heldOf(table);
    if (held.length === 0) return void (await connection.run(`ALTER TABLE ${target(table)} ${what}`));
    const next: Held[] = [];
    for (const each of held) {
      next.push(await writable(each));
      await connection.run(`ALTER TABLE ${inSegment(each)} ${what}`);
    }
    hold(table, next);
    await unite(table);
  }

  /** The table becomes what the select answers, which is read several times. Segments whose rows come out as they were stay as files. */
  async function replace(table: string, spec: TableSegments | undefined, select: string, order = ""): Promise<void> {
    const before = heldOf(table);
    const columns = await columnsOf(select);
    const found = spec === undefined ? undefined : (typeOf(table, spec.by, columns), await months(spec.by, select));
    const rows = found === undefined ? 0 : found.dated.reduce((sum, each) => sum + each.rows, found.undated);
    if (spec === undefined || found === undefined || rows <= (spec.rows ?? SEGMENT_ROWS)) return whole(table, before, select, order);

    const type = typeOf(table, spec.by, columns);
    const same = before.length > 0 && before[0]!.by === spec.by && equal(columns, await columnsOf(`SELECT * FROM ${inSegment(before[0]!)}`));
    const kept = same ? before.filter((each) => each.from !== null) : [];
    const come = (range: { readonly from: number; readonly until: number }): number => found.dated.reduce((sum, { month, rows: n }) => sum + (month >= range.from && month < range.until ? n : 0), 0);
    const present = kept.map((each) => ({ held: each, ...counted(each, 0) })).map((each) => ({ ...each, rows: come(each) })).filter((each) => each.rows > 0);
    const placed = layOut(present, found.dated, MOST_SEGMENTS - (found.undated > 0 ? 1 : 0));
    const wanted = [...placed.map((each) => ({ range: rangeOf(table, spec.by, each), rows: come(each), was: each.of.length === 1 ? present[each.of[0]!]!.held : undefined })),
      ...(found.undated > 0 ? [{ range: { table, by: spec.by, from: null, until: null }, rows: found.undated, was: same ? before.find((each) => each.from === null) : undefined }] : [])];
    const next: Held[] = [];
    for (const { range, rows: count, was } of wanted) {
      const part = `SELECT * FROM (${select}) WHERE ${isWithin(range, type)}`;
      const unchanged = was !== undefined && was.stamp !== null && was.rows === count && was.from === range.from && was.until === range.until
        && (await read(`SELECT ${stampOf([...columns.keys()])} FROM (${part})`))[0]![0] === was.stamp;
      if (unchanged) { next.push(was); continue; }
      const made = { ...(await fresh(range, `${part}${order}`)), rows: count };
      balance(table, count, Number((await read(`SELECT count(*) FROM ${inSegment(made)}`))[0]![0]));
      next.push(made);
    }
    await connection.run(before.length > 0 ? `DROP VIEW ${target(table)}` : `DROP TABLE IF EXISTS ${target(table)}`);
    hold(table, inTime(next));
    await unite(table);
    for (const each of before) if (!next.includes(each)) await writer.detach(each.catalog);
  }

  async function whole(table: string, before: readonly Held[], select: string, order: string): Promise<void> {
    if (before.length === 0) return void (await connection.run(`CREATE OR REPLACE TABLE ${target(table)} AS SELECT * FROM (${select})${order}`));
    // the select may read the view
    const gathered = `${table}~gathered`;
    await connection.run(`CREATE TABLE ${target(gathered)} AS SELECT * FROM (${select})${order}`);
    await connection.run(`DROP VIEW ${target(table)}`);
    await connection.run(`ALTER TABLE ${target(gathered)} RENAME TO ${quoteIdentifier(table)}`);
    tables.delete(table.toLowerCase());
    for (const each of before) await writer.detach(each.catalog);
  }

  /** Cuts a table that has grown beyond its limit; brings one together that is no longer to be cut, or otherwise. */
  async function settle(table: string, spec: TableSegments | undefined): Promise<void> {
    const held = heldOf(table);
    if (held.length === 0) {
      if (spec === undefined || (await read("SELECT 1 FROM duckdb_tables() WHERE database_name = $1 AND table_name = $2", [options.catalog, table])).length === 0) return;
      if (Number((await read(`SELECT count(*) FROM ${target(table)}`))[0]![0]) <= (spec.rows ?? SEGMENT_ROWS)) return;
    } else if (held[0]!.by === spec?.by) return;
    await replace(table, spec, `SELECT * FROM ${target(table)}`);
  }

  return {
    change, alter, replace, settle,
    /** whether the table is cut */
    isCut: (table: string): boolean => heldOf(table).length > 0,
    /** all segments as they will be published; the writer still has to be closed */
    files: (): { readonly path: string; readonly role: string; readonly segment: SegmentRange; readonly written: boolean; readonly tables?: readonly VersionTable[] }[] =>
      [...tables.values()].flat().map(({ table, by, from, until, role, path, written, tables: held }) => ({ path, role, segment: { table, by, from, until }, written, ...(!written && held && { tables: held }) })),
    /** takes the views out of the working copy, before it is closed */
    finish: async (): Promise<void> => { for (const [first] of tables.values()) await connection.run(`DROP VIEW ${target(first!.table)}`); },
  };
}

/** Every row has a segment; one that had none would be gone. */
function balance(table: string, came: number, written: number): void {
  if (came !== written) throw new Error(`${table}: of ${came} rows ${written} found a segment`);
}

const equal = (a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>): boolean => a.size === b.size && [...a].every(([name, type], i) => [...b][i]![0] === name && [...b][i]![1] === type);
