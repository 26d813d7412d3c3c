/** Starting a load in a process of its own, so that its memory, its blocking calls and its crashes stay away from the queries. */
import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { TesseraError, type ErrorCode, phrase } from "../../engine/errors/index.ts";
import { openState } from "../../engine/warehouse/index.ts";
import type { LoadMessage, LoadOrder } from "./load-message.ts";
import type { LoadOptions } from "./load-options.ts";
import { publishedRuns } from "../runs/published.ts";
import { getRun } from "../runs/read-runs.ts";
import { settleRuns } from "../runs/record.ts";
import type { Progress, RunSummary } from "../runs/run.ts";
import type { Environment } from "../declare/secret.ts";

export interface RunLoadOptions extends LoadOptions {
  /** folder of the project's `tessera.config.ts` */
  readonly folder: string;
  readonly onProgress?: (progress: Progress) => void;
  /** asks the load to stop; nothing is published then */
  readonly signal?: AbortSignal;
  /** what the sources' `env(…)` read; default that of this process */
  readonly environment?: Environment;
  /** number of the process, as soon as there is one */
  readonly onStart?: (pid: number) => void;
}

const ENTRY = fileURLToPath(new URL("load-process.mjs", import.meta.url));
const LINES_KEPT = 20;

/**
 * Loads and publishes; answers the run. Throws a coded error when nothing was published, also when the process was killed: the
 * served version is then as it was, and the run is marked interrupted.
 */
export async function runLoad(options: RunLoadOptions): Promise<RunSummary> {
  const { folder, jobs, select, full, dryRun, rollups, startedBy, patience, plan, backfill, replay } = options;
  const order: LoadOrder = {
    folder,
    ...(jobs && { jobs }),
    ...(select && { select }),
    ...(full && { full }),
    ...(dryRun && { dryRun }),
    ...(rollups && { rollups }),
    ...(plan && { plan }),
    ...(backfill && { backfill }),
    ...(replay !== undefined && { replay }),
    ...(startedBy && { startedBy }),
    ...(patience !== undefined && { patience }),
  };
  const child = fork(ENTRY, [JSON.stringify(order)], {
    execArgv: ["--max-semi-space-size=2"],
    // an arena of glibc's for each of libuv's threads costs 100 MB and gains nothing
    env: {
      MALLOC_ARENA_MAX: "2",
      ...(options.environment ?? process.env),
      UV_THREADPOOL_SIZE: process.env["UV_THREADPOOL_SIZE"] ?? "16",
    },
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
  if (child.pid !== undefined) options.onStart?.(child.pid);
  const cancel = (): void => {
    if (child.connected) child.send("cancel");
    setTimeout(() => child.exitCode ?? child.kill("SIGKILL"), 10_000).unref();
  };
  if (options.signal?.aborted) cancel();
  options.signal?.addEventListener("abort", cancel, { once: true });

  let warehouse: string | undefined;
  let run: string | undefined;
  let last: Extract<LoadMessage, { kind: "done" | "failed" }> | undefined;
  const words: string[] = [];
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    words.push(...text.split("\n").filter((line) => line.trim() !== ""));
    words.splice(0, Math.max(0, words.length - LINES_KEPT));
  });
  child.on("message", (message: LoadMessage) => {
    if (message.kind === "warehouse") warehouse = message.folder;
    else if (message.kind === "progress") {
      run = message.progress.run;
      options.onProgress?.(message.progress);
    } else last = message;
  });
  const ended = await new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => resolve({ code, signal }));
  }).finally(() => options.signal?.removeEventListener("abort", cancel));

  if (last?.kind === "done") return last.run;
  if (last?.kind === "failed") {
    throw new TesseraError(last.code as ErrorCode, last.message, {
      problems: last.problems,
      ...(last.place && { place: last.place }),
      ...(last.remedy && { remedy: last.remedy }),
    });
  }
  return afterDeath(warehouse, run, ended.signal ?? `code ${ended.code}`, words);
}

/** The process ended without a word: whether it had published shows in the pointer. */
function afterDeath(
  warehouse: string | undefined,
  run: string | undefined,
  how: string,
  words: readonly string[],
): RunSummary {
  if (warehouse !== undefined) {
    const state = openState(warehouse);
    try {
      settleRuns(state, publishedRuns(warehouse));
      const found = run === undefined ? undefined : getRun(state, run);
      if (found?.status === "published") return found;
    } finally {
      state.close();
    }
  }
  throw new TesseraError(
    "load-failed",
    phrase`the load's process ended (${how}) before it was done: nothing was published`,
    {
      ...(run !== undefined && { place: `load ${run}` }),
      remedy:
        /heap|memory/i.test(words.join(" ")) || how === "SIGKILL"
          ? "it may have run out of memory: set warehouse.memoryLimit lower, then load again"
          : "load again; the served version is as it was",
      cause: words.join("\n"),
    },
  );
}
