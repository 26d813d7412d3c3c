/** The wholesaler's project in a folder outside the package, as a person would have it. */
import { expect } from "vitest";
import { copyFileSync, existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DuckDBInstance } from "duckdb";
import type { Query, Result } from "../../index.ts";
import { currentVersion, filePath } from "../../engine/warehouse/index.ts";
import { PACKAGE, temporaryFolder, tessera, type Answer } from "../api/cli/_cli.ts";

export const DATA = join(PACKAGE, "../shared/data");
export const LINES = join(DATA, "online_retail.parquet");
export const hasLines = existsSync(LINES);

export interface RetailProject {
  readonly folder: string;
  /** runs a command in the project's folder, without --project or with it from elsewhere */
  run(...args: string[]): Promise<Answer>;
  ask(query: Query): Promise<Result>;
  remove(): void;
}

/** @param from where the lines come from; @param environment what the sources read */
export function retailProject(
  from: "files" | "postgres",
  environment: { readonly [name: string]: string },
): RetailProject {
  const { folder, remove } = temporaryFolder();
  const fixture = (name: string): string => join(PACKAGE, "tests/real/online-retail", name);
  copyFileSync(fixture("model.ts"), join(folder, "model.ts"));
  copyFileSync(fixture(`${from}.config.ts`), join(folder, "tessera.config.ts"));
  writeFileSync(join(folder, "package.json"), '{ "name": "online-retail", "private": true, "type": "module" }\n');
  const run = (...args: string[]): Promise<Answer> => tessera(args, { cwd: folder, env: environment });
  return {
    folder,
    run,
    remove,
    async ask(query) {
      const { code, stdout, stderr } = await run("query", JSON.stringify(query), "--json");
      if (code !== 0) throw new Error(stderr);
      return JSON.parse(stdout) as Result;
    },
  };
}

export interface Sql {
  /** rows as arrays of JSON values; decimals and big integers are texts */
  rows(statement: string): Promise<unknown[][]>;
  close(): void;
}

/** An own instance of DuckDB: the second opinion. With a project, its served warehouse is attached as `w` and its labels as `l`. */
export async function openSql(project?: RetailProject): Promise<Sql> {
  const instance = await DuckDBInstance.create(":memory:", { threads: "2" });
  const connection = await instance.connect();
  if (project) {
    const warehouse = join(project.folder, "warehouse");
    const { manifest } = (await currentVersion(warehouse))!;
    await connection.run(`ATTACH '${filePath(warehouse, manifest, "main")}' AS w (READ_ONLY)`);
    const labels = filePath(warehouse, manifest, "labels_rfm");
    if (labels !== undefined) await connection.run(`ATTACH '${labels}' AS l (READ_ONLY)`);
  }
  return {
    rows: async (statement) => (await connection.runAndReadAll(statement)).getRowsJson(),
    close: () => {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

/** Each table of the company with its columns, their types, its number of rows and the sum of their hashes. */
export async function contents(sql: Sql): Promise<unknown[][]> {
  const tables = await sql.rows(
    "SELECT table_name, string_agg(column_name || ' ' || data_type, ', ' ORDER BY column_index) FROM duckdb_columns() WHERE database_name = 'w' AND table_name NOT LIKE 'tessera_%' GROUP BY ALL ORDER BY ALL",
  );
  expect(tables.map(([name]) => name)).toEqual(["dim_customer", "dim_product", "fact_lines", "lines"]);
  return Promise.all(
    tables.map(async ([name, columns]) => [
      name,
      columns,
      ...(await sql.rows(`SELECT count(*), sum(hash(t)::HUGEINT)::VARCHAR FROM w.${String(name)} AS t`))[0]!,
    ]),
  );
}

export async function succeed<T extends { readonly code: number | null; readonly stderr: string }>(
  running: Promise<T>,
): Promise<T> {
  const answer = await running;
  expect(answer.code, answer.stderr).toBe(0);
  return answer;
}
