/** Opens a project, which is what CLI, API and notebooks call. */
import { resolve } from "node:path";
import { phrase, TesseraError } from "../../engine/errors/index.ts";
import { required } from "../../engine/lookup.ts";
import { resolveModel } from "../../engine/model/resolve-model.ts";
import type { ProjectSpec, RoleSpec } from "../../engine/model/project.ts";
import type { Query, Result } from "../../engine/model/query.ts";
import type { Engine } from "../../engine/query/answer/engine.ts";
import { parquet } from "../../engine/query/exports/parquet.ts";
import { catalogView } from "../../engine/query/inspect/catalog-view.ts";
import { warehouseProblems } from "../../engine/query/inspect/check-warehouse.ts";
import { drill } from "../../engine/query/inspect/drill.ts";
import { drillthrough } from "../../engine/query/inspect/drillthrough.ts";
import { explain } from "../../engine/query/inspect/explain.ts";
import { memberList } from "../../engine/query/inspect/member-list.ts";
import { members } from "../../engine/query/inspect/members.ts";
import { segmentSize } from "../../engine/query/inspect/segment-size.ts";
import { rollupDefinitions } from "../../engine/rollup/index.ts";
import type { Manifest } from "../../engine/warehouse/index.ts";
import type { RunOptions } from "../../engine/warehouse/serving.ts";
import { catalogOf, inEnvironment, loadConfig, warehouseFolder } from "../declare/config.ts";
import { jobsOf, tablesOf } from "../declare/project-parts.ts";
import { dataAge } from "./data-age.ts";
import { cubeTables, lineage, tablesBehind } from "./lineage.ts";
import { minedAnswers } from "./mined-answers.ts";
import { noted, openShadows, translated } from "./noted-answers.ts";
import { openVersions, type ServedVersion } from "./open-versions.ts";
import type { OpenOptions, OpenProject, QueryOptions } from "./opened-project.ts";
import { openUsageLog } from "./usage-log.ts";
import { runSql } from "./warehouse-sql.ts";

export type { DrillthroughRequest } from "../../engine/query/language/drill-request.ts";
export type { Explanation } from "../../engine/query/inspect/explain.ts";
export type { QueryOptions, Provenance, OpenProject, QueryMethod, OpenOptions } from "./opened-project.ts";

/** A version with data. */
type LoadedVersion = ServedVersion & { readonly manifest: Manifest };

const isLoaded = (served: ServedVersion): served is LoadedVersion => served.manifest !== null;

const runOptions = ({ signal, timeoutMs }: QueryOptions): RunOptions => ({
  ...(signal && { signal }),
  ...(timeoutMs !== undefined && { timeoutMs }),
});

const noRows = (): number => 0;

/**
 * Opens the project of a folder (untyped), or an imported config (typed). It serves the current version and follows the
 * pointer.
 * @throws TesseraError for a config that cannot be read, or an invalid model
 * @example const project = await openProject("./shop");
 */
