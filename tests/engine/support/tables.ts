/** A model over tables of a test's own, without the shop's. */
import { DuckDBInstance } from "duckdb";
import { dayOf } from "../../../engine/model/time/calendar.ts";
import { resolveModel } from "../../../engine/model/resolve-model.ts";
import { defineProject, type ProjectSpec } from "../../../engine/model/index.ts";
import type { Engine } from "../../../engine/query/answer/engine.ts";
import { openEngine } from "../../../engine/query/answer/open-engine.ts";
import type { Query, Value } from "../../../engine/model/query.ts";
import { serveInstance } from "../../../engine/warehouse/serving.ts";

export interface Tables {
  readonly engine: Engine;
  /** the rows of an answer, each as a list of its columns' values */
  rows(query: Query): Promise<Value[][]>;
  /** the rows of a plain statement */
  sql(text: string): Promise<Value[][]>;
  /** how an answer is refused */
  refused(query: Query): Promise<{
    readonly code: string;
    readonly message: string;
    readonly place: string | undefined;
    readonly remedy: string | undefined;
  }>;
  close(): Promise<void>;
}

export async function openTables(
  spec: Partial<ProjectSpec> & Pick<ProjectSpec, "cubes">,
  statements: readonly string[],
): Promise<Tables> {
  const { catalog, problems } = resolveModel(
    defineProject({ name: "tables", warehouse: { path: "unused" }, now: "2025-06-30", dimensions: [], ...spec }),
  );
  if (problems.length > 0) throw new Error(JSON.stringify(problems, null, 1));
  const instance = await DuckDBInstance.create(":memory:", { threads: "2" });
  const connection = await instance.connect();
  await connection.run("SET TimeZone = 'UTC'");
  for (const statement of statements) await connection.run(statement);
  const serving = await serveInstance(instance, { connections: 2 });
  const engine = await openEngine({ catalog, serving, today: () => dayOf(2026, 1, 1) });
  return {
    engine,
    rows: async (query) => {
      const { columns, rows } = await engine.query(query);
      return rows.map((row) => columns.map((c) => row[c.name]!));
    },
    sql: async (text) => {
      const read = await serving.run(text);
      return Array.from({ length: read.rowCount }, (_, r) => read.columns.map((column) => column[r]!));
    },
    refused: async (query) => {
      try {
        await engine.query(query);
      } catch (error) {
        const { constructor, code, message, place, remedy } = error as Error & {
          code: string;
          place: string | undefined;
          remedy: string | undefined;
        };
        if (constructor.name !== "TesseraError") throw error;
        return { code, message, place, remedy };
      }
      throw new Error("it was answered");
    },
    close: () => serving.close(),
  };
}
