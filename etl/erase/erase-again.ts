/** Erases persons again who returned because an older copy of the warehouse was restored. */
import { personsOf } from "../declare/project-parts.ts";
import { readRows, readTexts } from "../extract/read-sql.ts";
import { join } from "node:path";
import { DuckDBInstance } from "duckdb";
import {
  currentVersion,
  filePath,
  keptManifests,
  MAIN,
  openState,
  quoteIdentifier,
  quoteText,
} from "../../engine/warehouse/index.ts";
import { warehouseFolder } from "../declare/config.ts";
import { rulesOf, type Persons } from "../declare/persons.ts";
import { erasePerson, type Erased, type EraseOptions } from "./erase-person.ts";
import { suppressedList, suppressionKey, type Suppressed } from "../suppression/suppressed.ts";

/**
 * Erases everyone on the suppression list who is in a kept version, with the same replacements. Does nothing for a
 * project that declares no persons.
 */
export async function eraseAgain(options: Omit<EraseOptions, "who">): Promise<readonly Erased[]> {
  const persons = personsOf(options.spec);
  const warehouse = warehouseFolder(options.spec, options.folder);
  if (persons === undefined || (await currentVersion(warehouse)) === undefined) return [];
  const state = openState(warehouse);
  const entries = suppressedList(state);
  state.close();
  const again: Erased[] = [];
  const done = new Set<string>();
  for (
    let who = await firstKnown(warehouse, persons, entries, done);
    who !== undefined;
    who = await firstKnown(warehouse, persons, entries, done)
  ) {
    done.add(who);
    again.push(await erasePerson({ ...options, who }));
  }
  return again;
}

/** The first number of the list that is in a kept version, in the form that `erasePerson` takes. */
async function firstKnown(
  warehouse: string,
  persons: Persons,
  entries: readonly Suppressed[],
  done: ReadonlySet<string>,
): Promise<string | undefined> {
  if (entries.length === 0) return undefined;
  const key = suppressionKey(warehouse);
  const instance = await DuckDBInstance.create(":memory:", {
    autoinstall_known_extensions: "false",
    autoload_known_extensions: "false",
    temp_directory: join(warehouse, "work"),
  });
  const connection = await instance.connect();
  try {
    await connection.run("CREATE TABLE list (system VARCHAR, hash VARCHAR, replacement VARCHAR)");
    for (const { system, hash, replacement } of entries)
      await connection.run("INSERT INTO list VALUES ($1, $2, $3)", [system, hash, replacement]);
    const paths = [
      ...new Set(keptManifests(warehouse).flatMap((manifest) => filePath(warehouse, manifest, MAIN) ?? [])),
    ];
    for (const [i, path] of paths.entries()) {
      await connection.run(`ATTACH ${quoteText(path)} AS f${i} (READ_ONLY)`);
      const columns = new Set(
        await readTexts(
          connection,
          "SELECT table_name || '.' || column_name FROM duckdb_columns() WHERE database_name = $1",
          [`f${i}`],
        ),
      );
      for (const { table, system, id } of placesOf(persons)) {
        if (!columns.has(`${table}.${id}`)) continue;
        const text = `CAST(t.${quoteIdentifier(id)} AS VARCHAR)`;
        const found = await readRows(
          connection,
          `SELECT DISTINCT p.system, ${text} AS id
           FROM f${i}.main.${quoteIdentifier(table)} AS t JOIN list AS p
             ON p.system = ${system === undefined ? "''" : `t.${quoteIdentifier(system)}`}
               AND p.hash = sha256($1 || sha256($1 || lower(trim(${text}))))
           WHERE lower(p.replacement) <> lower(trim(${text})) ORDER BY 1, 2`,
          [key],
        );
        for (const [of, number] of found) {
          const who = system === undefined ? String(number) : `${String(of)}:${String(number)}`;
          if (!done.has(who)) return who;
        }
      }
      await connection.run(`DETACH f${i}`);
    }
    return undefined;
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/** A column with numbers of persons. */
interface NumberPlace {
  readonly table: string;
  /** column with the system of the number */
  readonly system?: string;
  readonly id: string;
}

/** The columns by whose numbers a person can be found. */
const placesOf = (persons: Persons): readonly NumberPlace[] =>
  persons.identities === undefined
    ? Object.keys(persons.tables).flatMap((table) =>
        rulesOf(persons, table)
          .filter((rule) => rule.system === undefined)
          .map((rule) => ({ table, id: rule.by })),
      )
    : [{ table: persons.identities.table, system: persons.identities.system, id: persons.identities.id }];
