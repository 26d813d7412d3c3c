/** What runs in mining's own process: reads the project's config, mines, and tells the parent how it goes. */
import { TesseraError, type Problem } from "../../engine/errors/index.ts";
import { loadConfig } from "../declare/config.ts";
import { mineInProcess, type MineOptions, type MineProgress, type MineSummary } from "./mine-in-process.ts";

export type MineMessage =
  | { readonly kind: "progress"; readonly progress: MineProgress }
  | { readonly kind: "done"; readonly summary: MineSummary }
  | {
      readonly kind: "failed";
      readonly code: string;
      readonly problems: readonly Problem[];
      readonly message: string;
      readonly place?: string;
      readonly remedy?: string;
    };

export async function main(): Promise<void> {
  const order = JSON.parse(process.argv[2] ?? "{}") as MineOptions & { readonly folder: string };
  process.on("disconnect", () => process.exit(1));
  try {
    const spec = await loadConfig(order.folder);
    await told({
      kind: "done",
      summary: await mineInProcess({
        ...order,
        spec,
        onProgress: (progress) => void told({ kind: "progress", progress }),
      }),
    });
  } catch (error) {
    const known =
      error instanceof TesseraError
        ? error
        : new TesseraError("mining-invalid", error instanceof Error ? error.message : String(error));
    await told({
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

const told = (message: MineMessage): Promise<void> =>
  new Promise((done) => {
    if (process.connected && process.send) process.send(message, undefined, undefined, () => done());
    else done();
  });
