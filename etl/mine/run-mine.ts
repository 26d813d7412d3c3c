/** Mines in a process of its own. */
import { fork } from "node:child_process";
import { phrase, TesseraError } from "../../engine/errors/index.ts";
import { ownProgram } from "../../engine/package.ts";
import { openState } from "../../engine/warehouse/index.ts";
import { loadConfig, warehouseFolder } from "../declare/config.ts";
import { asRunError, endRun } from "../runs/record.ts";
import type { MineMessage } from "./mine-process.ts";
import type { MineOptions, MineProgress, MineSummary } from "./mine-in-process.ts";

/** The options of mining in a process of its own. */
export interface RunMineOptions extends MineOptions {
  /** folder of the project's `tessera.config.ts` */
  readonly folder: string;
  readonly onProgress?: (progress: MineProgress) => void;
}

const PROGRAM = ownProgram("mine-program", import.meta.url);

/** A process that computes handles no signal: it is killed, and the cancelled run is recorded here. */
async function noteCancelled(folder: string, pid: number, error: TesseraError): Promise<void> {
  const state = openState(warehouseFolder(await loadConfig(folder), folder));
  try {
    for (const { id } of state
      .prepare("SELECT id FROM runs WHERE status = 'running' AND kind = 'mine' AND pid = ?")
      .all(pid) as { readonly id: string }[]) {
      endRun(state, id, "failed", { error: asRunError(error) });
      state.prepare("DELETE FROM leases WHERE run = ?").run(id);
    }
  } finally {
    state.close();
  }
}

/**
 * Trains models on the current version and publishes once.
 * @throws TesseraError when nothing was published
 * @example await runMine({ folder: "./shop", models: ["churn"] })
 */
export async function runMine({ onProgress, ...order }: RunMineOptions): Promise<MineSummary> {
  const child = fork(PROGRAM.path, [JSON.stringify(order)], {
    env: { ...process.env, UV_THREADPOOL_SIZE: process.env["UV_THREADPOOL_SIZE"] ?? "16" },
    execArgv: [...PROGRAM.execArgv],
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
  let last: Exclude<MineMessage, { kind: "progress" }> | undefined;
  let output = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    output = (output + text).slice(-4000);
  });
  child.on("message", (message: MineMessage) => {
    if (message.kind === "progress") onProgress?.(message.progress);
    else last = message;
  });
  const how = await new Promise<string>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => resolve(signal ?? `code ${code}`));
  });
  if (last?.kind === "done") return last.summary;
  if (last?.kind === "failed")
    throw new TesseraError(last.code, last.message, {
      problems: last.problems,
      ...(last.place && { place: last.place }),
      ...(last.remedy && { remedy: last.remedy }),
    });
  if (how === "SIGTERM") {
    const cancelled = new TesseraError("cancelled", "mining was cancelled: nothing was published");
    if (child.pid !== undefined) await noteCancelled(order.folder, child.pid, cancelled);
    throw cancelled;
  }
  throw new TesseraError("mining-invalid", phrase`the mining process ended early (${how}): nothing was published`, {
    remedy: "mine again; set warehouse.memoryLimit if it ran out of memory",
    cause: output,
  });
}
