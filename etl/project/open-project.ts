/** An opened project: what CLI, API and notebooks call. It serves the current version and follows the pointer. */
import { resolve } from "node:path";
import { tmpdir } from "node:os";
import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { TesseraError, phrase } from "../../engine/errors/index.ts";
import { today } from "../../engine/model/time/clock.ts";
import type { Catalog } from "../../engine/model/catalog.ts";
import { resolveModel } from "../../engine/model/resolve-model.ts";
import type { CatalogView } from "../../engine/model/catalog-view.ts";
import type { ProjectSpec, RoleSpec } from "../../engine/model/project.ts";
import { catalogView } from "../../engine/query/inspect/catalog-view.ts";
import { drill } from "../../engine/query/inspect/drill.ts";
import { drillthrough } from "../../engine/query/inspect/drillthrough.ts";
import type { Engine } from "../../engine/query/answer/engine.ts";
import { openEngine } from "../../engine/query/answer/open-engine.ts";
import { explain } from "../../engine/query/inspect/explain.ts";
import { memberList } from "../../engine/query/inspect/member-list.ts";
import { members } from "../../engine/query/inspect/members.ts";
import { parquet } from "../../engine/query/exports/parquet.ts";
import type { Column, Query, Result, Value } from "../../engine/model/query.ts";
import { shadow } from "../../engine/query/answer/shadow.ts";
import { warehouseProblems } from "../../engine/query/inspect/check-warehouse.ts";
import { segmentSize } from "../../engine/query/inspect/segment-size.ts";
import { rollupDefinitions } from "../../engine/rollup/index.ts";
import { attributeTypeOf } from "../../engine/query/binding/binding.ts";
import { currentVersion, readPointer, type Manifest } from "../../engine/warehouse/index.ts";
import { openFiles, openServing, type RunOptions, type Serving } from "../../engine/warehouse/serving.ts";
import type { Problem } from "../../engine/errors/index.ts";
import { ROLLUPS } from "../build/build-rollups.ts";
import { cubeTables, lineage, tablesBehind } from "./lineage.ts";
import { jobsOf, tablesOf } from "../declare/validate.ts";
import { membersOf, openUsageLog } from "./usage-log.ts";
import { asUserError } from "../declare/user-error.ts";
import { catalogOf, loadConfig, warehouseFolder, inEnvironment } from "../declare/config.ts";
import type { QueryOptions, OpenProject, OpenOptions } from "./opened-project.ts";

export type { DrillthroughRequest } from "../../engine/query/language/drill-request.ts";
export type { Explanation } from "../../engine/query/inspect/explain.ts";
export type { QueryOptions, Provenance, OpenProject, QueryMethod, OpenOptions } from "./opened-project.ts";

interface Served {
  readonly manifest: Manifest | null;
  readonly serving: Serving;
  readonly engine: Engine;
  readonly view: CatalogView;
  readonly warnings: readonly Problem[];
}

/** How often a request may look at the pointer, in milliseconds. */
const LOOK_EVERY = 250;
/** A version that a page still asks for stays open beside the current one. */
const VERSIONS_OPEN = 3;

