/** Reads the rows that an earlier load rejected: once the job or its contract is fixed, they may be loaded. */
import { existsSync } from "node:fs";
import { TesseraError, phrase } from "../../engine/errors/index.ts";
import { quoteIdentifier, quoteText } from "../../engine/warehouse/index.ts";
import { columnsOf } from "./warehouse-tables.ts";
import {
  badTable,
  inScratch,
  openBadRows,
  rawTable,
  type ExtractContext,
  type Extracted,
  type RawColumn,
  FILE_COLUMN,
  LINE_COLUMN,
} from "./extracted.ts";
import { contractOf, cursorOf, tombstoneOf } from "./wanted.ts";
import { readNumber, readTexts } from "./read-sql.ts";

/**
 * Reads the rejected rows of one job into its raw table; rows that could not be read at all stay bad rows.
 * @param path file that `writeRejects` wrote
 * @throws TesseraError `not-found`
 */
export async function extractRejects(context: ExtractContext, path: string): Promise<Extracted> {
  const { connection, job } = context;
  if (!existsSync(path))
    throw new TesseraError("not-found", phrase`rejected rows of job ${job.name} not found`, {
      place: `job ${job.name}`,
      remedy: "choose a load whose version is still kept",
    });
  await (await openBadRows(context)).close();
  const isRow = `json_valid("row") AND starts_with("row", '{') AND "column" IS NOT NULL`;
  const rows = `(SELECT *, CASE WHEN ${isRow} THEN "row"::JSON END AS json FROM read_parquet(${quoteText(path)}))`;
  await connection.run(
    `INSERT INTO ${inScratch(badTable(job))}
     SELECT file, line, "column", reason, "row" FROM ${rows} WHERE json IS NULL`,
  );
  const keys = await readTexts(
    connection,
    `SELECT DISTINCT unnest(json_keys(json)) AS name FROM ${rows} WHERE json IS NOT NULL ORDER BY name`,
  );
  const names = new Set(keys.filter((name) => name !== FILE_COLUMN && name !== LINE_COLUMN));
  for (const [name, spec] of contractOf(job) ?? []) names.add(spec.from ?? name);
  for (const name of [cursorOf(job), tombstoneOf(job)]) if (name !== undefined) names.add(name);
  const target = await columnsOf(connection, job.into.table);
  const columns = [...names].map((name): RawColumn => {
    const declared = target.get(name);
    return { name, raw: "VARCHAR", ...(declared !== undefined && { declared }) };
  });
  const picked = columns.map(
    ({ name }) => `json ->> ${quoteText(`$."${name.replaceAll('"', '\\"')}"`)} AS ${quoteIdentifier(name)}`,
  );
  await connection.run(
    `CREATE OR REPLACE TABLE ${inScratch(rawTable(job))} AS
     SELECT ${[...picked, `file AS ${FILE_COLUMN}`, `line AS ${LINE_COLUMN}`].join(", ")}
     FROM ${rows} WHERE json IS NOT NULL`,
  );
  const counted = await readNumber(connection, `SELECT count(*) FROM read_parquet(${quoteText(path)})`);
  return {
    columns,
    rows: counted,
    bytes: 0,
    whole: false,
    upper: context.since,
    provenance: { file: FILE_COLUMN, line: LINE_COLUMN, folders: [] },
    warnings: [],
  };
}
