/** Publishes a finished working copy with its rollups. */
import { join } from "node:path";
import { filePath, MAIN, publishVersion, roleOf, type Manifest } from "../../engine/warehouse/index.ts";
import { buildRollupFile, ROLLUPS } from "../build/build-rollups.ts";
import { RUN_FACTS } from "../facts/run-facts.ts";
import { loadMemory } from "./engine-memory.ts";
import type { LoadContext } from "./load-context.ts";
import type { InProcessOptions } from "./load-options.ts";
import type { WrittenCopy } from "./write-copy.ts";

/** Builds the rollups and publishes the version. */
export async function publishLoad(
  options: InProcessOptions,
  { run, warehouse, report }: LoadContext,
  base: Manifest | null,
  work: string,
  main: string,
  { watermarks, changed, segments }: WrittenCopy,
): Promise<Manifest> {
  const { spec } = options;
  const rollups = join(work, "rollups.duckdb");
  const previous = filePath(warehouse, base, ROLLUPS);
  const built = await buildRollupFile(
    spec,
    {
      files: [{ path: main }, ...segments],
      ...(previous !== undefined && { previous }),
      changed: new Set([...changed, ...RUN_FACTS]),
    },
    rollups,
    (name) => report({ kind: "run", name: run, stage: "publish", message: `rollup ${name}` }),
  );
  options.signal?.throwIfAborted();
  const gone = (base?.files ?? [])
    .filter((file) => file.segment && !segments.some(({ role }) => role === roleOf(file)))
    .map(roleOf);
  return publishVersion(warehouse, {
    base,
    run,
    files: {
      [MAIN]: main,
      ...(built && { [ROLLUPS]: rollups }),
      ...Object.fromEntries(segments.filter((each) => each.written).map(({ role, path }) => [role, path])),
    },
    segments: Object.fromEntries(segments.map(({ role, segment }) => [role, segment])),
    without: [...(built ? [] : [ROLLUPS]), ...gone],
    watermarks,
    labels: changed.size === 0 ? (base?.labels ?? {}) : staleLabels(base),
    memoryLimit: loadMemory(spec).limit,
    onStep: (step) => {
      report({ kind: "run", name: run, stage: "publish", message: step });
      options.onPublish?.(step);
    },
  });
}

/** Labels describe the data they were made from: after a load they are stale. */
const staleLabels = (base: Manifest | null): Manifest["labels"] =>
  Object.fromEntries(Object.entries(base?.labels ?? {}).map(([model, label]) => [model, { ...label, stale: true }]));
