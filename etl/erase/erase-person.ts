/** Erasing a person from every kept version, and from all that lies beside them. */
import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { DuckDBInstance } from "duckdb";
import { TesseraError, phrase } from "../../engine/errors/index.ts";
import type { ProjectSpec } from "../../engine/model/project.ts";
import { labelsTable } from "../../engine/model/mining-model.ts";
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
  quoteText,
  renameFiles,
  roleOf,
  sweep,
  takeLease,
  type State,
  type VersionFile,
} from "../../engine/warehouse/index.ts";
import { buildRollupFile, ROLLUPS } from "../build/build-rollups.ts";
import { keptBeside } from "./kept-beside.ts";
import { warehouseFolder } from "../declare/config.ts";
import { publishedRuns } from "../runs/published.ts";
import { asRunError, beginRun, endRun, settleRuns } from "../runs/record.ts";
import type { Persons } from "../declare/persons.ts";
import { eraseInFile, type Erasure } from "./erase-file.ts";
import { eraseLists, eraseRejects, eraseState } from "./erase-traces.ts";
import { findPerson, type Found } from "./find-person.ts";
import { aliasAddress, pseudonymOf } from "./pseudonym.ts";
import { proveGone, type Proof } from "./prove.ts";
import { keyedHash, suppress, suppressedList, suppressionKey } from "../suppression/suppressed.ts";

export interface EraseOptions {
  readonly spec: ProjectSpec;
  /** the project's folder */
  readonly folder: string;
  /** the dimension's key, or `system:number` */
  readonly who: string;
  readonly startedBy?: string;
  readonly now?: () => Date;
  readonly onProgress?: (message: string) => void;
  /** tests end the process there */
  readonly onStep?: (step: "suppressed" | "rewritten" | "renamed" | "published") => void;
}

export interface Erased {
  readonly run: string;
  readonly version: number;
  /** the key that stands in the facts now */
  readonly key: string;
  readonly rows: number;
  readonly rejects: number;
  readonly notes: number;
  readonly lists: number;
  /** texts of his that others share: emptied in his rows, not searched for elsewhere */
  readonly shared: number;
  readonly proof: Proof;
  /** warehouses that a restore has put aside: they hold him still, and no erasure reaches them */
  readonly beside: readonly string[];
}

/**
 * Takes a person out: his key becomes a random one, what is personal is emptied, facts stay. It may be run again after a crash.
 * Throws `not-found` for someone whom no kept version knows, `project-invalid` where the project does not say who is a person, `lease-held`.
 */
