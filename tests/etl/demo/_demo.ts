import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import project from "../../../etl/demo/tessera.config.ts";
import { buildDemo, demoSecrets, startServiceDesk } from "../../../etl/demo/build.ts";
import { loadInProcess } from "../../../etl/run/load-in-process.ts";
import type { RunSummary } from "../../../etl/runs/run.ts";
import { copyOfShared } from "../../_shared.ts";

export const demoFolder = fileURLToPath(new URL("../../../etl/demo", import.meta.url));

export function temporaryHome(): { readonly home: string; readonly remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), "northgate-"));
  return { home: join(folder, "demo"), remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Paths below `folder` with a hash of their bytes. */
export function fingerprint(folder: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const walk = (path: string): void => {
    for (const name of readdirSync(path).sort()) {
      const full = join(path, name);
      if (statSync(full).isDirectory()) walk(full);
      else found.set(relative(folder, full), createHash("sha256").update(readFileSync(full)).digest("hex"));
    }
  };
  walk(folder);
  return found;
}

/** Rows of one of the truth's CSV files, which have neither quotes nor commas within a field. */
export function truthRows(home: string, name: string): readonly { readonly [column: string]: string }[] {
  const [header, ...lines] = readFileSync(join(home, "truth", name), "utf8")
    .trimEnd()
    .split("\n");
  const columns = header!.split(",");
  return lines.map((line) => Object.fromEntries(line.split(",").map((value, i) => [columns[i]!, value])));
}
export const truthJson = <T>(home: string, name: string): T =>
  JSON.parse(readFileSync(join(home, "truth", name), "utf8")) as T;

export interface LoadedDemo {
  readonly home: string;
  readonly spec: typeof project;
  readonly run: RunSummary;
  readonly load: () => Promise<RunSummary>;
  readonly remove: () => void;
}

/** A small Northgate, built and loaded: a copy of its own of one that is made once a run. */
export async function loadedDemo(scale = 0.03): Promise<LoadedDemo> {
  const { home, remove } = temporaryHome();
  await copyOfShared(`northgate-${scale}`, home, async (folder) => {
    await buildDemo({ home: folder, seed: 1, scale });
    writeFileSync(join(folder, RUN), JSON.stringify(await load(folder)));
  });
  const run = JSON.parse(readFileSync(join(home, RUN), "utf8")) as RunSummary;
  return { home, spec: specOf(home), run, load: () => load(home), remove };
}

/** The first load's summary, kept beside the company. */
const RUN = "run.json";

const specOf = (home: string): typeof project =>
  ({ ...project, warehouse: { path: join(home, "warehouse") } }) as typeof project;

async function load(home: string): Promise<RunSummary> {
  const desk = await startServiceDesk(home);
  try {
    return await loadInProcess({
      spec: specOf(home),
      folder: demoFolder,
      environment: demoSecrets(home, desk.url),
    });
  } finally {
    await desk.close();
  }
}
