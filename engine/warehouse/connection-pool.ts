/** Connections of one instance that queries share: each with its prepared statements, used by one query at a time. */
import { first } from "../lookup.ts";
import { StatementType, type DuckDBConnection, type DuckDBInstance, type DuckDBPreparedStatement } from "duckdb";
import { TesseraError, phrase } from "../errors/index.ts";
import type { SqlType } from "../sql/tree.ts";
import { inOurWords } from "./duckdb-error.ts";
import { readColumns, type ResultColumns } from "./columns.ts";
import { quoteText } from "./sql-text.ts";

/** A value of a statement. */
export interface Parameter {
  readonly value: string | number | boolean | null;
  readonly type: SqlType;
}

/** How one statement runs. */
export interface RunOptions {
  readonly signal?: AbortSignal;
  /** the query is interrupted after this long; default: never */
  readonly timeoutMs?: number;
  /** decimals and integers as texts, with every digit; default: as numbers where they fit */
  readonly exact?: boolean;
  /**
   * The same statement with variables `p1 …` for its parameters: DuckDB plans it for these values and keeps the plan,
   * where it plans one with `$1` at each run (.6 to 1 ms a star query). The values are bound to the variables, which
   * the planner folds; they never become text.
   */
  readonly folded?: string | undefined;
  /** the statement reads only rollups, and few rows: one thread answers it faster than two that have to meet */
  readonly quick?: boolean;
}

/** Each keeps the memory of its last run (a hash table: 2 MB): with two hundred, every statement took twice as long. */
const STATEMENTS_KEPT = 16;
/** A list of thousands rarely comes twice, and each variable costs a statement. */
const MOST_VARIABLES = 16;

/** The connections of one instance. */
export interface ConnectionPool {
  readonly run: (sql: string, parameters?: readonly Parameter[], options?: RunOptions) => Promise<ResultColumns>;
  readonly using: <T>(work: (connection: DuckDBConnection) => Promise<T>, options?: RunOptions) => Promise<T>;
  /** Prepares all statements again: other tables now have the same names. */
  readonly forget: () => void;
  /** waits for running queries, then closes the instance */
  readonly close: () => Promise<void>;
}

/** How a pool is opened. */
export interface PoolOptions {
  /** the catalogs of the files; earlier ones hide later ones */
  readonly catalogs: readonly string[];
  readonly version: number | null;
  readonly size: number;
  /** anything but a SELECT is refused */
  readonly readOnly?: boolean;
}

