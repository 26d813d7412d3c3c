/** The open versions of a warehouse: serves the current one and follows the pointer. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { phrase, TesseraError, type Problem } from "../../engine/errors/index.ts";
import { today } from "../../engine/model/time/clock.ts";
import type { Catalog } from "../../engine/model/catalog.ts";
import type { CatalogView } from "../../engine/model/catalog-view.ts";
import type { ProjectSpec } from "../../engine/model/project.ts";
import type { Engine } from "../../engine/query/answer/engine.ts";
import { openEngine } from "../../engine/query/answer/open-engine.ts";
import { catalogView } from "../../engine/query/inspect/catalog-view.ts";
import { currentVersion, readPointer, type Manifest } from "../../engine/warehouse/index.ts";
import { openFiles, openServing, type Serving } from "../../engine/warehouse/serving.ts";
import { ROLLUPS } from "../build/build-rollups.ts";
import type { OpenOptions } from "./opened-project.ts";

/** An open version. */
export interface ServedVersion {
  /** null before the first load */
  readonly manifest: Manifest | null;
  readonly serving: Serving;
  readonly engine: Engine;
  readonly view: CatalogView;
  /** why this is not the version that the pointer names */
  readonly warnings: readonly Problem[];
}

/** The open versions. */
export interface OpenVersions {
  readonly current: ServedVersion;
  /** the version, or the current one; looks at the pointer now and then. @throws TesseraError `version-gone` */
  at(version?: number): ServedVersion;
  /** opens the version that the pointer names, if it is another one; queries use the old one until then */
  refresh(): Promise<void>;
  close(): Promise<void>;
}

/** What opening versions needs. */
export interface VersionsOptions {
  readonly spec: ProjectSpec;
  readonly catalog: Catalog;
  /** folder of the warehouse */
  readonly warehouse: string;
  readonly options: OpenOptions;
}

/** Milliseconds between two looks at the pointer. */
const LOOK_EVERY = 250;
/** Versions that stay open, so that a page can go on reading an earlier one. */
const VERSIONS_OPEN = 3;

/** Opens the current version. @throws TesseraError for a warehouse that cannot be read */
export async function openVersions(context: VersionsOptions): Promise<OpenVersions> {
  const { warehouse } = context;
  const temporary = mkdtempSync(join(tmpdir(), "tessera-"));
  const open = new Map<number | null, ServedVersion>();
  // the pointer that was last followed: a damaged version is replaced by another, and not opened again and again
  let followed = readPointer(warehouse) ?? null;
  let current = await openCurrent();
  let isClosed = false;
  let lookedAt = Date.now();
  let opening: Promise<void> | null = null;
  open.set(current.manifest?.version ?? null, current);

  async function openCurrent(): Promise<ServedVersion> {
    const found = await currentVersion(warehouse);
    return serve(context, temporary, found?.manifest ?? null, found?.warnings ?? []);
  }

  async function follow(pointer: number): Promise<void> {
    const next = open.get(pointer) ?? (await openCurrent());
    followed = pointer;
    const version = next.manifest?.version ?? null;
    if (open.get(version) !== next) void open.get(version)?.serving.close();
    open.delete(version);
    open.set(version, next);
    current = next;
    for (const [oldest, served] of open) {
      if (open.size <= VERSIONS_OPEN) break;
      if (served === current) continue;
      open.delete(oldest);
      void served.serving.close();
    }
  }

  function refresh(): Promise<void> {
    lookedAt = Date.now();
    if (opening) return opening;
    const pointer = readPointer(warehouse) ?? null;
    if (pointer === followed || pointer === null) return Promise.resolve();
    opening = follow(pointer).finally(() => {
      opening = null;
    });
    return opening;
  }

  return {
    get current() {
      return current;
    },
    refresh,
    at: (version) => {
      if (isClosed) throw new TesseraError("version-gone", "the project is closed");
      if (version !== undefined) {
        const served = open.get(version);
        if (served) return served;
        throw new TesseraError("version-gone", phrase`version ${version} is no longer open`, {
          remedy: "leave the version out: the current one answers",
        });
      }
      // the old version stays in use when the new one fails to open; the next look tries again
      if (Date.now() - lookedAt > LOOK_EVERY) refresh().catch(() => undefined);
      return current;
    },
    close: async () => {
      isClosed = true;
      await opening;
      await Promise.all([...open.values()].map((served) => served.serving.close()));
      rmSync(temporary, { recursive: true, force: true });
    },
  };
}

async function serve(
  { spec, catalog, warehouse, options }: VersionsOptions,
  temporary: string,
  manifest: Manifest | null,
  warnings: readonly Problem[],
): Promise<ServedVersion> {
  const { connections, clock = () => new Date() } = options;
  const memoryLimit = options.memoryLimit ?? spec.warehouse.memoryLimit;
  const threads = options.threads ?? spec.warehouse.threads;
  const settings = {
    quick: ROLLUPS,
    tempDirectory: join(temporary, `v${manifest?.version ?? 0}`),
    ...(memoryLimit && { memoryLimit }),
    ...(threads && { threads }),
    ...(connections && { connections }),
  };
  const serving =
    manifest === null ? await openFiles([], null, settings) : await openServing(warehouse, manifest, settings);
  try {
    const engine = await openEngine({ catalog, serving, today: () => today(undefined, clock()) });
    return { manifest, serving, engine, view: catalogView(engine), warnings };
  } catch (error) {
    await serving.close();
    throw error;
  }
}
