/**
 * A version, opened for reading: an in-memory instance with the version's files attached read-only, then locked. It
 * never changes; the next version is another instance. Queries share a small pool of connections with prepared
 * statements.
 */
import { at } from "../lookup.ts";
import { join } from "node:path";
import { DuckDBInstance, type DuckDBConnection } from "duckdb";
import { readColumns, type ResultColumns } from "./columns.ts";
import { TesseraError } from "../errors/index.ts";
import { printDuckdb } from "../sql/print-duckdb.ts";
import type { Printed } from "../sql/printer.ts";
import type { SelectLike } from "../sql/tree.ts";
import { duckdbFault } from "./duckdb-error.ts";
import { encodeTables } from "./encoded-tables.ts";
import { openPool, type ConnectionPool, type Parameter, type RunOptions } from "./connection-pool.ts";
import { quoteIdentifier, quoteText } from "./sql-text.ts";
import { uniteSegments } from "./segment-sql.ts";
import { roleOf, type Manifest, type VersionFile } from "./version.ts";

export { printDuckdb as printTree } from "../sql/print-duckdb.ts";
export { bindAll, type Parameter, type RunOptions } from "./connection-pool.ts";

/** A version that answers statements. */
export interface Serving {
  readonly version: number | null;
  /** the type of every column, by table and column in lower case */
  readonly columns: ReadonlyMap<string, ReadonlyMap<string, string>>;
  /**
   * Runs one statement with `$1 …`.
   * @throws TesseraError `timeout`, `cancelled`, `too-large` without memory, `model-invalid` for what the warehouse
   *   lacks
   */
  readonly run: (sql: string, parameters?: readonly Parameter[], options?: RunOptions) => Promise<ResultColumns>;
  /** A statement of the planner in the warehouse's own dialect. */
  readonly print: (tree: SelectLike) => Printed;
  /** the folder that statements may write files into; null for an instance in memory */
  readonly spool: string | null;
  /** Runs several statements on one connection, for example with temporary tables. */
  readonly using: <T>(work: (connection: DuckDBConnection) => Promise<T>, options?: RunOptions) => Promise<T>;
  /** waits for running queries, then closes */
  readonly close: () => Promise<void>;
}

/** Runs a statement of the planner. @throws TesseraError as `run` does */
export function ask(
  serving: Pick<Serving, "run" | "print">,
  tree: SelectLike,
  options: RunOptions = {},
): Promise<ResultColumns> {
  const { sql, parameters } = serving.print(tree);
  return serving.run(sql, parameters, options);
}

/** How a version is opened. */
export interface ServingOptions {
  readonly memoryLimit?: string;
  readonly threads?: number;
  readonly connections?: number;
  readonly tempDirectory: string;
  /** the role of the file that `quick` statements read; default: they run like any other */
  readonly quick?: string;
}

const SAFE = { autoinstall_known_extensions: "false", autoload_known_extensions: "false" } as const;
/** The memory of one thread for rollups; a statement that needs more runs like any other. */
const QUICK_MEMORY = "256MB";
const QUICK_CONNECTIONS = 4;
/**
 * The optimizers that help statements over one table. The others find nothing to do in them, and took a third of the
 * planning time.
 */
const QUICK_OPTIMIZERS = ["filter_pushdown", "unused_columns", "statistics_propagation", "column_lifetime", "top_n"];
/** A command asks once or twice, and does not wait for copies that are not read again. */
const COPIED_AFTER = 3;

/** Opens the files of a manifest. */
export async function openServing(folder: string, manifest: Manifest, options: ServingOptions): Promise<Serving> {
  const rollups = manifest.files.find((file) => roleOf(file) === options.quick);
  const [main, quick] = await Promise.all([
    openFiles(
      manifest.files.map((file) => ({ ...file, path: join(folder, file.path) })),
      manifest.version,
      options,
    ),
    rollups && openQuick(join(folder, rollups.path), manifest.version, options),
  ]);
  return quick === undefined ? main : withQuick(main, quick);
}

