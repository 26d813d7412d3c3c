/** The demo company's source systems, which live while something loads from them. */
import { dirname } from "node:path";
import { buildDemo, demoSecrets, startServiceDesk, type ServiceDesk } from "../../etl/demo/build.ts";
import { loadConfig, warehouseFolder } from "../../etl/declare/config.ts";
import { DEMO_FOLDER } from "./context.ts";
import { progressBar } from "./progress-bar.ts";

/** The folder of the demo's systems, ground truth and warehouse. */
export async function demoHome(): Promise<string> {
  return dirname(warehouseFolder(await loadConfig(DEMO_FOLDER), DEMO_FOLDER));
}

/** Builds missing systems, and runs the service desk until `close`. */
export async function openDemoSystems(): Promise<{
  readonly environment: NodeJS.ProcessEnv;
  readonly built: boolean;
  close(): Promise<void>;
}> {
  const home = await demoHome();
  const bar = progressBar(process.stderr, "building the demo company's systems");
  const built = await buildDemo({ home, ...scale(), onProgress: (done, total, what) => bar.show(done, total, what) });
  bar.end(built);
  const desk: ServiceDesk = await startServiceDesk(home);
  return { built, environment: { ...process.env, ...demoSecrets(home, desk.url) }, close: () => desk.close() };
}

/** A smaller company for a quick look: `TESSERA_DEMO_SCALE=0.05`. */
function scale(): { scale?: number } {
  const text = process.env["TESSERA_DEMO_SCALE"];
  const value = Number(text);
  return text !== undefined && value > 0 && value <= 1 ? { scale: value } : {};
}