/** Opens the connections of an instance. @param first a connection that is open already */
export async function openPool(
  instance: DuckDBInstance,
  first: DuckDBConnection,
  { catalogs, version, size, readOnly }: PoolOptions,
): Promise<ConnectionPool> {
  // DuckDB's own functions first: looked for in sixteen files before, sixty of them cost half a millisecond a statement
  const path = ["system", ...catalogs].map((c) => `${c}.main`).join(",");
  const pool: Pooled[] = [];
  for (let i = 0; i < size; i++) {
    const connection = i === 0 ? first : await instance.connect();
    await connection.run("SET TimeZone = 'UTC'");
    if (catalogs.length > 1) await connection.run(`SET search_path = ${quoteText(path)}`);
    pool.push({ connection, statements: new Map(), stale: false });
  }

  const idle = [...pool];
  const waiting: ((pooled: Pooled) => void)[] = [];
  let running = 0;
  let closed = false;
  let drained: (() => void) | null = null;
  const take = async (): Promise<Pooled> => {
    if (closed)
      throw new TesseraError("version-gone", phrase`version ${version} is closed`, {
        remedy: "ask again; the current version answers",
      });
    running++;
    return idle.pop() ?? new Promise<Pooled>((resolve) => waiting.push(resolve));
  };
  const give = (pooled: Pooled): void => {
    running--;
    const next = waiting.shift();
    if (next) next(pooled);
    else idle.push(pooled);
    if (running === 0 && drained) drained();
  };

  const using = async <T>(work: (pooled: Pooled) => Promise<T>, options: RunOptions = {}): Promise<T> => {
    if (options.signal?.aborted) throw cancelled();
    const pooled = await take();
    if (pooled.stale) drop(pooled);
    let late = false;
    const stop = (): void => pooled.connection.interrupt();
    const timer =
      options.timeoutMs === undefined
        ? null
        : setTimeout(() => {
            late = true;
            stop();
          }, options.timeoutMs);
    options.signal?.addEventListener("abort", stop, { once: true });
    try {
      if (options.signal?.aborted) throw cancelled();
      return await work(pooled);
    } catch (error) {
      if (late)
        throw new TesseraError(
          "timeout",
          phrase`the query took longer than ${(options.timeoutMs ?? 0) / 1000} s and was stopped`,
          {
            remedy: "ask for fewer dimensions or a shorter period",
          },
        );
      if (options.signal?.aborted) throw cancelled();
      throw inOurWords(error);
    } finally {
      if (timer) clearTimeout(timer);
      options.signal?.removeEventListener("abort", stop);
      give(pooled);
    }
  };

  return {
    run: (sql, parameters = [], options = {}) =>
      using(async (pooled) => {
        const folded = parameters.length <= MOST_VARIABLES ? options.folded : undefined;
        const statement = await (folded === undefined ? prepared(pooled, sql) : prepared(pooled, folded, parameters));
        if (readOnly && statement.statementType !== StatementType.SELECT)
          throw new TesseraError("forbidden", "only SELECT is allowed here", { remedy: "load data to change it" });
        if (folded === undefined) bindAll(statement, parameters);
        return readColumns(await statement.run(), options.exact);
      }, options),
    using: (work, options) => using((pooled) => work(pooled.connection), options),
    forget: () => {
      for (const pooled of pool) pooled.stale = true;
    },
    close: async () => {
      if (closed) return;
      closed = true;
      if (running > 0)
        await new Promise<void>((resolve) => {
          drained = resolve;
        });
      for (const pooled of pool) {
        drop(pooled);
        pooled.connection.closeSync();
      }
      instance.closeSync();
    },
  };
}

interface Pooled {
  readonly connection: DuckDBConnection;
  readonly statements: Map<string, DuckDBPreparedStatement>;
  stale: boolean;
}

function drop(pooled: Pooled): void {
  for (const statement of pooled.statements.values()) statement.destroySync();
  pooled.statements.clear();
  pooled.stale = false;
}

/** A prepared statement of a connection; the least recently used is dropped. */
async function prepared(
  pooled: Pooled,
  sql: string,
  variables: readonly Parameter[] = [],
): Promise<DuckDBPreparedStatement> {
  const { connection, statements } = pooled;
  const key =
    variables.length === 0 ? sql : `${sql}\n${JSON.stringify(variables.map(({ value, type }) => [value, type]))}`;
  const known = statements.get(key);
  if (known) {
    statements.delete(key);
    statements.set(key, known);
    return known;
  }
  for (const [i, variable] of variables.entries()) {
    const set = await prepared(pooled, `SET VARIABLE p${i + 1} = $1`);
    bind(set, 1, variable);
    await set.run();
  }
  const made = await connection.prepare(sql);
  statements.set(key, made);
  if (statements.size > STATEMENTS_KEPT) {
    const [oldest, statement] = first([...statements]);
    statements.delete(oldest);
    statement.destroySync();
  }
  return made;
}

/** Binds `$1 …` of a statement. */
export function bindAll(statement: DuckDBPreparedStatement, parameters: readonly Parameter[]): void {
  for (const [i, parameter] of parameters.entries()) bind(statement, i + 1, parameter);
}

function bind(statement: DuckDBPreparedStatement, at: number, { value, type }: Parameter): void {
  if (value === null) statement.bindNull(at);
  else if (typeof value === "boolean") statement.bindBoolean(at, value);
  else if (typeof value === "string") statement.bindVarchar(at, value);
  else if (type === "integer" && Number.isSafeInteger(value)) statement.bindBigInt(at, BigInt(value));
  else statement.bindDouble(at, value);
}

const cancelled = (): TesseraError => new TesseraError("cancelled", "the query was cancelled");
