/** Opens the engine of one data version: what is read from it once. */
import { parseDay, type Day } from "../../model/time/calendar.ts";
import type { Catalog } from "../../model/catalog.ts";
import type { Serving } from "../../warehouse/serving.ts";
import { rollupDefinitions, type RollupDefinition } from "../rollup/definition.ts";
import type { BuiltRollup } from "../rollup/fit.ts";
import { answering } from "./answering.ts";
import { makeBinding, type Binding } from "../binding/binding.ts";
import { ownerOfSql } from "../binding/owner.ts";
import { readSpans } from "../binding/fact-spans.ts";
import { describeFragments } from "../binding/fragment-types.ts";
import { namedByRole, readNamedMembers } from "../scan/read-named-members.ts";
import type { Engine, VersionFacts } from "./engine.ts";

const noSegment = (): never => {
  throw new Error("labels need no segment");
};
/** Where a version says which rollups it holds. */
export const ROLLUPS_TABLE = "tessera_rollups";

export async function openEngine(options: EngineOptions): Promise<Engine> {
  const { catalog, serving } = options;
  const bare = makeBinding(catalog, await describeAll(catalog, serving), await describeFragments(catalog, serving));
  const binding: Binding = Object.freeze({
    ...bare,
    named: await readNamedMembers(
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
    ),
  });
  const spanOf = await readSpans(catalog, binding, serving);
  const latest = latestDay(catalog, spanOf, options.today());
  const now = (): Day => {
    const setting = catalog.project.now ?? "clock";
    return setting === "latest"
      ? latest
      : setting === "clock"
        ? options.today()
        : (parseDay(setting) ?? options.today());
  };

  const { definitions } = rollupDefinitions(catalog, binding);
  const rollups = await readRollups(serving, definitions);
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
        binding.named!,
        serving,
      ),
    },
    null,
  );
}

/** The tables' columns, and those of every `sql` that a cube or dimension reads. */
async function describeAll(catalog: Catalog, serving: Serving): Promise<Map<string, ReadonlyMap<string, string>>> {
  const columns = new Map(serving.columns);
  const described = async (owner: string, sql: string): Promise<void> => {
    try {
      const read = await serving.run(`SELECT * FROM (${sql}) LIMIT 0`);
      columns.set(owner.toLowerCase(), new Map(read.names.map((name, i) => [name.toLowerCase(), read.types[i]!])));
    } catch {
      /* reported by `check`, and by the query that needs it */
    }
  };
  for (const cube of catalog.cubes.values())
    if (cube.spec.sql !== undefined) await described(ownerOfSql("cube", cube.name), cube.spec.sql);
  for (const dimension of catalog.dimensions.values())
    if (dimension.spec.kind === "dimension" && dimension.spec.sql !== undefined)
      await described(ownerOfSql("dimension", dimension.name), dimension.spec.sql);
  return columns;
}

/** Of larger ones nobody counts the members when a version is opened. */
const MOST_COUNTED = 200_000;

async function countMembers(serving: Serving, { table, keys }: RollupDefinition): Promise<readonly number[]> {
  if (keys.length === 0) return [];
  const read = await serving.run(
    `SELECT ${keys.map((_, i) => `count(DISTINCT k${i}) + count(DISTINCT CASE WHEN k${i} IS NULL THEN 1 END)`).join(", ")} FROM "${table}"`,
  );
  return read.columns.map((column) => Number(column[0]));
}

/** The rollups of the version; one that was built from another definition would give old numbers, and is left alone. */
async function readRollups(
  serving: Serving,
  definitions: readonly RollupDefinition[],
): Promise<{ built: BuiltRollup[]; unusable: Map<string, string> }> {
  const built: BuiltRollup[] = [];
  const unusable = new Map<string, string>();
  const found = serving.columns.has(ROLLUPS_TABLE)
    ? await serving.run(`SELECT name, hash, rows FROM ${ROLLUPS_TABLE}`)
    : null;
  for (const definition of definitions) {
    const at = found ? found.columns[0]!.indexOf(definition.name) : -1;
    if (at < 0) unusable.set(definition.name, "it is not built in this version; the next load builds it");
    else if (found!.columns[1]![at] !== definition.hash)
      unusable.set(definition.name, "it was built from another definition; the next load builds it anew");
    else {
      const rows = Number(found!.columns[2]![at]);
      built.push({ ...definition, rows, members: rows <= MOST_COUNTED ? await countMembers(serving, definition) : [] });
    }
  }
  return { built, unusable };
}

/** The day of the newest fact, leaving out Tessera's own records and what lies in the future. */
function latestDay(catalog: Catalog, spanOf: Engine["spanOf"], today: Day): Day {
  const days = [...catalog.cubes.values()].flatMap((cube) => {
    if (cube.dateRole === null || cube.spec.table?.startsWith("tessera_")) return [];
    const span = spanOf(cube.name, cube.dateRole);
    return span && span.until <= today ? [span.until] : [];
  });
  return days.length > 0 ? Math.max(...days) : today;
}

export interface EngineOptions {
  readonly catalog: Catalog;
  readonly serving: Serving;
  /** the clock's day, for a project whose `now` is "clock"; also the latest that "latest" can be */
  readonly today: () => Day;
  readonly maxRows?: number;
}
