/** Erases a person from every kept version, and from everything stored besides them. */
import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { phrase, TesseraError } from "../../engine/errors/index.ts";
import { present } from "../../engine/lookup.ts";
import { labelsTable } from "../../engine/model/mining-model.ts";
import type { ProjectSpec } from "../../engine/model/project.ts";
import {
  compactFile,
  copyForWriting,
  currentVersion,
  ensureSpace,
  installRewritten,
  keptManifests,
  MAIN,
  makeWorkFolder,
  openState,
  pinnedVersions,
  publishVersion,
  renameFiles,
  roleOf,
  sweep,
  takeLease,
  type Manifest,
  type State,
  type VersionFile,
} from "../../engine/warehouse/index.ts";
import { buildRollupFile, ROLLUPS } from "../build/build-rollups.ts";
import { warehouseFolder } from "../declare/config.ts";
import type { Persons } from "../declare/persons.ts";
import { personsOf } from "../declare/project-parts.ts";
import { publishedRuns } from "../runs/published.ts";
import { asRunError, beginRun, endRun, settleRuns } from "../runs/record.ts";
import { eraseInFile, type Erasure } from "./erase-file.ts";
import { eraseLists, eraseRejects, eraseState } from "./erase-traces.ts";
import { keptBeside } from "./kept-beside.ts";
import { findIn, keyColumnOf, planErasure, suppressPerson } from "./plan-erasure.ts";
import { proveGone, type Proof } from "./prove.ts";

/** Whom to erase. */
export interface EraseOptions {
  readonly spec: ProjectSpec;
  /** the project's folder */
  readonly folder: string;
  /** the dimension's key, or `system:number` */
  readonly who: string;
  /** who or what starts it; default `owner` */
  readonly startedBy?: string;
  /** the clock; tests fix it */
  readonly now?: () => Date;
  readonly onProgress?: (message: string) => void;
  /** called after each step; tests end the process there */
  readonly onStep?: (step: "suppressed" | "rewritten" | "renamed" | "published") => void;
}

/** What an erasure did. */
export interface Erased {
  /** id of the run */
  readonly run: string;
  /** the version it published */
  readonly version: number;
  /** the key that is in the facts now */
  readonly key: string;
  /** rows of the versions that changed */
  readonly rows: number;
  /** rejected rows that were removed */
  readonly rejects: number;
  /** rows of the state that changed */
  readonly notes: number;
  /** lines of written lists that were removed */
  readonly lists: number;
  /** texts that others have too: emptied in the person's rows, not searched for elsewhere */
  readonly shared: number;
  readonly proof: Proof;
  /** folders of earlier warehouses that a restore kept: the person is still in them, and no erasure reaches them */
  readonly beside: readonly string[];
}

/**
 * Erases a person: their key becomes a random one, personal columns are emptied, facts stay. An erasure that was
 * interrupted can be repeated.
 * @throws TesseraError `not-found` for a person in no kept version, `project-invalid` for a project that declares no
 * persons, `lease-held`
 * @example await erasePerson({ spec, folder: "./shop", who: "erp:C000123" })
 */
export async function erasePerson(options: EraseOptions): Promise<Erased> {
  const { spec } = options;
  const persons = personsOf(spec);
  if (persons === undefined)
    throw new TesseraError("project-invalid", "the project does not declare which rows are about persons", {
      place: "tessera.config.ts › persons",
      remedy: "declare them: persons: definePersons({ dimension, tables })",
    });
  const warehouse = warehouseFolder(spec, options.folder);
  const state = openState(warehouse);
  const at = (options.now ?? (() => new Date()))();
  try {
    settleRuns(state, publishedRuns(warehouse));
    const run = beginRun(state, { kind: "erase", startedAt: at, startedBy: options.startedBy ?? "owner", options: {} });
    try {
      const lease = takeLease(state, run);
      try {
        return await eraseUnderLease(options, persons, { state, run, at, warehouse });
      } finally {
        lease.release();
      }
    } catch (error) {
      endRun(state, run, "failed", { error: { ...asRunError(error), message: "the erasure failed" } });
      throw error;
    }
  } finally {
    state.close();
  }
}

interface EraseContext {
  readonly state: State;
  readonly run: string;
  readonly at: Date;
  readonly warehouse: string;
}

interface Limits {
  readonly tempDirectory: string;
  readonly memoryLimit?: string;
}

