/** Lineage: from a member back through the star to jobs, sources, columns and loads. */
import { present, required } from "../../engine/lookup.ts";
import { sourceName } from "../declare/column.ts";
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

/** The load that last changed a table. */
export interface LoadBehind {
  /** id of the load */
  readonly run: string;
  readonly finishedAt: string;
  readonly version: number;
  readonly read: number;
  readonly written: number;
}

/** A table behind a member. */
export interface LineageTable {
  readonly name: string;
  /** tables that it is built from; empty for a loaded one */
  readonly from: readonly string[];
  /** of a loaded table: the job that fills it */
  readonly job?: {
    readonly name: string;
    readonly title: string;
    readonly source: string;
    readonly kind: string;
    /** table, file pattern or path in the source */
    readonly extract: string;
    /** column in the warehouse -> its name in the source */
    readonly columns: Readonly<Record<string, string>>;
  };
  /** the newest load up to the asked version that changed the table; null if it is older than the kept runs */
  readonly load?: LoadBehind | null;
}

/** The lineage of a member. */
export interface Lineage {
  readonly member: string;
  /** of a measure: the aggregates it consists of */
  readonly measures: readonly string[];
  /** the tables it is read from, followed by the tables those are built from */
  readonly tables: readonly LineageTable[];
}

/** What lineage needs. */
interface LineageOptions {
  readonly catalog: Catalog;
  readonly serving: Serving;
  readonly warehouse: string;
  readonly version: number;
  readonly jobs: readonly Job[];
  readonly tables: readonly Table[];
}

/** The lineage of a measure or attribute. @throws TesseraError `unknown-member` */
export async function lineage(member: string, options: LineageOptions): Promise<Lineage> {
  const { catalog } = options;
  const measures = catalog.measures.has(member) ? baseMeasures(catalog, member) : [];
  const roots =
    measures.length > 0
      ? measures.flatMap((measure) => {
          const { cube } = required(catalog.measures, measure, "measure");
          return cubeTables(required(catalog.cubes, cube, "cube"));
        })
      : attributeTables(catalog, member);
  return { member, measures, tables: await tablesBehind(roots, options) };
}

/** The tables behind the given ones, each after the table it feeds. */
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

/** Where lineage begins: a table, or a select. */
export type Root = { readonly table: string } | { readonly sql: string; readonly place: string };

/** The tables of a cube. */
export const cubeTables = ({ name, spec }: CubeNode): Root[] => [rootOf(spec, `cube ${name}`)];

const rootOf = (
  { table, sql }: { readonly table?: string | undefined; readonly sql?: string | undefined },
  place: string,
): Root => (table !== undefined ? { table } : { sql: present(sql, `select of ${place}`), place });

/** The tables of an attribute or role. @throws TesseraError `unknown-member` */
export function attributeTables(catalog: Catalog, member: string): Root[] {
  const [owner = "", name] = member.split(".");
  const cube = catalog.cubes.get(owner);
  if (cube && name !== undefined && cube.attributes.has(name)) return cubeTables(cube);
  const role = catalog.roles.get(owner);
  const attribute = name === undefined ? undefined : role?.dimension.attributes.get(name);
  if (!role || (name !== undefined && !attribute)) {
    const known = [...catalog.measures.keys(), ...attributeMembers(catalog)];
    throw new TesseraError("unknown-member", phrase`member "${member}" not found${didYouMean(member, known)}`, {
      place: member,
      remedy: { action: "list-members" },
    });
  }
  const { spec } = role.dimension;
  if (spec.kind === "date") return []; // a calendar is computed
  if (attribute?.source.t === "label") return [{ table: attribute.source.table }];
  let dimension: Dimension = spec;
  const roots = [rootOf(dimension, `dimension ${dimension.name}`)];
  const path = attribute?.source.t === "reference" ? attribute.source.path : [];
  for (const step of path) {
    dimension = present(dimension.references?.[step], `reference ${step}`).to;
    roots.push(rootOf(dimension, `dimension ${dimension.name}`));
  }
  return roots;
}

function jobOf(job: Job): NonNullable<LineageTable["job"]> {
  const { extract } = job;
  const columns = Object.fromEntries(
    Object.entries(job.columns ?? {}).map(([name, column]) => [name, sourceName(name, column)]),
  );
  return {
    name: job.name,
    title: job.title ?? job.name,
    source: job.source.name,
    kind: job.source.kind,
    extract: extractName(extract),
    columns,
  };
}

function extractName(extract: Job["extract"]): string {
  if ("table" in extract) return extract.table;
  if ("file" in extract) return extract.file;
  return "path" in extract ? extract.path : "a query";
}

function lastLoad(state: ReturnType<typeof openState>, steps: readonly string[], version: number): LoadBehind | null {
  const row = state
    .prepare(
      `SELECT s.run, s.finished_at AS finishedAt, r.version, s.read, s.added + s.updated AS written
       FROM steps AS s JOIN runs AS r ON r.id = s.run
       WHERE s.name IN (${steps.map(() => "?").join(", ")})
         AND r.status = 'published' AND r.version <= ? AND s.status = 'done'
         AND (s.kind = 'table' OR s.added + s.updated + s.deleted + s.removed > 0)
       ORDER BY r.version DESC LIMIT 1`,
    )
    .get(...steps, version) as LoadBehind | undefined;
  return row ?? null;
}