/** Opens the project of a folder (untyped), or an imported config (typed). @throws TesseraError for a project that cannot be read or a wrong model */
export async function openProject(folder: string, options?: OpenOptions): Promise<OpenProject>;
export async function openProject<const P extends ProjectSpec>(
  config: P,
  options?: OpenOptions & { readonly folder?: string },
): Promise<OpenProject<P>>;
export async function openProject(
  project: string | ProjectSpec,
  openOptions: OpenOptions & { readonly folder?: string } = {},
): Promise<OpenProject> {
  const options = openOptions;
  const folder = resolve(typeof project === "string" ? project : (options.folder ?? "."));
  const spec = typeof project === "string" ? await loadConfig(folder) : inEnvironment(project);
  const catalog = openOptions.despiteProblems ? resolveModel(spec).catalog : catalogOf(spec);
  const warehouse = warehouseFolder(spec, folder);
  const clock = options.clock ?? (() => new Date());
  const temporary = mkdtempSync(join(tmpdir(), "tessera-"));
  const open = new Map<number | null, Served>();
  // what the pointer named when it was last followed: a damaged version is served by another, and not looked at again and again
  let pointed = readPointer(warehouse) ?? null;
  let current = await openCurrent();
  let closed = false;
  let looked = Date.now();
  let opening: Promise<void> | null = null;
  open.set(current.manifest?.version ?? null, current);

  async function openCurrent(): Promise<Served> {
    const found = await currentVersion(warehouse);
    return serve(catalog, warehouse, found?.manifest ?? null, found?.warnings ?? [], temporary, clock, spec, options);
  }

  /** Opens the version that the pointer names, if it is another one; queries go on with the old one until then. */
  function refresh(): Promise<void> {
    looked = Date.now();
    if (opening) return opening;
    const pointer = readPointer(warehouse) ?? null;
    if (pointer === pointed || pointer === null) return Promise.resolve();
    opening = (async () => {
      const known = open.get(pointer);
      const next = known ?? (await openCurrent());
      pointed = pointer;
      const at = next.manifest?.version ?? null;
      if (open.get(at) !== next) void open.get(at)?.serving.close();
      open.delete(at);
      open.set(at, next);
      current = next;
      while (open.size > VERSIONS_OPEN) {
        const [oldest, served] = [...open].find(([, s]) => s !== current)!;
        open.delete(oldest);
        void served.serving.close();
      }
    })().finally(() => {
      opening = null;
    });
    return opening;
  }

  const at = ({ version }: QueryOptions = {}): Served => {
    if (closed) throw new TesseraError("version-gone", "the project is closed");
    if (version !== undefined) {
      const served = open.get(version);
      if (!served)
        throw new TesseraError("version-gone", phrase`version ${version} is not open any more`, {
          remedy: "leave the version out; the current one answers",
        });
      return served;
    }
    if (Date.now() - looked > LOOK_EVERY)
      refresh().catch(() => {
        /* the old version goes on; the next look tries again */
      });
    return current;
  };
  const loaded = (options: QueryOptions = {}): Served => {
    const served = at(options);
    if (served.manifest === null)
      throw new TesseraError("no-version", "nothing has been loaded yet", {
        place: warehouse,
        remedy: "run `tessera load`",
      });
    return served;
  };
  /** The engine as the caller may see it. */
  const asked = (options: QueryOptions, action: NonNullable<RoleSpec["may"]>[number]): Engine => {
    const { engine } = loaded(options);
    if (options.role === undefined) return engine;
    const seen = engine.as(options.role);
    if (!(spec.roles![options.role]!.may ?? ["query"]).includes(action))
      throw new TesseraError("forbidden", phrase`role ${options.role} may not ${action}`, {
        place: `role ${options.role}`,
        remedy: phrase`the project's author grants it: may: ["${action}"]`,
      });
    return seen;
  };
  const behind = (options: QueryOptions): Parameters<typeof lineage>[1] => {
    const { serving, manifest } = loaded(options);
    return { catalog, serving, warehouse, version: manifest!.version, jobs: jobsOf(spec), tables: tablesOf(spec) };
  };
  const run = (options: QueryOptions): RunOptions => ({
    ...(options.signal && { signal: options.signal }),
    ...(options.timeoutMs !== undefined && { timeoutMs: options.timeoutMs }),
  });
  const usage = openUsageLog(warehouse);
  /** Answers and notes who asked for what: names of members, never values. */
  const noted = async <T>(
    kind: string,
    query: unknown,
    options: QueryOptions,
    rows: (answer: T) => number,
    work: () => Promise<T>,
  ): Promise<T> => {
    if (options.unnoted) return explained(work());
    const started = performance.now();
    const entry = {
      caller: options.caller ?? options.role ?? "owner",
      kind,
      members: membersOf(query as Partial<Query>),
    };
    try {
      const answer = await work();
      usage.add({ ...entry, milliseconds: performance.now() - started, rows: rows(answer), status: "ok" });
      return answer;
    } catch (error) {
      const known = asUserError(error);
      usage.add({
        ...entry,
        milliseconds: performance.now() - started,
        rows: 0,
        status: known instanceof TesseraError ? known.code : "bug",
      });
      throw known;
    }
  };
  let answers = 0;
  const shadows = new Set<Promise<void>>();
  /** The answer is not kept waiting, and a second opinion that fails is no fault of the answer. */
  const shadowed = async (engine: Engine, query: Query, result: Result, options: QueryOptions): Promise<void> => {
    const differences = await shadow(engine, query, result).catch(() => []);
    if (differences.length === 0) return;
    usage.add({
      caller: options.caller ?? options.role ?? "owner",
      kind: "shadow",
      members: membersOf(query),
      milliseconds: 0,
      rows: differences.length,
      status: "differs",
    });
    openOptions.shadow!.onDifference(query, differences);
  };
  const explained = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } catch (error) {
      throw asUserError(error);
    }
  };
  /** What mining computes at once; its modules are read in when it is first asked for. */
  const mined = <T>(work: (mining: typeof import("../../engine/mining/index.ts")) => Promise<T>): Promise<T> =>
    explained(import("../../engine/mining/index.ts").then(work));

  return {
    spec,
    folder,
    warehouse,
    get warnings() {
      return current.warnings;
    },
    refresh,
    catalog: (options = {}) =>
      options.role === undefined ? at(options).view : catalogView(at(options).engine.as(options.role)),
    modelProblems: () => [
      ...rollupDefinitions(catalog, at().engine.binding).problems,
      ...warehouseProblems(at().engine),
    ],
    manifest: (options) => loaded(options).manifest!,
    note: usage.add,
    async query(query: unknown, options: QueryOptions = {}) {
      const engine = asked(options, "query");
      const result = await noted(
        "query",
        query,
        options,
        (found) => found.rows.length,
        () => engine.query(query, run(options)),
      );
      if (openOptions.shadow && ++answers % openOptions.shadow.oneIn === 0) {
        const again: Promise<void> = shadowed(engine, query as Query, result, options).finally(() =>
          shadows.delete(again),
        );
        shadows.add(again);
      }
      return result;
    },
    arrow: (query, options = {}) =>
      noted(
        "export",
        query,
        options,
        () => 0,
        async () =>
          (await import("../../engine/query/exports/arrow.ts")).arrow(asked(options, "export"), query, run(options)),
      ),
    parquet: (query, options = {}) =>
      noted(
        "export",
        query,
        options,
        () => 0,
        () => parquet(asked(options, "export"), query, run(options)),
      ),
    explain: async (query, options = {}) => {
      const engine = asked(options, "query");
      const explanation = await explained(explain(engine, query, run(options)));
      const roots = explanation.cubes.flatMap((name) =>
        cubeTables(engine.context("as_is", null, engine.now()).plan.catalog.cubes.get(name)!),
      );
      return { ...explanation, tables: await tablesBehind(roots, behind(options)) };
    },
    lineage: async (member, options = {}) =>
      explained(lineage(member, { ...behind(options), catalog: asked(options, "query").catalog })),
    drillthrough: (request, options = {}) =>
      noted(
        "drillthrough",
        request,
        options,
        (result) => result.rows.length,
        () => drillthrough(asked(options, "query"), request, run(options)),
      ),
    drill: (request, options = {}) => drill(asked(options, "query"), request),
    members: async (member, request = {}, options = {}) =>
      explained(members(asked(options, "query"), member, request, run(options))),
    segmentSize: async (rule, options = {}) => explained(segmentSize(asked(options, "segment"), rule, run(options))),
    memberList: async (rule, attributes, options = {}) =>
      explained(memberList(asked(options, "segment"), rule, attributes, run(options))),
    experiment: async (request, options = {}) =>
      mined(async ({ evaluateExperiment }) => evaluateExperiment(asked(options, "query"), request, run(options))),
    allocation: async (request, options = {}) =>
      mined(async ({ allocate }) => allocate(asked(options, "query"), request, run(options))),
    attribution: async (request, options = {}) =>
      mined(async ({ attribute }) => attribute(asked(options, "query"), request)),
    outlook: async (request, options = {}) =>
      mined(async ({ goalOutlook }) => goalOutlook(asked(options, "query"), request, run(options))),
    move: async (request, options = {}) =>
      mined(async ({ explainMove, tellMove, usualDimensions }) => {
        const engine = asked(options, "query");
        const named = {
          ...request,
          dimensions: request.dimensions ?? (await usualDimensions(engine, request.measure, "$", run(options))),
        };
        const move = await explainMove(engine, named, "$", run(options));
        return { ...move, told: tellMove(engine, named, move) };
      }),
    bands: async (request, options = {}) =>
      mined(async ({ expectedBands }) => expectedBands(asked(options, "query"), request, run(options))),
    ruleAudience: async (request, options = {}) =>
      mined(async ({ ruleAudience }) => ruleAudience(asked(options, "segment"), request)),
    drawCampaign: async (plan, options = {}) =>
      mined(async ({ drawCampaign }) => drawCampaign(asked(options, "segment"), plan, run(options))),
    async sql(statement, parameters = [], options = {}) {
      // a statement of our own passes no row rule
      if (options.role !== undefined)
        throw new TesseraError("forbidden", "a role asks questions of cubes, not of tables", {
          place: `role ${options.role}`,
        });
      const typed = parameters.map((value) => ({
        value,
        type:
          typeof value === "number"
            ? Number.isInteger(value)
              ? ("integer" as const)
              : ("double" as const)
            : typeof value === "boolean"
              ? ("boolean" as const)
              : ("text" as const),
      }));
      const read = await explained(loaded(options).serving.run(statement, typed, run(options)));
      const columns = read.names.map((name, i): Column => {
        const type = attributeTypeOf(read.types[i]);
        return { name, type, title: name, kind: type === "number" ? "measure" : "dimension" };
      });
      return {
        columns,
        rows: Array.from({ length: read.rowCount }, (_, r) =>
          Object.fromEntries(read.names.map((name, c) => [name, read.columns[c]![r] as Value])),
        ),
      };
    },
    async load(jobs, options = {}) {
      const { runLoad } = await import("../run/run-load.ts");
      const run = await runLoad({ ...options, folder, ...(jobs && { jobs }) });
      await refresh();
      return run;
    },
    async mine(models, options = {}) {
      const { runMine } = await import("../mine/run-mine.ts");
      const summary = await runMine({ ...options, folder, ...(models && { models }) });
      await refresh();
      return summary;
    },
    async close() {
      if (closed) return;
      closed = true;
      await Promise.all(shadows);
      usage.close();
      await opening;
      await Promise.all([...open.values()].map((served) => served.serving.close()));
      rmSync(temporary, { recursive: true, force: true });
    },
  };
}

async function serve(
  catalog: Catalog,
  warehouse: string,
  manifest: Manifest | null,
  warnings: readonly Problem[],
  temporary: string,
  clock: () => Date,
  spec: ProjectSpec,
  options: OpenOptions,
): Promise<Served> {
  const memoryLimit = options.memoryLimit ?? spec.warehouse.memoryLimit;
  const threads = options.threads ?? spec.warehouse.threads;
  const settings = {
    quick: ROLLUPS,
    tempDirectory: join(temporary, `v${manifest?.version ?? 0}`),
    ...(memoryLimit && { memoryLimit }),
    ...(threads && { threads }),
    ...(options.connections && { connections: options.connections }),
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
