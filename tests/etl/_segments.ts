/** The same rows twice: in a table that is cut into segments, and in one that is not. */
import { tmpdir } from "node:os";
import { join } from "node:path";
import { roleOf, type Manifest } from "../../engine/warehouse/index.ts";
import { openServing } from "../../engine/warehouse/serving.ts";
import { defineJob, sqlite, type Job, type JobSpec } from "../../etl/index.ts";
import type { Company } from "./_company.ts";

export const shop = sqlite({ name: "shop", path: "./shop.sqlite" });

type Sales = Pick<JobSpec, "deletes"> & { readonly into: Omit<JobSpec["into"], "table">; readonly extract?: { readonly cursor?: string; readonly key?: string } };

/** One job into `cut` (from 20 rows on) and one into `whole`. */
export const twins = ({ into, extract, ...rest }: Sales): Job[] => ["cut", "whole"].map((table) => defineJob({
  name: `into_${table}`, source: shop, extract: { table: "sales", ...extract }, failBelow: "0%", ...rest,
  columns: { id: "bigint", ordered_on: "date", amount: "decimal(12,2)", note: "varchar", touched: "bigint" },
  into: { ...into, table, ...(table === "cut" && { segments: { by: into.mode === "snapshot" ? "snapshot_date" : "ordered_on", rows: 20 } }) },
}));

/** Rows as the served version gives them. */
export async function served(company: Company, sql: string): Promise<unknown[][]> {
  const serving = await openServing(company.warehouse, (await company.manifest())!, { tempDirectory: join(tmpdir(), "tessera-segments"), connections: 1 });
  try {
    return await serving.using(async (connection) => (await connection.runAndReadAll(sql)).getRowsJson());
  } finally {
    await serving.close();
  }
}

export const segmentsOf = (manifest: Manifest, table = "cut") => manifest.files.filter((file) => file.segment?.table === table);
/** role -> path: a path that stays is a file that was not written again */
export const pathsOf = (manifest: Manifest, table = "cut"): Map<string, string> => new Map(segmentsOf(manifest, table).map((file) => [roleOf(file), file.path]));
