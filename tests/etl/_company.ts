/** A small company in a temporary folder: a SQLite file, drops, and a warehouse to load them into. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { DuckDBInstance } from "duckdb";
import Database from "libsql";
import { defineProject } from "../../engine/index.ts";
import { currentVersion, filePath, type Manifest } from "../../engine/warehouse/index.ts";
import {
  loadInProcess,
  type InProcessOptions,
  type Job,
  type RunSummary,
  type StepSummary,
  type Table,
} from "../../etl/index.ts";

export interface Company {
  readonly folder: string;
  readonly warehouse: string;
  /** runs statements on the company's SQLite file `shop.sqlite` */
  sql(...statements: string[]): void;
  drop(name: string, content: string | Buffer): void;
  load(
    jobs: readonly Job[],
    options?: Partial<InProcessOptions> & { readonly tables?: readonly Table[] },
  ): Promise<RunSummary>;
  /** rows of the served version */
  rows(sql: string): Promise<unknown[][]>;
  manifest(): Promise<Manifest | undefined>;
  remove(): void;
}

export function makeCompany(): Company {
  const folder = mkdtempSync(join(tmpdir(), "tessera-etl-"));
  const warehouse = join(folder, "warehouse");
  mkdirSync(join(folder, "drops"));
  return {
    folder,
    warehouse,
    sql: (...statements) => {
      const database = new Database(join(folder, "shop.sqlite"));
      for (const statement of statements) database.exec(statement);
      database.close();
    },
    drop: (name, content) => {
      mkdirSync(dirname(join(folder, "drops", name)), { recursive: true });
      writeFileSync(join(folder, "drops", name), content);
    },
    load: (jobs, { tables = [], ...options } = {}) =>
      loadInProcess({
        spec: defineProject({
          name: "test",
          warehouse: { path: "./warehouse", memoryLimit: "500MB", threads: 2 },
          dimensions: [],
          cubes: [],
          jobs,
          tables,
        }),
        folder,
        environment: {},
        ...options,
      }),
    rows: async (sql) => {
      const manifest = (await currentVersion(warehouse))?.manifest;
      const instance = await DuckDBInstance.create(filePath(warehouse, manifest, "main")!, {
        access_mode: "READ_ONLY",
      });
      const connection = await instance.connect();
      await connection.run("SET TimeZone = 'UTC'");
      try {
        return (await connection.runAndReadAll(sql)).getRowsJson();
      } finally {
        connection.closeSync();
        instance.closeSync();
      }
    },
    manifest: async () => (await currentVersion(warehouse))?.manifest,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

export const stepOf = (run: RunSummary, name: string): StepSummary => run.steps.find((step) => step.name === name)!;

/** The figures of a step that must add up. */
export function account(step: StepSummary): {
  read: number;
  added: number;
  updated: number;
  unchanged: number;
  deleted: number;
  rejected: number;
  removed: number;
} {
  const { read, added, updated, unchanged, deleted, rejected, removed } = step;
  return { read, added, updated, unchanged, deleted, rejected, removed };
}