export async function erasePerson(options: EraseOptions): Promise<Erased> {
  const { spec } = options;
  const { persons } = spec as { readonly persons?: Persons };
  if (persons === undefined)
    throw new TesseraError("project-invalid", "the project does not say which rows are about persons", {
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

/** Under this name the list has the dimension's key, for an erasure that is run again; no system is called so. */
const OWN_KEY = "=key";

interface Context {
  readonly state: State;
  readonly run: string;
  readonly at: Date;
  readonly warehouse: string;
}

async function eraseUnderLease(
  options: EraseOptions,
  persons: Persons,
  { state, run, at, warehouse }: Context,
): Promise<Erased> {
  const { spec } = options;
  const tell = options.onProgress ?? (() => undefined);
  const { live } = settleRuns(state, publishedRuns(warehouse));
  sweep(warehouse, live, at, { pinned: pinnedVersions(state, at) });
  const current = await currentVersion(warehouse);
  if (current === undefined) throw new TesseraError("no-version", "nothing has been loaded yet", { place: warehouse });
  const manifests = keptManifests(warehouse);
  const files = [
    ...new Map(manifests.flatMap((manifest) => manifest.files.map((file) => [file.path, file] as const))).values(),
  ];
  ensureSpace(
    warehouse,
    files.reduce((sum, file) => sum + file.bytes, 0),
  );
  const work = makeWorkFolder(warehouse, run);
  const tempDirectory = join(work, "temp");
  mkdirSync(tempDirectory, { recursive: true });
  const limits = {
    tempDirectory,
    ...(spec.warehouse.memoryLimit !== undefined && { memoryLimit: spec.warehouse.memoryLimit }),
  };

  const keyColumn =
    persons.key ??
    persons.identities?.key ??
    (spec.dimensions.find((dimension) => dimension.name === persons.dimension) as { readonly key?: string } | undefined)
      ?.key;
  if (keyColumn === undefined)
    throw new TesseraError(
      "project-invalid",
      phrase`persons names ${persons.dimension}, which is no dimension with a key`,
      {
        place: "tessera.config.ts › persons",
      },
    );
  tell("looking for him in every kept version");
  const found = await findIn(
    warehouse,
    files.filter((file) => roleOf(file) === MAIN || file.segment),
    persons,
    options.who,
    tempDirectory,
  );
  if (found === null)
    throw new TesseraError("not-found", phrase`no kept version knows ${persons.dimension} ${options.who}`, {
      remedy: "give the dimension's key, or a system and its number: erp:C000123",
    });
  const erasure = erasureOf(found, persons, keyColumn, state, warehouse);
  const entries = [...erasure.ids, { system: OWN_KEY, id: found.keys[0]!, replacement: erasure.newKey }];
  suppress(
    state,
    run,
    entries.map(({ system, id, replacement }) => ({
      system,
      hash: keyedHash(suppressionKey(warehouse), id),
      replacement,
      alias: erasure.alias,
    })),
  );
  options.onStep?.("suppressed");

  const labels = new Set(
    (spec.models ?? []).filter((model) => model.over === persons.dimension).map((model) => labelsTable(model.name)),
  );
  const by = Math.max(...manifests.map((manifest) => manifest.version)) + 1;
  const replaced = new Map<string, VersionFile | null>();
  let rows = 0;
  for (const [i, file] of files.entries()) {
    tell(`file ${i + 1} of ${files.length}: ${file.path}`);
    // rollups may be grouped by what is emptied: old versions answer from the facts, the new one gets its own
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
  // before the versions forget him: an erasure that is run again has to find out what to look for
  const rejects = await eraseRejects(warehouse, erasure.values);
  const outbox = resolve(options.folder, "outbox");
  const lists = eraseLists(outbox, erasure.values);
  const notes = eraseState(state, erasure.values, erasure.keys);
  options.onStep?.("rewritten");
  renameFiles(warehouse, replaced);
  options.onStep?.("renamed");

  const base = keptManifests(warehouse).find((manifest) => manifest.version === current.manifest.version)!;
  const facts = base.files
    .filter((file) => roleOf(file) === MAIN || file.segment)
    .map(({ path, segment }) => ({ path: join(warehouse, path), ...(segment && { segment }) }));
  const rollups = join(work, "rollups.duckdb");
  const built = await buildRollupFile(spec, { files: facts, changed: new Set() }, rollups, tell);
  const published = await publishVersion(warehouse, {
    base,
    run,
    files: built ? { [ROLLUPS]: rollups } : {},
    ...limits,
  });
  options.onStep?.("published");
  sweep(warehouse, [run], at, { pinned: pinnedVersions(state, at) });
  endRun(state, run, "published", { baseVersion: current.manifest.version, version: published.version });
  tell("looking whether anything of him is left");
  const proof = await proveGone(warehouse, outbox, erasure, labels, work);
  sweep(warehouse, [], at, { pinned: pinnedVersions(state, at) });
  return {
    run,
    version: published.version,
    key: erasure.newKey,
    rows,
    rejects,
    notes,
    lists,
    shared: found.shared,
    proof,
    beside: keptBeside(warehouse),
  };
}

async function findIn(
  warehouse: string,
  files: readonly VersionFile[],
  persons: Persons,
  who: string,
  tempDirectory: string,
): Promise<Found | null> {
  const instance = await DuckDBInstance.create(":memory:", {
    temp_directory: tempDirectory,
    autoinstall_known_extensions: "false",
    autoload_known_extensions: "false",
  });
  try {
    const connection = await instance.connect();
    for (const [i, file] of files.entries())
      await connection.run(`ATTACH ${quoteText(join(warehouse, file.path))} AS f${i} (READ_ONLY)`);
    const found = await findPerson(
      connection,
      files.map((_, i) => `f${i}`),
      persons,
      who,
    );
    connection.closeSync();
    return found;
  } finally {
    instance.closeSync();
  }
}

/** A number that was replaced once, in a run that did not come to its end, gets the same replacement. */
function erasureOf(found: Found, persons: Persons, keyColumn: string, state: State, warehouse: string): Erasure {
  const key = suppressionKey(warehouse);
  const known = new Map(suppressedList(state).map((entry) => [`${entry.system} ${entry.hash}`, entry]));
  const kept = new Set(
    Object.values(persons.tables)
      .flatMap((rules) => (Array.isArray(rules) ? rules : [rules]))
      .filter((rule) => rule.keep)
      .map((rule) => rule.system),
  );
  const before = found.ids.flatMap(({ system, id }) => known.get(`${system} ${keyedHash(key, id)}`) ?? []);
  const alias = before[0]?.alias ?? aliasAddress();
  const ids = found.ids.map(({ system, id }) => ({
    system,
    id,
    replacement:
      known.get(`${system} ${keyedHash(key, id)}`)?.replacement ??
      (id.includes("@") ? alias : kept.has(system) ? id : pseudonymOf(id)),
  }));
  const newKey =
    persons.identities === undefined
      ? ids[0]!.replacement
      : (known.get(`${OWN_KEY} ${keyedHash(key, found.keys[0]!)}`)?.replacement ?? pseudonymOf(found.keys[0]!));
  const values = found.values.filter(
    (value) => !ids.some(({ id, replacement }) => id === replacement && id.toLowerCase() === value.toLowerCase()),
  );
  return { persons, keys: found.keys, newKey, ids, alias, values, keyColumns: [keyColumn] };
}
