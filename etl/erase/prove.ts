/** Proves an erasure: searches every table of every kept version, and the bytes of every file. */
import { readNumber } from "../extract/read-sql.ts";
import { closeSync, openSync, readSync, statSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { DuckDBInstance } from "duckdb";
import { keptManifests, quoteIdentifier, quoteText, warehousePaths } from "../../engine/warehouse/index.ts";
import { columnsByTable } from "./find-person.ts";
import { textColumns, textsHeld, textsWithin, type Erasure } from "./erase-file.ts";
import { filesBelow } from "./erase-traces.ts";

/** What was searched, and what was found. */
export interface Proof {
  readonly versions: number;
  readonly files: number;
  readonly bytes: number;
  readonly columns: number;
  readonly values: number;
  /** where something of the person is left, without the text itself; empty when everything is gone */
  readonly left: readonly string[];
}

const PIECE = 8 << 20;
/** Shorter texts occur in a large file by chance. */
const SHORTEST_BYTES = 7;

/** Searches columns and bytes: compressed columns hide texts from a byte search, free blocks hide them from queries. */
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
  // texts that are part of a longer one of another person: bytes cannot distinguish them, columns can
  const longer = new Set<string>();
  try {
    const connection = await instance.connect();
    const search = async (place: string, table: string, name: string): Promise<void> => {
      columns++;
      if (erasure.values.length === 0) return;
      const contained = await textsWithin(connection, table, name, erasure.values);
      for (const value of contained) longer.add(value);
      // the patterns, which take longer, are for texts that are there at all
      if (contained.length > 0 && (await textsHeld(connection, table, name, erasure.values)) > 0)
        left.push(`${place}: ${name} contains a text of the person`);
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
          const found = await readNumber(
            connection,
            `SELECT count(*) FROM ${qualified} WHERE CAST(${quoteIdentifier(name)} AS VARCHAR) IN (${keys})`,
          );
          if (found > 0) left.push(`${path}, ${table}: ${name} contains the person's key`);
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
    if (bytesHold(path, searched)) left.push(`${basename(path)}: its bytes contain a text of the person`);
  }
  return { versions: manifests.length, files: files.length, bytes, columns, values: erasure.values.length, left };
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
