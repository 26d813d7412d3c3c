/** The program of a load's own process: reads the project's config, loads, and reports to the parent. */
import { TesseraError } from "../../engine/errors/index.ts";
import { loadConfig, warehouseFolder } from "../declare/config.ts";
import { loadInProcess } from "./load-in-process.ts";
import type { LoadMessage, LoadOrder } from "./load-message.ts";

/** Runs the load that the first argument orders. */
export async function main(): Promise<void> {
  const order: LoadOrder = JSON.parse(process.argv[2] ?? "{}");
  const stop = new AbortController();
  const cancel = (): void => stop.abort(new TesseraError("cancelled", "the load was cancelled"));
  process.on("message", (message) => {
    if (message === "cancel") cancel();
  });
  // without its parent nobody waits for the load
  process.on("disconnect", cancel);
  process.on("SIGINT", cancel);
  process.on("SIGTERM", cancel);
  try {
    const spec = await loadConfig(order.folder);
    report({ kind: "warehouse", folder: warehouseFolder(spec, order.folder) });
    const run = await loadInProcess({
      ...order,
      spec,
      signal: stop.signal,
      onProgress: (progress) => report({ kind: "progress", progress }),
    });
    await reportLast({ kind: "done", run });
  } catch (error) {
    const known =
      error instanceof TesseraError
        ? error
        : new TesseraError("load-failed", error instanceof Error ? error.message : String(error), { cause: error });
    await reportLast({
      kind: "failed",
      code: known.code,
      message: known.message,
      problems: known.problems,
      ...(known.place && { place: known.place }),
      ...(known.remedy && { remedy: known.remedy }),
    });
    process.exitCode = 1;
  }
  process.removeListener("disconnect", cancel);
  if (process.connected) process.disconnect();
}

function report(message: LoadMessage): void {
  if (process.connected) process.send?.(message);
}

/** Waits until the message is sent: the process may end right after it. */
const reportLast = (message: LoadMessage): Promise<void> =>
  new Promise((done) => {
    if (process.connected && process.send) process.send(message, undefined, undefined, () => done());
    else done();
  });