async function eraseUnderLease(options: EraseOptions, persons: Persons, context: EraseContext): Promise<Erased> {
  const { spec } = options;
  const { state, run, at, warehouse } = context;
  const report = options.onProgress ?? (() => undefined);
  const { live } = settleRuns(state, publishedRuns(warehouse));
  sweep(warehouse, live, at, { pinned: pinnedVersions(state, at) });
  const current = await currentVersion(warehouse);
  if (current === undefined)
    throw new TesseraError("no-version", "nothing has been loaded yet", {
      place: warehouse,
      remedy: { action: "load" },
    });
  const files = filesOf(keptManifests(warehouse));
  ensureSpace(
    warehouse,
    files.reduce((sum, file) => sum + file.bytes, 0),
  );
  const work = makeWorkFolder(warehouse, run);
  const { memoryLimit } = spec.warehouse;
  const limits: Limits = { tempDirectory: join(work, "temp"), ...(memoryLimit !== undefined && { memoryLimit }) };
  mkdirSync(limits.tempDirectory, { recursive: true });

  const keyColumn = keyColumnOf(spec, persons);
  report("searching every kept version for the person");
  const withFacts = files.filter(hasFacts);
  const found = await findIn(warehouse, withFacts, persons, options.who, limits.tempDirectory);
  if (found === null)
    throw new TesseraError("not-found", phrase`${persons.dimension} "${options.who}" not found in any kept version`, {
      remedy: "give the dimension's key, or a system and its number: erp:C000123",
    });
  const erasure = planErasure(found, persons, keyColumn, state, warehouse);
  suppressPerson(state, run, erasure, warehouse);
  options.onStep?.("suppressed");

  const labels = new Set(
    (spec.models ?? []).filter((model) => model.over === persons.dimension).map((model) => labelsTable(model.name)),
  );
  const { replaced, rows } = await rewriteFiles(warehouse, files, erasure, labels, work, limits, report);
  // before the versions are replaced: a repeated erasure needs them to know what to search for
  const rejects = await eraseRejects(warehouse, erasure.values);
  const outbox = resolve(options.folder, "outbox");
  const lists = eraseLists(outbox, erasure.values);
  const notes = eraseState(state, erasure.values, erasure.keys);
  options.onStep?.("rewritten");
  renameFiles(warehouse, replaced);
  options.onStep?.("renamed");

  const published = await publishAgain(spec, context, current.manifest.version, work, limits, report);
  options.onStep?.("published");
  sweep(warehouse, [run], at, { pinned: pinnedVersions(state, at) });
  endRun(state, run, "published", { baseVersion: current.manifest.version, version: published.version });
  report("proving that nothing of the person is left");
  const proof = await proveGone(warehouse, outbox, erasure, labels, work);
  sweep(warehouse, [], at, { pinned: pinnedVersions(state, at) });
  const counts = { rows, rejects, notes, lists, shared: found.shared };
  return { run, version: published.version, key: erasure.newKey, ...counts, proof, beside: keptBeside(warehouse) };
}

/** The files of all versions, each once. */
const filesOf = (manifests: readonly Manifest[]): VersionFile[] => [
  ...new Map(manifests.flatMap(({ files }) => files.map((file) => [file.path, file] as const))).values(),
];

const hasFacts = (file: VersionFile): boolean => roleOf(file) === MAIN || file.segment !== undefined;

/** Rewrites every file that contains something of the person; rollups of old versions are removed. */
async function rewriteFiles(
  warehouse: string,
  files: readonly VersionFile[],
  erasure: Erasure,
  labels: ReadonlySet<string>,
  work: string,
  limits: Limits,
  report: (message: string) => void,
): Promise<{ readonly replaced: Map<string, VersionFile | null>; readonly rows: number }> {
  const by = Math.max(...keptManifests(warehouse).map((manifest) => manifest.version)) + 1;
  const replaced = new Map<string, VersionFile | null>();
  let rows = 0;
  for (const [i, file] of files.entries()) {
    report(`file ${i + 1} of ${files.length}: ${file.path}`);
    // rollups may be grouped by what is emptied: old versions answer from the facts instead
    if (roleOf(file) === ROLLUPS) {
      replaced.set(file.path, null);
      continue;
    }
    const copy = join(work, `${i}.duckdb`);
    copyForWriting(join(warehouse, file.path), copy);
    const changed = await eraseInFile(copy, erasure, labels, limits);
    if (changed === 0) continue;
    rows += changed;
    await compactFile(copy, { ...limits, share: 0 });
    replaced.set(file.path, await installRewritten(warehouse, file, copy, by));
  }
  return { replaced, rows };
}

/** Publishes the rewritten version with new rollups. */
async function publishAgain(
  spec: ProjectSpec,
  { warehouse, run }: EraseContext,
  version: number,
  work: string,
  limits: Limits,
  report: (message: string) => void,
): Promise<Manifest> {
  const base = present(
    keptManifests(warehouse).find((manifest) => manifest.version === version),
    `manifest of version ${version}`,
  );
  const facts = base.files
    .filter(hasFacts)
    .map(({ path, segment }) => ({ path: join(warehouse, path), ...(segment && { segment }) }));
  const rollups = join(work, "rollups.duckdb");
  const built = await buildRollupFile(spec, { files: facts, changed: new Set() }, rollups, report);
  return publishVersion(warehouse, { base, run, files: built ? { [ROLLUPS]: rollups } : {}, ...limits });
}