export async function openProject(folder: string, options?: OpenOptions): Promise<OpenProject>;
export async function openProject<const P extends ProjectSpec>(
  config: P,
  options?: OpenOptions & { readonly folder?: string },
): Promise<OpenProject<P>>;
export async function openProject(
  project: string | ProjectSpec,
  openOptions: OpenOptions & { readonly folder?: string } = {},
): Promise<OpenProject> {
  const folder = resolve(typeof project === "string" ? project : (openOptions.folder ?? "."));
  const spec = typeof project === "string" ? await loadConfig(folder) : inEnvironment(project);
  const catalog = openOptions.despiteProblems ? resolveModel(spec).catalog : catalogOf(spec);
  const warehouse = warehouseFolder(spec, folder);
  const versions = await openVersions({ spec, catalog, warehouse, options: openOptions });
  const usage = openUsageLog(warehouse);
  const shadows = openShadows(usage, openOptions.shadow);
  let isClosed = false;

  const loaded = (options: QueryOptions = {}): LoadedVersion => {
    const served = versions.at(options.version);
    if (isLoaded(served)) return served;
    throw new TesseraError("no-version", "nothing has been loaded yet", {
      place: warehouse,
      remedy: { action: "load" },
    });
  };

  /** The engine with the rights of the caller's role. */
  const engineFor = (options: QueryOptions, right: NonNullable<RoleSpec["may"]>[number]): Engine => {
    const { engine } = loaded(options);
    const { role } = options;
    if (role === undefined) return engine;
    const restricted = engine.as(role);
    if (!(spec.roles?.[role]?.may ?? ["query"]).includes(right))
      throw new TesseraError("forbidden", phrase`role ${role} may not ${right}`, {
        place: `role ${role}`,
        remedy: phrase`ask the project's author to grant it: may: ["${right}"]`,
      });
    return restricted;
  };

  const lineageOptions = (options: QueryOptions): Parameters<typeof lineage>[1] => {
    const { serving, manifest } = loaded(options);
    return { catalog, serving, warehouse, version: manifest.version, jobs: jobsOf(spec), tables: tablesOf(spec) };
  };

  const query = async (question: unknown, options: QueryOptions = {}): Promise<Result> => {
    const engine = engineFor(options, "query");
    const result = await noted(usage, {
      kind: "query",
      question,
      options,
      rows: (found: Result) => found.rows.length,
      work: () => engine.query(question, runOptions(options)),
    });
    shadows.compare(engine, question as Query, result, options);
    return result;
  };

  const exported = (question: Query, options: QueryOptions, work: () => Promise<Uint8Array>): Promise<Uint8Array> =>
    noted(usage, { kind: "export", question, options, rows: noRows, work });

  return {
    spec,
    folder,
    warehouse,
    get warnings() {
      return versions.current.warnings;
    },
    refresh: versions.refresh,
    catalog: (options = {}) => {
      const { view, engine } = versions.at(options.version);
      return options.role === undefined ? view : catalogView(engine.as(options.role));
    },
    modelProblems: () => {
      const { engine } = versions.at();
      return [...rollupDefinitions(catalog, engine.binding).problems, ...warehouseProblems(engine)];
    },
    manifest: (options) => loaded(options).manifest,
    note: usage.add,
    query,
    arrow: (question, options = {}) =>
      exported(question, options, async () => {
        const { arrow } = await import("../../engine/query/exports/arrow.ts");
        return arrow(engineFor(options, "export"), question, runOptions(options));
      }),
    parquet: (question, options = {}) =>
      exported(question, options, () => parquet(engineFor(options, "export"), question, runOptions(options))),
    explain: async (question, options = {}) => {
      const engine = engineFor(options, "query");
      const explanation = await translated(explain(engine, question, runOptions(options)));
      const { cubes } = engine.context("as_is", null, engine.now()).plan.catalog;
      const roots = explanation.cubes.flatMap((name) => cubeTables(required(cubes, name, "cube")));
      return { ...explanation, tables: await tablesBehind(roots, lineageOptions(options)) };
    },
    lineage: async (member, options = {}) =>
      translated(lineage(member, { ...lineageOptions(options), catalog: engineFor(options, "query").catalog })),
    dataAge: async (options = {}) => translated(dataAge(engineFor(options, "query"), lineageOptions(options))),
    drillthrough: (question, options = {}) =>
      noted(usage, {
        kind: "drillthrough",
        question,
        options,
        rows: (found: Result) => found.rows.length,
        work: () => drillthrough(engineFor(options, "query"), question, runOptions(options)),
      }),
    drill: (request, options = {}) => drill(engineFor(options, "query"), request),
    members: async (member, request = {}, options = {}) =>
      translated(members(engineFor(options, "query"), member, request, runOptions(options))),
    segmentSize: async (rule, options = {}) =>
      translated(segmentSize(engineFor(options, "segment"), rule, runOptions(options))),
    memberList: async (rule, attributes, options = {}) =>
      translated(memberList(engineFor(options, "segment"), rule, attributes, runOptions(options))),
    ...minedAnswers(engineFor, runOptions),
    async sql(statement, parameters = [], options = {}) {
      // a statement is not restricted by the row rules of a role
      if (options.role !== undefined)
        throw new TesseraError("forbidden", phrase`role ${options.role} may query cubes, not tables`, {
          place: `role ${options.role}`,
        });
      return runSql(loaded(options).serving, statement, parameters, runOptions(options));
    },
    async load(jobs, options = {}) {
      const { runLoad } = await import("../run/run-load.ts");
      const run = await runLoad({ ...options, folder, ...(jobs && { jobs }) });
      await versions.refresh();
      return run;
    },
    async mine(models, options = {}) {
      const { runMine } = await import("../mine/run-mine.ts");
      const summary = await runMine({ ...options, folder, ...(models && { models }) });
      await versions.refresh();
      return summary;
    },
    async close() {
      if (isClosed) return;
      isClosed = true;
      await shadows.settled();
      usage.close();
      await versions.close();
    },
  };
}
