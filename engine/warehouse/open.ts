/**
 * The one place that opens DuckDB files for writing. Two instances on one file in one process lose rows silently, and
 * DuckDB's own lock neither sees a second instance in the same process nor survives the closing of another handle. So a
 * small lock file next to the database, created in one step, names the process that holds it; a lock whose process has
 * ended is taken over.
 */
import { closeSync, mkdirSync, openSync, readFileSync, realpathSync, rmSync, statSync, writeSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { DuckDBInstance, type DuckDBConnection } from "duckdb";
import { TesseraError, phrase } from "../errors/index.ts";
import { isAlive, thisProcess, type ProcessIdentity } from "./process-identity.ts";
import { quoteIdentifier, quoteText } from "./sql-text.ts";

/** How files are opened for writing. */
export interface WriterOptions {
  /** a folder that only this process uses */
  readonly tempDirectory: string;
  /** as DuckDB writes it, for example `2GB` */
  readonly memoryLimit?: string;
  readonly threads?: number;
  /** names of temporary files: without a log and never checkpointed, while everything fits into memory */
  readonly passing?: readonly string[];
}

/** Database files open for writing, each attached under its own name. */
export interface Writer {
  readonly connection: DuckDBConnection;
  /** another connection to the same instance */
  connect(): Promise<DuckDBConnection>;
  /** attaches another file, for writing unless `readOnly` */
  attach(name: string, path: string, options?: { readonly readOnly?: boolean }): Promise<void>;
  /** writes a file out and closes it */
  detach(name: string): Promise<void>;
  /** writes everything out, closes the files and releases the locks */
  close(): Promise<void>;
}

/**
 * Opens files for writing in one instance, attached by name: `{ warehouse: "/…/main.duckdb" }`; names without a catalog
 * mean the first file. (`main`, `system` and `temp` are DuckDB's own names.) The path `:memory:` is a temporary
 * database.
 * @throws TesseraError `file-busy` for a file that is open already, here or in another process
 */
export async function openForWriting(
  files: { readonly [name: string]: string },
  options: WriterOptions,
): Promise<Writer> {
  const locked: string[] = [];
  const release = (): void => locked.splice(0).forEach((lock) => rmSync(lock, { force: true }));
  let instance: DuckDBInstance | undefined;
  try {
    for (const path of Object.values(files)) if (path !== ":memory:") locked.push(lockFile(path));
    mkdirSync(options.tempDirectory, { recursive: true });
    instance = await DuckDBInstance.create(":memory:", {
      autoinstall_known_extensions: "false",
      autoload_known_extensions: "false",
      temp_directory: options.tempDirectory,
      ...(options.memoryLimit && { memory_limit: options.memoryLimit }),
      ...(options.threads && { threads: String(options.threads) }),
    });
    const opened = instance;
    const connection = await opened.connect();
    await connection.run("SET TimeZone = 'UTC'");
    for (const [name, path] of Object.entries(files))
      await connection.run(
        `ATTACH ${quoteText(path)} AS ${quoteIdentifier(name)}${options.passing?.includes(name) ? " (RECOVERY_MODE NO_WAL_WRITES)" : ""}`,
      );
    // a commit would checkpoint the file that it wrote to once there is much to write: a passing one is never to be
    // compressed
    if (options.passing !== undefined && options.passing.length > 0)
      await connection.run("SET checkpoint_threshold = '1TB'");
    const use = `USE ${quoteIdentifier(Object.keys(files)[0] ?? "memory")}`;
    await connection.run(use);
    const others: DuckDBConnection[] = [];
    const attached = new Map(Object.keys(files).map((name) => [name, { readOnly: false }]));
    const letGo = async (name: string): Promise<void> => {
      if (!attached.get(name)?.readOnly && !options.passing?.includes(name))
        await connection.run(`CHECKPOINT ${quoteIdentifier(name)}`);
      await connection.run(`DETACH ${quoteIdentifier(name)}`);
      attached.delete(name);
    };
    let open = true;
    return {
      connection,
      connect: async () => {
        const other = await opened.connect();
        await other.run("SET TimeZone = 'UTC'");
        await other.run(use);
        others.push(other);
        return other;
      },
      attach: async (name, path, { readOnly = false } = {}) => {
        if (!readOnly) locked.push(lockFile(path));
        await connection.run(`ATTACH ${quoteText(path)} AS ${quoteIdentifier(name)}${readOnly ? " (READ_ONLY)" : ""}`);
        attached.set(name, { readOnly });
      },
      detach: letGo,
      close: async () => {
        if (!open) return;
        open = false;
        try {
          others.forEach((other) => other.closeSync());
          await connection.run("USE memory");
          for (const name of attached.keys()) await letGo(name);
        } finally {
          connection.closeSync();
          opened.closeSync();
          release();
        }
      },
    };
  } catch (error) {
    instance?.closeSync();
    release();
    throw error;
  }
}

const lockOf = (path: string): string => `${join(realpathSync(dirname(path)), basename(path))}.lock`;

/** @throws TesseraError `file-busy` while the file is open for writing: a copy would be incomplete */
export function refuseOpen(path: string): void {
  const holder = holderOf(lockOf(path));
  if (holder !== undefined && isAlive(holder))
    throw new TesseraError(
      "file-busy",
      holder.pid === process.pid
        ? phrase`this process has ${basename(path)} open for writing`
        : phrase`process ${holder.pid} has ${basename(path)} open for writing`,
      { place: path, remedy: "wait until it is closed" },
    );
}

/** Takes the lock of a database file. @returns the path of the lock */
function lockFile(path: string): string {
  const lock = lockOf(path);
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      const handle = openSync(lock, "wx");
      writeSync(handle, JSON.stringify(thisProcess()));
      closeSync(handle);
      return lock;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      const holder = holderOf(lock);
      if (holder !== undefined && isAlive(holder)) {
        throw new TesseraError(
          "file-busy",
          holder.pid === process.pid
            ? phrase`this process has ${basename(path)} open for writing already`
            : phrase`process ${holder.pid} has ${basename(path)} open for writing already`,
          {
            place: path,
            remedy: "wait until it is closed; two writers on one file would lose rows",
          },
        );
      }
      rmSync(lock, { force: true });
    }
  }
  throw new TesseraError("file-busy", phrase`${basename(path)} is being opened by another process`, { place: path });
}

function holderOf(lock: string): ProcessIdentity | undefined {
  try {
    const text = readFileSync(lock, "utf8");
    if (text !== "") return JSON.parse(text) as ProcessIdentity;
    // created but not yet written: another process is doing so now, unless it has had time enough
    return Date.now() - statSync(lock).mtimeMs < 2000 ? thisProcess() : undefined;
  } catch {
    return undefined;
  }
}
