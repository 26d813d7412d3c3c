/** Runs a load in a process of its own, so that its memory, blocking calls and crashes do not affect queries. */
import { fork } from "node:child_process";
import { phrase, TesseraError } from "../../engine/errors/index.ts";
import { ownProgram } from "../../engine/package.ts";
import { openState } from "../../engine/warehouse/index.ts";
import type { LoadMessage, LoadOrder } from "./load-message.ts";
import type { LoadOptions } from "./load-options.ts";
import { publishedRuns } from "../runs/published.ts";
import { getRun } from "../runs/read-runs.ts";
import { settleRuns } from "../runs/record.ts";
import type { Progress, RunSummary } from "../runs/run.ts";
import type { Environment } from "../declare/secret.ts";

/** The options of a load in a process of its own. */
export interface RunLoadOptions extends LoadOptions {
  /** folder of the project's `tessera.config.ts` */
  readonly folder: string;
  readonly onProgress?: (progress: Progress) => void;
  /** stops the load; nothing is published then */
  readonly signal?: AbortSignal;
  /** environment variables of the load; default those of this process */
  readonly environment?: Environment;
  /** called with the process's number when it has started */
  readonly onStart?: (pid: number) => void;
}

const PROGRAM = ownProgram("load-program", import.meta.url);
/** Last lines of the process's error output that are kept. */
const LINES_KEPT = 20;
/** A process that does not stop within these milliseconds is killed. */
const KILL_AFTER = 10_000;

/**
 * Loads and publishes.
 * @returns the run
 * @throws TesseraError when nothing was published, also for a killed process: its run is marked as interrupted
 * @example await runLoad({ folder: "./shop", jobs: ["orders"] })
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
  const child = fork(PROGRAM.path, [JSON.stringify(order)], {
    execArgv: ["--max-semi-space-size=2", ...PROGRAM.execArgv],
    // one glibc arena for each libuv thread would take 100 MB without any gain
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
    setTimeout(() => child.exitCode ?? child.kill("SIGKILL"), KILL_AFTER).unref();
  };
  if (options.signal?.aborted) cancel();
  options.signal?.addEventListener("abort", cancel, { once: true });

  let warehouse: string | undefined;
  let run: string | undefined;
  let last: Extract<LoadMessage, { kind: "done" | "failed" }> | undefined;
  const lines: string[] = [];
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    lines.push(...text.split("\n").filter((line) => line.trim() !== ""));
    lines.splice(0, Math.max(0, lines.length - LINES_KEPT));
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
    throw new TesseraError(last.code, last.message, {
      problems: last.problems,
      ...(last.place && { place: last.place }),
      ...(last.remedy && { remedy: last.remedy }),
    });
  }
  return afterDeath(warehouse, run, ended.signal ?? `code ${ended.code}`, lines);
}

/** The process ended without a last message: the pointer shows whether it published. */
function afterDeath(
  warehouse: string | undefined,
  run: string | undefined,
  how: string,
  lines: readonly string[],
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
  throw new TesseraError("load-failed", phrase`the load's process ended early (${how}): nothing was published`, {
    ...(run !== undefined && { place: `load ${run}` }),
    remedy:
      /heap|memory/i.test(lines.join(" ")) || how === "SIGKILL"
        ? "set warehouse.memoryLimit lower and load again: the process may have run out of memory"
        : "load again: the served version is as it was",
    cause: lines.join("\n"),
  });
}
