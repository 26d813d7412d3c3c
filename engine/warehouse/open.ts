/**
 * The one place that opens DuckDB files for writing.
 *
 * Two instances on one file in one process lose rows in silence, and DuckDB's own lock neither sees a second instance
 * of the
 * same process nor survives the closing of any other handle on the file. So a small lock file beside the database, made
 * in one
 * step, says who has it; a lock whose process is gone is taken over.
 */
import { closeSync, mkdirSync, openSync, readFileSync, realpathSync, rmSync, statSync, writeSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { DuckDBInstance, type DuckDBConnection } from "duckdb";
import { TesseraError, phrase } from "../errors/index.ts";
import { isAlive, thisProcess, type ProcessIdentity } from "./process-identity.ts";
import { quoteIdentifier, quoteText } from "./sql-text.ts";

export interface WriterOptions {
  /** a folder that this process alone uses */
  readonly tempDirectory: string;
  /** DuckDB's words, for example `2GB` */
  readonly memoryLimit?: string;
  readonly threads?: number;
  /**
   * names of files that are thrown away afterwards: without a log and never checkpointed, as long as nothing is too
   * large for memory
   */
  readonly passing?: readonly string[];
}

/** Database files open for writing, each attached under its own name. */
export interface Writer {
  readonly connection: DuckDBConnection;
  /** another connection to the same instance */
  connect(): Promise<DuckDBConnection>;
  /** attaches one more file, for writing unless it is only to be read */
  attach(name: string, path: string, options?: { readonly readOnly?: boolean }): Promise<void>;
  /** writes one of these out and gives it up */
  detach(name: string): Promise<void>;
  /** writes everything out, closes the files and gives up the locks */
  close(): Promise<void>;
}

/**
 * Opens files for writing in one instance, attached by name: `{ warehouse: "/…/main.duckdb" }`; names without a catalog
 * mean the
 * first of them. (`main`, `system` and `temp` are DuckDB's own names.) The path `:memory:` is a database that is gone
 * afterwards.
 * Throws `file-busy` when any of them is open already, here or in another process.
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
          for (const name of [...attached.keys()]) await letGo(name);
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

/** Throws `file-busy` while anybody has the file open for writing: a copy of it would be half of what is written. */
export function refuseOpen(path: string): void {
  const holder = holderOf(lockOf(path));
  if (holder !== undefined && isAlive(holder))
    throw new TesseraError(
      "file-busy",
      phrase`${basename(path)} is open for writing, by process ${holder.pid}${holder.pid === process.pid ? " (this one)" : ""}`,
      { place: path, remedy: "wait until it is closed" },
    );
}

/** Takes the lock of a database file and answers its path. */
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
          phrase`${basename(path)} is open for writing already, by process ${holder.pid}${holder.pid === process.pid ? " (this one)" : ""}`,
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
    // made but not yet written: by a process that is at it right now, unless it has had time enough
    return Date.now() - statSync(lock).mtimeMs < 2000 ? thisProcess() : undefined;
  } catch {
    return undefined;
  }
}
