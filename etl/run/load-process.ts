/** What runs in a load's own process: reads the project's config, loads, and tells the parent how it goes. */
import { TesseraError } from "../../engine/errors/index.ts";
import { loadConfig, warehouseFolder } from "../declare/config.ts";
import { loadInProcess } from "./load-in-process.ts";
import type { LoadMessage, LoadOrder } from "./load-message.ts";

export async function main(): Promise<void> {
  const order = JSON.parse(process.argv[2] ?? "{}") as LoadOrder;
  const stop = new AbortController();
  const cancel = (): void => stop.abort(new TesseraError("cancelled", "the load was cancelled"));
  process.on("message", (message) => {
    if (message === "cancel") cancel();
  });
  // without a parent nobody waits for the load or sees its end
  process.on("disconnect", cancel);
  process.on("SIGINT", cancel);
  process.on("SIGTERM", cancel);
  try {
    const spec = await loadConfig(order.folder);
    tell({ kind: "warehouse", folder: warehouseFolder(spec, order.folder) });
    const run = await loadInProcess({
      ...order,
      spec,
      signal: stop.signal,
      onProgress: (progress) => tell({ kind: "progress", progress }),
    });
    await told({ kind: "done", run });
  } catch (error) {
    const known =
      error instanceof TesseraError
        ? error
        : new TesseraError("load-failed", error instanceof Error ? error.message : String(error));
    await told({
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

function tell(message: LoadMessage): void {
  if (process.connected) process.send?.(message);
}

/** Waits until the parent has it: what follows may end the process. */
const told = (message: LoadMessage): Promise<void> =>
  new Promise((done) => {
    if (process.connected && process.send) process.send(message, undefined, undefined, () => done());
    else done();
  });
