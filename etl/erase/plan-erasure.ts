/** Finds the person and decides what replaces their keys and numbers. */
import { join } from "node:path";
import { DuckDBInstance } from "duckdb";
import { phrase, TesseraError } from "../../engine/errors/index.ts";
import { first } from "../../engine/lookup.ts";
import type { ProjectSpec } from "../../engine/model/project.ts";
import { quoteText, type State, type VersionFile } from "../../engine/warehouse/index.ts";
import type { Persons } from "../declare/persons.ts";
import { keyedHash, suppress, suppressedList, suppressionKey } from "../suppression/suppressed.ts";
import type { Erasure } from "./erase-file.ts";
import { findPerson, type Found } from "./find-person.ts";
import { aliasAddress, pseudonymOf } from "./pseudonym.ts";

/** System of the dimension's key in the suppression list; no real system has this name. */
const OWN_KEY = "=key";

/** Name of the column with the dimension's key. @throws TesseraError `project-invalid` */
export function keyColumnOf(spec: ProjectSpec, persons: Persons): string {
  const dimension = spec.dimensions.find(({ name }) => name === persons.dimension);
  const own = dimension !== undefined && "key" in dimension ? dimension.key : undefined;
  const column = persons.key ?? persons.identities?.key ?? own;
  if (column !== undefined) return column;
  throw new TesseraError("project-invalid", phrase`dimension "${persons.dimension}" with a key not found`, {
    place: "tessera.config.ts › persons",
    remedy: "name a dimension with a key in `dimension`",
  });
}

/** Searches the files for a person. @returns null for a person in no file */
export async function findIn(
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
    const catalogs = files.map((_, i) => `f${i}`);
    const found = await findPerson(connection, catalogs, persons, who);
    connection.closeSync();
    return found;
  } finally {
    instance.closeSync();
  }
}

/** The replacements of a person's keys and numbers; those of an earlier, interrupted erasure are used again. */
export function planErasure(
  found: Found,
  persons: Persons,
  keyColumn: string,
  state: State,
  warehouse: string,
): Erasure {
  const key = suppressionKey(warehouse);
  const known = new Map(suppressedList(state).map((entry) => [`${entry.system} ${entry.hash}`, entry]));
  const before = (system: string, id: string) => known.get(`${system} ${keyedHash(key, id)}`);
  const keptSystems = new Set(
    Object.values(persons.tables)
      .flat()
      .filter((rule) => rule.keep)
      .map((rule) => rule.system),
  );
  const alias = found.ids.flatMap(({ system, id }) => before(system, id) ?? [])[0]?.alias ?? aliasAddress();
  const made = (system: string, id: string): string => {
    if (id.includes("@")) return alias;
    return keptSystems.has(system) ? id : pseudonymOf(id);
  };
  const ids = found.ids.map(({ system, id }) => ({
    system,
    id,
    replacement: before(system, id)?.replacement ?? made(system, id),
  }));
  const ownKey = first(found.keys);
  const newKey =
    persons.identities === undefined
      ? first(ids).replacement
      : (before(OWN_KEY, ownKey)?.replacement ?? pseudonymOf(ownKey));
  const isKept = (value: string): boolean =>
    ids.some(({ id, replacement }) => id === replacement && id.toLowerCase() === value.toLowerCase());
  const values = found.values.filter((value) => !isKept(value));
  return { persons, keys: found.keys, newKey, ids, alias, values, keyColumns: [keyColumn] };
}

/** Adds the person to the suppression list; the key as well, for an erasure that is interrupted and repeated. */
export function suppressPerson(state: State, run: string, erasure: Erasure, warehouse: string): void {
  const key = suppressionKey(warehouse);
  const entries = [...erasure.ids, { system: OWN_KEY, id: first(erasure.keys), replacement: erasure.newKey }];
  suppress(
    state,
    run,
    entries.map(({ system, id, replacement }) => ({
      system,
      hash: keyedHash(key, id),
      replacement,
      alias: erasure.alias,
    })),
  );
}
