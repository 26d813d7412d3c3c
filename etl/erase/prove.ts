/** Looking for a person after he was erased: in every table of every kept version, and in the bytes of every file. */
import { closeSync, openSync, readSync, statSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { DuckDBInstance, type DuckDBConnection } from "duckdb";
import { keptManifests, quoteIdentifier, quoteText, warehousePaths } from "../../engine/warehouse/index.ts";
import { columnsByTable } from "./find-person.ts";
import { textColumns, textsHeld, type Erasure } from "./erase-file.ts";
import { filesBelow } from "./erase-traces.ts";

export interface Proof {
  readonly versions: number;
  readonly files: number;
  readonly bytes: number;
  readonly columns: number;
  readonly values: number;
  /** where something of him is still found; empty when all is gone. Never the value itself */
  readonly left: readonly string[];
}

const PIECE = 8 << 20;
/** Fewer stand in a large file by chance. */
const SHORTEST_BYTES = 7;

/** Compressed columns hide their texts from a search of bytes, and free blocks hide theirs from a query: so both are done. */
export async function proveGone(
  warehouse: string,
  outbox: string,
  erasure: Erasure,
  labels: ReadonlySet<string>,
  tempDirectory: string,
): Promise<Proof> {
  const left: string[] = [];
  const manifests = keptManifests(warehouse);
  const databases = [...new Set(manifests.flatMap((manifest) => manifest.files.map((file) => file.path)))];
  const instance = await DuckDBInstance.create(":memory:", {
    temp_directory: tempDirectory,
    autoinstall_known_extensions: "false",
    autoload_known_extensions: "false",
  });
  const keys = erasure.keys.map(quoteText).join(", ");
  let columns = 0;
  // his address within another's longer one: the bytes cannot tell the two apart, the columns can
  const longer = new Set<string>();
  try {
    const connection = await instance.connect();
    const search = async (place: string, table: string, name: string): Promise<void> => {
      columns++;
      if (erasure.values.length === 0) return;
      for (const value of await within(connection, table, name, erasure.values)) longer.add(value);
      if ((await textsHeld(connection, table, name, erasure.values)) > 0)
        left.push(`${place}: ${name} holds a text of his own`);
    };
    for (const path of databases) {
      await connection.run(`ATTACH ${quoteText(join(warehouse, path))} AS proved (READ_ONLY)`);
      for (const [table, names] of await columnsByTable(connection, "proved")) {
        const qualified = `proved.main.${quoteIdentifier(table)}`;
        for (const name of await textColumns(connection, "proved", table))
          await search(`${path}, ${table}`, qualified, name);
        for (const name of [...erasure.keyColumns, ...(labels.has(table) ? ["key"] : [])].filter((each) =>
          names.has(each),
        )) {
          columns++;
          const found = await connection.runAndReadAll(
            `SELECT count(*) FROM ${qualified} WHERE CAST(${quoteIdentifier(name)} AS VARCHAR) IN (${keys})`,
          );
          if (Number(found.getRowsJson()[0]![0]) > 0) left.push(`${path}, ${table}: ${name} holds his key`);
        }
      }
      await connection.run("DETACH proved");
    }
    for (const path of filesBelow(warehousePaths(warehouse).rejects).filter((file) => file.endsWith(".parquet")))
      await search(relative(warehouse, path), `read_parquet(${quoteText(path)})`, "row");
    connection.closeSync();
  } finally {
    instance.closeSync();
  }
  const files = [...filesBelow(warehouse), ...filesBelow(outbox)].filter((path) => !path.startsWith(tempDirectory));
  const searched = erasure.values.filter((value) => value.length >= SHORTEST_BYTES && !longer.has(value));
  let bytes = 0;
  for (const path of files) {
    bytes += statSync(path).size;
    if (bytesHold(path, searched)) left.push(`${basename(path)}: its bytes hold a text of his own`);
  }
  return { versions: manifests.length, files: files.length, bytes, columns, values: erasure.values.length, left };
}

/** Which of the values a column's texts hold anywhere, also within a longer word. */
async function within(
  connection: DuckDBConnection,
  table: string,
  name: string,
  values: readonly string[],
): Promise<string[]> {
  const counts = values.map((_, i) => `coalesce(bool_or(contains(v, $${i + 1})), false)`).join(", ");
  const found = await connection.runAndReadAll(
    `SELECT ${counts} FROM (SELECT DISTINCT lower(${quoteIdentifier(name)}) AS v FROM ${table})`,
    values.map((value) => value.toLowerCase()),
  );
  return values.filter((_, i) => found.getRowsJson()[0]![i] === true);
}

function bytesHold(path: string, values: readonly string[]): boolean {
  const needles = values.map((value) => Buffer.from(value, "utf8"));
  const overlap = Math.max(0, ...needles.map((needle) => needle.length - 1));
  const handle = openSync(path, "r");
  try {
    const piece = Buffer.allocUnsafe(PIECE + overlap);
    let kept = 0;
    for (;;) {
      const read = readSync(handle, piece, kept, PIECE, null);
      if (read === 0) return false;
      const held = piece.subarray(0, kept + read);
      if (needles.some((needle) => held.includes(needle))) return true;
      kept = Math.min(overlap, held.length);
      held.copyWithin(0, held.length - kept);
    }
  } finally {
    closeSync(handle);
  }
}
