/** The rollups that a version holds. */
import type { Serving } from "../../warehouse/serving.ts";
import type { RollupDefinition } from "../rollup/definition.ts";
import type { BuiltRollup } from "../rollup/fit.ts";

/** The table that lists the rollups of a version. */
export const ROLLUPS_TABLE = "tessera_rollups";

/** The members of larger rollups are not counted when a version is opened. */
const MOST_COUNTED = 200_000;

async function countMembers(serving: Serving, { table, keys }: RollupDefinition): Promise<readonly number[]> {
  if (keys.length === 0) return [];
  const counts = keys.map((_, i) => `count(DISTINCT k${i}) + count(DISTINCT CASE WHEN k${i} IS NULL THEN 1 END)`);
  const read = await serving.run(`SELECT ${counts.join(", ")} FROM "${table}"`);
  return read.columns.map((column) => Number(column[0]));
}

/** The rollups of the version. One that was built from another definition would give old numbers, and is not used. */
export async function readRollups(
  serving: Serving,
  definitions: readonly RollupDefinition[],
): Promise<{ built: BuiltRollup[]; unusable: Map<string, string> }> {
  const built: BuiltRollup[] = [];
  const unusable = new Map<string, string>();
  const [names = [], hashes = [], counts = []] = serving.columns.has(ROLLUPS_TABLE)
    ? (await serving.run(`SELECT name, hash, rows FROM ${ROLLUPS_TABLE}`)).columns
    : [];
  for (const definition of definitions) {
    const position = names.indexOf(definition.name);
    if (position < 0) unusable.set(definition.name, "it is not built in this version; the next load builds it");
    else if (hashes[position] !== definition.hash)
      unusable.set(definition.name, "it was built from another definition; the next load builds it again");
    else {
      const rows = Number(counts[position]);
      built.push({ ...definition, rows, members: rows <= MOST_COUNTED ? await countMembers(serving, definition) : [] });
    }
  }
  return { built, unusable };
}
