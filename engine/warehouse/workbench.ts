/** A version opened next to one new file: what mining reads, and where it writes its labels. */
import { join } from "node:path";
import type { DuckDBConnection } from "duckdb";
import { printDuckdb } from "../sql/print-duckdb.ts";
import { readColumns } from "./columns.ts";
import { openForWriting } from "./open.ts";
import type { Parameter, Serving } from "./serving.ts";
import { uniteSegments } from "./segment-sql.ts";
import { quoteIdentifier, quoteText } from "./sql-text.ts";
import type { Manifest, SegmentRange, VersionFile } from "./version.ts";

export interface Workbench {
  /** answers the engine's queries */
  readonly serving: Serving;
  readonly connection: DuckDBConnection;
  /** the new file's tables are named with this catalog: `out.labels_rfm` */
  readonly out: "out";
  close(): Promise<void>;
}

/** Opens a workbench. @param path the new file, which must not exist yet */
export async function openWorkbench(
  folder: string,
  manifest: Pick<Manifest, "version"> & {
    readonly files: readonly (Pick<VersionFile, "path" | "tables"> & { readonly segment?: SegmentRange })[];
  },
  path: string,
  options: { readonly tempDirectory: string; readonly memoryLimit?: string; readonly threads?: number },
): Promise<Workbench> {
  const writer = await openForWriting({ out: path }, options);
  const { connection } = writer;
  const catalogs: string[] = [];
  for (const [i, file] of manifest.files.entries()) {
    await connection.run(`ATTACH ${quoteText(join(folder, file.path))} AS ${quoteIdentifier(`v${i}`)} (READ_ONLY)`);
    if (!file.segment) catalogs.push(`v${i}.main`);
  }
  await uniteSegments(
    connection,
    manifest.files.map((file, i) => ({ ...file, catalog: `v${i}` })),
  );
  await connection.run(`SET search_path = ${quoteText(["memory.main", ...catalogs].join(","))}`);
  const columns = new Map<string, Map<string, string>>();
  for (const file of manifest.files)
    for (const table of file.tables)
      columns.set(
        table.name.toLowerCase(),
        new Map(table.columns.map((c) => [c.name.toLowerCase(), c.type.toUpperCase()])),
      );
  const values = (parameters: readonly Parameter[]): (string | number | bigint | boolean | null)[] =>
    parameters.map(({ value, type }) => (type === "integer" && typeof value === "number" ? BigInt(value) : value));
  const serving: Serving = {
    version: manifest.version,
    columns,
    spool: null,
    print: printDuckdb,
    run: async (sql, parameters = [], options = {}) =>
      readColumns(await connection.run(sql, values(parameters)), options.exact),
    using: (work) => work(connection),
    close: () => writer.close(),
  };
  return {
    serving,
    connection,
    out: "out",
    close: async () => {
      await connection.run("SET search_path = 'memory.main'");
      for (let i = 0; i < manifest.files.length; i++) await connection.run(`DETACH ${quoteIdentifier(`v${i}`)}`);
      await writer.close();
    },
  };
}
