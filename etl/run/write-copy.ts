/** Runs all steps of a load in the working copy. */
import { join } from "node:path";
import { phrase, TesseraError, type Problem } from "../../engine/errors/index.ts";
import type { ProjectSpec } from "../../engine/model/project.ts";
import { openForWriting, openSegments, type Manifest, type Writer } from "../../engine/warehouse/index.ts";
import { WAREHOUSE } from "../extract/warehouse-tables.ts";
import { writeRunFacts } from "../facts/run-facts.ts";
import { getRun } from "../runs/read-runs.ts";
import { noteBreaks } from "./breaks.ts";
import { loadMemory } from "./engine-memory.ts";
import type { LoadContext } from "./load-context.ts";
import type { InProcessOptions } from "./load-options.ts";
import { runJobsAndTables } from "./load-steps.ts";
import { assertPlanned, planOf } from "./plan.ts";

/** A finished working copy. */
export interface WrittenCopy {
  readonly watermarks: Manifest["watermarks"];
  readonly changed: ReadonlySet<string>;
  readonly segments: ReturnType<OpenSegments["files"]>;
}

type OpenSegments = Awaited<ReturnType<typeof openSegments>>;

/** Runs all steps in the working copy. @returns undefined for a dry run */
export async function writeCopy(
  options: InProcessOptions,
  context: LoadContext,
  base: Manifest | null,
  work: string,
  main: string,
): Promise<WrittenCopy | undefined> {
  const { spec } = options;
  const { state, run, warehouse, report } = context;
  const writer = await openWriter(spec, work, main);
  try {
    const tables = await openSegments(writer, {
      folder: warehouse,
      base,
      work,
      catalog: WAREHOUSE,
      freeBytes: options.freeBytes,
    });
    const steps = await runJobsAndTables({ ...context, options, writer, tables, base, work });
    refuseFailedChecks(steps.problems);
    await noteBreaks(spec, writer, base, state, run);
    if (options.plan !== undefined)
      assertPlanned(options.plan, planOf(spec, getRun(state, run), options.full ?? false));
    if (options.dryRun) return undefined;
    report({ kind: "run", name: run, stage: "publish", message: "writing" });
    await writeRunFacts(writer.connection, state, run);
    await tables.finish();
    await writer.close();
    options.signal?.throwIfAborted();
    return { watermarks: steps.watermarks, changed: steps.changed, segments: tables.files() };
  } finally {
    // closing again after the end does nothing
    await writer.close().catch(() => undefined);
  }
}

/** Raw and staged rows live in memory and spill at the limit; compressing them in a file would take longer. */
function openWriter(spec: ProjectSpec, work: string, main: string): Promise<Writer> {
  const { limit, inMemory } = loadMemory(spec);
  const { threads } = spec.warehouse;
  const common = { tempDirectory: join(work, "temp"), memoryLimit: limit };
  return inMemory
    ? openForWriting({ warehouse: main, scratch: ":memory:" }, { ...common, ...(threads !== undefined && { threads }) })
    : openForWriting(
        { warehouse: main, scratch: join(work, "scratch.duckdb") },
        { ...common, passing: ["scratch"], threads: 1 },
      );
}

function refuseFailedChecks(problems: readonly Problem[]): void {
  const [problem, ...others] = problems;
  if (problem === undefined) return;
  throw TesseraError.of(
    problems,
    others.length === 0
      ? phrase`a check failed, so nothing is published: ${problem.message}`
      : phrase`${problems.length} checks failed, so nothing is published: ${problem.message}`,
  );
}
