/** Replaces tables by the rows of a SELECT, cut where they are large; files whose rows are unchanged stay. */
import { at, first } from "../lookup.ts";
import { counted, inTime, rangeOf } from "./segment-change.ts";
import { balance, typeOf, type Held, type SegmentFiles } from "./segment-files.ts";
import { layOut, MOST_SEGMENTS } from "./segment-layout.ts";
import { isWithin, stampOf } from "./segment-sql.ts";
import { quoteIdentifier } from "./sql-text.ts";

/** How a table is cut where it is large. */
export interface TableSegments {
  /** the date or timestamp by which rows are cut */
  readonly by: string;
  /** the table stays whole up to this many rows; default 20 million */
  readonly rows?: number;
}

const SEGMENT_ROWS = 20_000_000;

/**
 * Replaces a table by the rows of a SELECT, which is read several times. Segments whose rows are unchanged stay as
 * files.
 */
export async function replaceTable(
  files: SegmentFiles,
  table: string,
  spec: TableSegments | undefined,
  select: string,
  order = "",
): Promise<void> {
  const { connection, target, inSegment, read, heldOf, hold, columnsOf, unite, fresh, months } = files;
  const before = heldOf(table);
  const columns = await columnsOf(select);
  const found = spec === undefined ? undefined : (typeOf(table, spec.by, columns), await months(spec.by, select));
  const rows = found === undefined ? 0 : found.dated.reduce((sum, each) => sum + each.rows, found.undated);
  if (spec === undefined || found === undefined || rows <= (spec.rows ?? SEGMENT_ROWS))
    return whole(files, table, before, select, order);

  const type = typeOf(table, spec.by, columns);
  const same =
    before.length > 0 &&
    first(before).by === spec.by &&
    equal(columns, await columnsOf(`SELECT * FROM ${inSegment(first(before))}`));
  const kept = same ? before.filter((each) => each.from !== null) : [];
  const come = (range: { readonly from: number; readonly until: number }): number =>
    found.dated.reduce((sum, { month, rows: n }) => sum + (month >= range.from && month < range.until ? n : 0), 0);
  const present = kept
    .map((each) => ({ held: each, ...counted(each, 0) }))
    .map((each) => ({ ...each, rows: come(each) }))
    .filter((each) => each.rows > 0);
  const placed = layOut(present, found.dated, MOST_SEGMENTS - (found.undated > 0 ? 1 : 0));
  const wanted = [
    ...placed.map((each) => ({
      range: rangeOf(table, spec.by, each),
      rows: come(each),
      was: each.of.length === 1 ? at(present, first(each.of)).held : undefined,
    })),
    ...(found.undated > 0
      ? [
          {
            range: { table, by: spec.by, from: null, until: null },
            rows: found.undated,
            was: same ? before.find((each) => each.from === null) : undefined,
          },
        ]
      : []),
  ];
  const stamp = async (rowsOf: string): Promise<string | null> =>
    first(first(await read(`SELECT ${stampOf([...columns.keys()])} FROM (${rowsOf})`)));
  const next: Held[] = [];
  for (const { range, rows: count, was } of wanted) {
    const part = `SELECT * FROM (${select}) WHERE ${isWithin(range, type)}`;
    if (
      was !== undefined &&
      was.rows === count &&
      was.from === range.from &&
      was.until === range.until &&
      (await stamp(part)) === (await stamp(`SELECT * FROM ${inSegment(was)}`))
    ) {
      next.push(was);
      continue;
    }
    const made = { ...(await fresh(range, `${part}${order}`)), rows: count };
    balance(table, count, Number(first(await read(`SELECT count(*) FROM ${inSegment(made)}`))[0]));
    next.push(made);
  }
  await connection.run(before.length > 0 ? `DROP VIEW ${target(table)}` : `DROP TABLE IF EXISTS ${target(table)}`);
  hold(table, inTime(next));
  await unite(table);
  await files.letGo(before.filter((each) => !next.includes(each)));
}

async function whole(
  files: SegmentFiles,
  table: string,
  before: readonly Held[],
  select: string,
  order: string,
): Promise<void> {
  const { connection, target } = files;
  if (before.length === 0)
    return void (await connection.run(`CREATE OR REPLACE TABLE ${target(table)} AS SELECT * FROM (${select})${order}`));
  // the select may read the view
  const gathered = `${table}~gathered`;
  await connection.run(`CREATE TABLE ${target(gathered)} AS SELECT * FROM (${select})${order}`);
  await connection.run(`DROP VIEW ${target(table)}`);
  await connection.run(`ALTER TABLE ${target(gathered)} RENAME TO ${quoteIdentifier(table)}`);
  files.forget(table);
  await files.letGo(before);
}

/**
 * Cuts a table that has grown beyond its limit; merges one that is no longer to be cut, or is cut by another column.
 */
export async function settleTable(files: SegmentFiles, table: string, spec: TableSegments | undefined): Promise<void> {
  const { target, read, heldOf } = files;
  const held = heldOf(table);
  if (held.length === 0) {
    if (spec === undefined || !(await files.isPlain(table))) return;
    if (Number(first(await read(`SELECT count(*) FROM ${target(table)}`))[0]) <= (spec.rows ?? SEGMENT_ROWS)) return;
  } else if (first(held).by === spec?.by) return;
  await replaceTable(files, table, spec, `SELECT * FROM ${target(table)}`);
}

const equal = (a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>): boolean =>
  a.size === b.size && [...a].every(([name, type], i) => at([...b], i)[0] === name && at([...b], i)[1] === type);
