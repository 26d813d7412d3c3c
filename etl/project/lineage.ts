/** From a measure or attribute back through the star to the jobs, their sources and columns, and the loads that filled them. */
import { TesseraError, didYouMean, phrase } from "../../engine/errors/index.ts";
import type { Catalog, CubeNode } from "../../engine/model/catalog.ts";
import type { Dimension } from "../../engine/model/dimension.ts";
import { baseMeasures } from "../../engine/query/inspect/formula-text.ts";
import { attributeMembers } from "../../engine/query/binding/member.ts";
import { openState } from "../../engine/warehouse/index.ts";
import type { Serving } from "../../engine/warehouse/serving.ts";
import { compileTable } from "../build/build-table.ts";
import { tablesRead } from "../build/table-names.ts";
import type { Job } from "../declare/job.ts";
import type { Table } from "../declare/table.ts";

export interface LoadBehind {
  /** id of the run, for `tessera loads ID` */
  readonly run: string;
  readonly finishedAt: string;
  readonly version: number;
  readonly read: number;
  readonly written: number;
}

export interface LineageTable {
  readonly name: string;
  /** tables that this one is built from; empty for a loaded one */
  readonly from: readonly string[];
  /** of a loaded table: what fills it */
  readonly job?: {
    readonly name: string;
    readonly title: string;
    readonly source: string;
    readonly kind: string;
    readonly extract: string /** warehouse column -> the source's name for it */;
    readonly columns: Readonly<Record<string, string>>;
  };
  /** the newest load up to the version asked for that changed the table; null: before the history that is kept */
  readonly load?: LoadBehind | null;
}

export interface Lineage {
  readonly member: string;
  /** aggregates that it comes down to, for a measure */
  readonly measures: readonly string[];
  /** the tables it is read from, then what those are built from, down to the loaded ones */
  readonly tables: readonly LineageTable[];
}

interface LineageOptions {
  readonly catalog: Catalog;
  readonly serving: Serving;
  readonly warehouse: string;
  readonly version: number;
  readonly jobs: readonly Job[];
  readonly tables: readonly Table[];
}

/** @throws TesseraError `unknown-member` */
export async function lineage(member: string, options: LineageOptions): Promise<Lineage> {
  const { catalog } = options;
  const measures = catalog.measures.has(member) ? baseMeasures(catalog, member) : [];
  const roots =
    measures.length > 0
      ? measures.flatMap((m) => cubeTables(catalog.cubes.get(catalog.measures.get(m)!.cube)!))
      : attributeTables(catalog, member);
  return { member, measures, tables: await tablesBehind(roots, options) };
}

/** Tables from the given ones down to the loaded ones, each after what it feeds. */
export async function tablesBehind(roots: readonly Root[], options: LineageOptions): Promise<readonly LineageTable[]> {
  const found = new Map<string, LineageTable>();
  const jobs = new Map<string, Job[]>();
  for (const job of options.jobs) jobs.set(job.into.table, [...(jobs.get(job.into.table) ?? []), job]);
  const built = new Map(options.tables.map((table) => [table.name, table]));
  const state = openState(options.warehouse);
  try {
    await options.serving.using(async (connection) => {
      const read = async (sql: string, place: string): Promise<string[]> => [
        ...(await tablesRead(connection, sql, place)),
      ];
      const visit = async (name: string): Promise<void> => {
        if (found.has(name)) return;
        const table = built.get(name);
        const loaded = jobs.get(name) ?? [];
        const from = table ? (await read(compileTable(table).sql, `table ${name}`)).filter((t) => t !== name) : [];
        const steps = table ? [name] : loaded.map((job) => job.name);
        const [job] = loaded;
        found.set(name, {
          name,
          from,
          ...(!table && job && { job: jobOf(job) }),
          ...(steps.length > 0 && { load: lastLoad(state, steps, options.version) }),
        });
        for (const next of from) await visit(next);
      };
      for (const root of roots)
        for (const name of "table" in root ? [root.table] : await read(root.sql, root.place)) await visit(name);
    });
  } finally {
    state.close();
  }
  return [...found.values()];
}

export type Root = { readonly table: string } | { readonly sql: string; readonly place: string };

export const cubeTables = (cube: CubeNode): Root[] => [
  cube.spec.table !== undefined ? { table: cube.spec.table } : { sql: cube.spec.sql!, place: `cube ${cube.name}` },
];

export function attributeTables(catalog: Catalog, member: string): Root[] {
  const [owner, name] = member.split(".") as [string, string | undefined];
  const cube = catalog.cubes.get(owner);
  if (cube && name !== undefined && cube.attributes.has(name)) return cubeTables(cube);
  const role = catalog.roles.get(owner);
  const attribute = name === undefined ? undefined : role?.dimension.attributes.get(name);
  if (!role || (name !== undefined && !attribute))
    throw new TesseraError(
      "unknown-member",
      phrase`unknown member ${member}${didYouMean(member, [...catalog.measures.keys(), ...attributeMembers(catalog)])}`,
      { place: member, remedy: "`tessera query --members` lists them" },
    );
  const { spec } = role.dimension;
  if (spec.kind === "date") return []; // a calendar is computed
  if (attribute?.source.t === "label") return [{ table: attribute.source.table }];
  let at: Dimension = spec;
  const roots: Root[] = [];
  const add = (dimension: Dimension): void => {
    roots.push(
      dimension.table !== undefined
        ? { table: dimension.table }
        : { sql: dimension.sql!, place: `dimension ${dimension.name}` },
    );
  };
  add(at);
  if (attribute?.source.t === "reference")
    for (const step of attribute.source.path) {
      at = at.references![step]!.to;
      add(at);
    }
  return roots;
}

function jobOf(job: Job): NonNullable<LineageTable["job"]> {
  const { extract } = job;
  const where =
    "table" in extract
      ? extract.table
      : "file" in extract
        ? extract.file
        : "path" in extract
          ? extract.path
          : "a query";
  const columns = Object.fromEntries(
    Object.entries(job.columns ?? {}).map(([name, column]) => [
      name,
      typeof column === "string" ? name : (column.from ?? name),
    ]),
  );
  return {
    name: job.name,
    title: job.title ?? job.name,
    source: job.source.name,
    kind: job.source.kind,
    extract: where,
    columns,
  };
}

function lastLoad(state: ReturnType<typeof openState>, steps: readonly string[], version: number): LoadBehind | null {
  const row = state
    .prepare(
      `SELECT s.run, s.finished_at, r.version, s.read, s.added, s.updated FROM steps AS s JOIN runs AS r ON r.id = s.run
     WHERE s.name IN (${steps.map(() => "?").join(", ")}) AND r.status = 'published' AND r.version <= ? AND s.status = 'done' AND (s.kind = 'table' OR s.added + s.updated + s.deleted + s.removed > 0)
     ORDER BY r.version DESC LIMIT 1`,
    )
    .get(...steps, version) as
    | { run: string; finished_at: string; version: number; read: number; added: number; updated: number }
    | undefined;
  return row === undefined
    ? null
    : {
        run: row.run,
        finishedAt: row.finished_at,
        version: row.version,
        read: row.read,
        written: row.added + row.updated,
      };
}
