/** Opens the engine of one data version: reads once what planning needs to know. */
import { at } from "../../lookup.ts";
import { readRollups } from "./served-rollups.ts";
import { parseDay, type Day } from "../../model/time/calendar.ts";
import type { ColumnType } from "../../model/column-type.ts";
import type { Catalog } from "../../model/catalog.ts";
import { columnTypeOf } from "../../warehouse/column-types.ts";
import type { Serving } from "../../warehouse/serving.ts";
import { rollupDefinitions } from "../rollup/definition.ts";
import { answering } from "./answering.ts";
import { makeBinding, type Binding } from "../binding/binding.ts";
import { ownerOfSql } from "../binding/owner.ts";
import { readSpans } from "../binding/fact-spans.ts";
import { describeFragments } from "../binding/fragment-types.ts";
import { namedByRole, readNamedMembers } from "../scan/read-named-members.ts";
import type { Engine, VersionFacts } from "./engine.ts";

const noSegment = (): never => {
  throw new Error("labels name no segment");
};
/** Opens a version. */
export async function openEngine(options: EngineOptions): Promise<Engine> {
  const { catalog, serving } = options;
  const bare = makeBinding(catalog, await describeAll(catalog, serving), await describeFragments(catalog, serving));
  const named = await readNamedMembers(
    catalog,
    {
      catalog,
      binding: bare,
      history: "as_is",
      timeZone: null,
      rules: [],
      visible: catalog,
      segmentKeys: noSegment,
      ruleSegment: noSegment,
    },
    serving,
  );
  const binding: Binding = Object.freeze({ ...bare, named });
  const { definitions } = rollupDefinitions(catalog, binding);
  const [spanOf, rollups] = await Promise.all([
    readSpans(catalog, binding, serving),
    readRollups(serving, definitions),
  ]);
  const latest = latestDay(catalog, spanOf, options.today());
  const now = (): Day => {
    const setting = catalog.project.now ?? "clock";
    if (setting === "latest") return latest;
    return setting === "clock" ? options.today() : (parseDay(setting) ?? options.today());
  };

  const facts: VersionFacts = {
    catalog,
    binding,
    serving,
    now,
    spanOf,
    rollups: rollups.built,
    unusable: rollups.unusable,
    ...(options.maxRows !== undefined && { maxRows: options.maxRows }),
  };
  return answering(
    {
      ...facts,
      namedBy: await namedByRole(
        catalog,
        (role) => answering(facts, role).context("as_is", null, now()).plan,
        named,
        serving,
      ),
    },
    null,
  );
}

/** The columns of all tables, and of every `sql` that a cube or dimension reads. */
async function describeAll(catalog: Catalog, serving: Serving): Promise<Map<string, ReadonlyMap<string, ColumnType>>> {
  const typed = (columns: Iterable<readonly [string, string]>): ReadonlyMap<string, ColumnType> =>
    new Map([...columns].map(([name, type]) => [name, columnTypeOf(type)]));
  const columns = new Map([...serving.columns].map(([table, own]) => [table, typed(own)]));
  const described = async (owner: string, sql: string): Promise<void> => {
    try {
      const read = await serving.run(`SELECT * FROM (${sql}) LIMIT 0`);
      columns.set(
        owner.toLowerCase(),
        typed(read.names.map((name, i) => [name.toLowerCase(), at(read.types, i)] as const)),
      );
    } catch {
      /* reported by the model check, and by the query that needs it */
    }
  };
  for (const cube of catalog.cubes.values())
    if (cube.spec.sql !== undefined) await described(ownerOfSql("cube", cube.name), cube.spec.sql);
  for (const dimension of catalog.dimensions.values())
    if (dimension.spec.kind === "dimension" && dimension.spec.sql !== undefined)
      await described(ownerOfSql("dimension", dimension.name), dimension.spec.sql);
  return columns;
}

/** The day of the newest fact, without Tessera's own records and without the future. */
function latestDay(catalog: Catalog, spanOf: Engine["spanOf"], today: Day): Day {
  const days = [...catalog.cubes.values()].flatMap((cube) => {
    if (cube.dateRole === null || cube.spec.table?.startsWith("tessera_")) return [];
    const span = spanOf(cube.name, cube.dateRole);
    return span && span.until <= today ? [span.until] : [];
  });
  return days.length > 0 ? Math.max(...days) : today;
}

/** What a version is opened with. */
export interface EngineOptions {
  readonly catalog: Catalog;
  readonly serving: Serving;
  /** the clock's day, for a project whose `now` is "clock"; "latest" is never later */
  readonly today: () => Day;
  readonly maxRows?: number;
}
