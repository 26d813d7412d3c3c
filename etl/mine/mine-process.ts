/** The program of mining's own process: reads the project's config, mines, and reports to the parent. */
import { TesseraError, type ErrorCode, type Problem } from "../../engine/errors/index.ts";
import { loadConfig } from "../declare/config.ts";
import { mineInProcess, type MineOptions, type MineProgress, type MineSummary } from "./mine-in-process.ts";

/** What the process reports to its parent. */
export type MineMessage =
  | { readonly kind: "progress"; readonly progress: MineProgress }
  | { readonly kind: "done"; readonly summary: MineSummary }
  | {
      readonly kind: "failed";
      readonly code: ErrorCode;
      readonly problems: readonly Problem[];
      readonly message: string;
      readonly place?: string;
      readonly remedy?: string;
    };

/** Mines what the first argument orders. */
export async function main(): Promise<void> {
  const order: MineOptions & { readonly folder: string } = JSON.parse(process.argv[2] ?? "{}");
  process.on("disconnect", () => process.exit(1));
  try {
    const spec = await loadConfig(order.folder);
    await report({
      kind: "done",
      summary: await mineInProcess({
        ...order,
        spec,
        onProgress: (progress) => void report({ kind: "progress", progress }),
      }),
    });
  } catch (error) {
    const known =
      error instanceof TesseraError
        ? error
        : new TesseraError("mining-invalid", error instanceof Error ? error.message : String(error), {
            cause: error,
          });
    await report({
      kind: "failed",
      code: known.code,
      message: known.message,
      problems: known.problems,
      ...(known.place && { place: known.place }),
      ...(known.remedy && { remedy: known.remedy }),
    });
  }
  process.removeAllListeners("disconnect");
  if (process.connected) process.disconnect();
}

/** Sends a message and waits until it is sent. */
const report = (message: MineMessage): Promise<void> =>
  new Promise((done) => {
    if (process.connected && process.send) process.send(message, undefined, undefined, () => done());
    else done();
  });