/** Opens database files read-only; earlier files hide later ones. The segments of a table are one view of its name. */
export async function openFiles(
  files: readonly Pick<VersionFile, "path" | "tables" | "segment">[],
  version: number | null,
  options: ServingOptions,
): Promise<Serving> {
  const instance = await DuckDBInstance.create(":memory:", {
    ...SAFE,
    temp_directory: options.tempDirectory,
    ...(options.memoryLimit && { memory_limit: options.memoryLimit }),
    ...(options.threads && { threads: String(options.threads) }),
  });
  const first = await instance.connect();
  const catalogs: string[] = [];
  for (const [i, { path, segment }] of files.entries()) {
    await first.run(`ATTACH ${quoteText(path)} AS ${quoteIdentifier(`v${i}`)} (READ_ONLY)`);
    if (!segment) catalogs.push(`v${i}`);
  }
  await uniteSegments(
    first,
    files.map((file, i) => ({ ...file, catalog: `v${i}` })),
  );
  return serve(instance, first, ["memory", ...catalogs], version, options.connections ?? 6, options.tempDirectory);
}

/** One thread over one file: a small statement is answered without waiting for another thread. */
async function openQuick(
  path: string,
  version: number | null,
  options: ServingOptions,
): Promise<Pick<ConnectionPool, "run" | "close">> {
  const instance = await DuckDBInstance.create(":memory:", {
    ...SAFE,
    threads: "1",
    memory_limit: QUICK_MEMORY,
    temp_directory: options.tempDirectory,
  });
  const first = await instance.connect();
  await first.run(`ATTACH ${quoteText(path)} AS v0 (READ_ONLY)`);
  const [optimizers = []] = (await readColumns(await first.run("SELECT name FROM duckdb_optimizers()"))).columns;
  const disabled = optimizers.filter((name) => !QUICK_OPTIMIZERS.includes(String(name))).join(",");
  await first.run(`SET GLOBAL disabled_optimizers = ${quoteText(disabled)}`);
  const pool = await openPool(instance, first, {
    catalogs: ["memory", "v0"],
    version,
    size: options.connections ?? QUICK_CONNECTIONS,
    readOnly: true,
  });
  await lock(first);
  let asked = 0;
  const stop = new AbortController();
  let copying: Promise<void> | undefined;
  return {
    run: (...question) => {
      // tables that cannot be copied are read where they are
      if (++asked > COPIED_AFTER)
        copying ??= pool
          .using((connection) => encodeTables(connection, "v0"), { signal: stop.signal })
          .then(pool.forget, () => undefined);
      return pool.run(...question);
    },
    close: async () => {
      stop.abort();
      await pool.close();
    },
  };
}

const withQuick = (main: Serving, quick: Pick<ConnectionPool, "run" | "close">): Serving => ({
  ...main,
  run: async (sql, parameters, options = {}) => {
    if (!options.quick) return main.run(sql, parameters, options);
    try {
      return await quick.run(sql, parameters, options);
    } catch (error) {
      const cause = error instanceof TesseraError ? error.cause : error;
      if (duckdbFault(cause)?.kind === "out-of-memory") return main.run(sql, parameters, options);
      throw error;
    }
  },
  close: async () => {
    await Promise.all([main.close(), quick.close()]);
  },
});

/** Serves an instance that is filled already (tests, benchmarks), and locks it. */
export async function serveInstance(
  instance: DuckDBInstance,
  options: { readonly connections?: number } = {},
): Promise<Serving> {
  return serve(instance, await instance.connect(), ["memory"], null, options.connections ?? 4, null);
}

async function lock(connection: DuckDBConnection): Promise<void> {
  await connection.run("SET enable_external_access = false");
  await connection.run("SET lock_configuration = true");
}

async function serve(
  instance: DuckDBInstance,
  first: DuckDBConnection,
  catalogs: readonly string[],
  version: number | null,
  size: number,
  spool: string | null,
): Promise<Serving> {
  const pool = await openPool(instance, first, { catalogs, version, size });
  if (spool !== null) await first.run(`SET allowed_directories = [${quoteText(spool)}]`);
  await lock(first);

  const columns = new Map<string, Map<string, string>>();
  const described = await readColumns(
    await first.run(
      `SELECT table_name, column_name, data_type FROM duckdb_columns()
       WHERE NOT internal ORDER BY database_name, table_name, column_index`,
    ),
  );
  for (let i = 0; i < described.rowCount; i++) {
    const table = String(at(described.columns, 0)[i]).toLowerCase();
    const known = columns.get(table) ?? new Map<string, string>();
    columns.set(
      table,
      known.set(String(at(described.columns, 1)[i]).toLowerCase(), String(at(described.columns, 2)[i])),
    );
  }
  return { version, columns, spool, print: printDuckdb, run: pool.run, using: pool.using, close: pool.close };
}
