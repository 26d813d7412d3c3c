/** Rewrites a database file without its free blocks. */
import { first } from "../lookup.ts";
import { renameSync, rmSync, statSync } from "node:fs";
import { DuckDBInstance } from "duckdb";
import { quoteText } from "./sql-text.ts";

/** The free share from which a file is rewritten; copying takes about a second for each 100 MB. */
export const MOST_FREE = 0.25;

/** Free bytes below which a file is left as it is: rewriting a tiny file costs more than the space is worth. */
export const LEAST_FREE = 2 ** 20;

/** Bytes of a file before and after. */
export interface Compacted {
  readonly before: number;
  readonly after: number;
}

/** How a file is rewritten. */
export interface CompactOptions {
  /** a folder that only this process uses */
  readonly tempDirectory: string;
  readonly memoryLimit?: string;
  /** the free share from which to rewrite; 0 always does. Default: `MOST_FREE` */
  readonly share?: number;
}

/**
 * Copies all tables of a closed file into a fresh one, in the order of their rows, and replaces the file: unused
 * blocks, with what they held, are gone. @returns null where too little is free
 */
export async function compactFile(path: string, options: CompactOptions): Promise<Compacted | null> {
  const fresh = `${path}.fresh`;
  rmSync(fresh, { force: true });
  const instance = await DuckDBInstance.create(":memory:", {
    autoinstall_known_extensions: "false",
    autoload_known_extensions: "false",
    temp_directory: options.tempDirectory,
    preserve_insertion_order: "true",
    ...(options.memoryLimit && { memory_limit: options.memoryLimit }),
  });
  try {
    const connection = await instance.connect();
    await connection.run(`ATTACH ${quoteText(path)} AS old (READ_ONLY)`);
    const sizes = await connection.runAndReadAll(
      "SELECT free_blocks, total_blocks FROM pragma_database_size() WHERE database_name = 'old'",
    );
    const [free, total] = first(sizes.getRowsJson()).map(Number) as [number, number];
    if (total === 0 || free / total < (options.share ?? MOST_FREE)) return null;
    await connection.run(`ATTACH ${quoteText(fresh)} AS fresh`);
    await connection.run("COPY FROM DATABASE old TO fresh");
    await connection.run("CHECKPOINT fresh");
    await connection.run("DETACH fresh");
    await connection.run("DETACH old");
    connection.closeSync();
  } catch (error) {
    instance.closeSync();
    rmSync(fresh, { force: true });
    rmSync(`${fresh}.wal`, { force: true });
    throw error;
  }
  instance.closeSync();
  const before = statSync(path).size;
  const after = statSync(fresh).size;
  renameSync(fresh, path);
  return { before, after };
}
