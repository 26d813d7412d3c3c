/** Answers questions and notes them in the query log: names of members, never values. */
import { TesseraError } from "../../engine/errors/index.ts";
import type { Query, Result } from "../../engine/model/query.ts";
import type { Engine } from "../../engine/query/answer/engine.ts";
import { shadow } from "../../engine/query/answer/shadow.ts";
import { asUserError } from "../declare/user-error.ts";
import type { OpenOptions, QueryOptions } from "./opened-project.ts";
import { membersOf, type UsageLog } from "./usage-log.ts";

/** Runs the work; DuckDB errors that a person can cure become TesseraErrors. */
export async function translated<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw asUserError(error);
  }
}

const callerOf = ({ caller, role }: QueryOptions): string => caller ?? role ?? "owner";

/** A question that is noted. */
export interface NotedQuestion<T> {
  /** kind of the entry, for example `query` */
  readonly kind: string;
  readonly question: unknown;
  readonly options: QueryOptions;
  /** rows of the answer */
  readonly rows: (answer: T) => number;
  readonly work: () => Promise<T>;
}

/** Answers a question and notes it in the log. */
export async function noted<T>(usage: UsageLog, { kind, question, options, rows, work }: NotedQuestion<T>): Promise<T> {
  if (options.unnoted) return translated(work());
  const started = performance.now();
  const entry = { caller: callerOf(options), kind, members: membersOf(question as Partial<Query>) };
  const add = (count: number, status: string): void =>
    usage.add({ ...entry, milliseconds: performance.now() - started, rows: count, status });
  try {
    const answer = await work();
    add(rows(answer), "ok");
    return answer;
  } catch (error) {
    const known = asUserError(error);
    add(0, known instanceof TesseraError ? known.code : "bug");
    throw known;
  }
}

/** Answers one query in so many a second time, by a plain plan, and reports differences. */
export interface Shadows {
  /** compares the answer if it is its turn; the answer does not wait for it */
  compare(engine: Engine, query: Query, result: Result, options: QueryOptions): void;
  /** resolves when no comparison runs */
  settled(): Promise<void>;
}

/** Starts the comparisons. @param setting undefined for none */
export function openShadows(usage: UsageLog, setting: OpenOptions["shadow"]): Shadows {
  const running = new Set<Promise<void>>();
  let answers = 0;
  const compareNow = async (engine: Engine, query: Query, result: Result, options: QueryOptions): Promise<void> => {
    // a second answer that fails is not a fault of the first
    const differences = await shadow(engine, query, result).catch(() => []);
    if (differences.length === 0) return;
    const members = membersOf(query);
    const rows = differences.length;
    usage.add({ caller: callerOf(options), kind: "shadow", members, milliseconds: 0, rows, status: "differs" });
    setting?.onDifference(query, differences);
  };
  return {
    compare: (engine, query, result, options) => {
      if (setting === undefined || ++answers % setting.oneIn !== 0) return;
      const comparison: Promise<void> = compareNow(engine, query, result, options).finally(() =>
        running.delete(comparison),
      );
      running.add(comparison);
    },
    settled: async () => {
      await Promise.all(running);
    },
  };
}
