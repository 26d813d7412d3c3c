/** Rows that an earlier load rejected, as raw rows once more: after the job or its contract was mended they may be taken. */
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
} from "./extracted.ts";
import { FILE_COLUMN, LINE_COLUMN } from "./json-rows.ts";
import { contractOf, cursorOf, tombstoneOf } from "./wanted.ts";

/** `path`: the rejects of one job, as `setRejectsApart` wrote them. What could not even be read stays a bad row, with its first reason. */
export async function extractRejects(context: ExtractContext, path: string): Promise<Extracted> {
  const { connection, job } = context;
  if (!existsSync(path))
    throw new TesseraError("not-found", phrase`the load has no rejected rows of ${job.name}`, {
      place: `job ${job.name}`,
      remedy: "they are kept as long as their load's version",
    });
  await (await openBadRows(context)).close();
  const rows = `(SELECT *, CASE WHEN json_valid("row") AND starts_with("row", '{') AND "column" IS NOT NULL THEN "row"::JSON END AS json FROM read_parquet(${quoteText(path)}))`;
  await connection.run(
    `INSERT INTO ${inScratch(badTable(job))} SELECT file, line, "column", reason, "row" FROM ${rows} WHERE json IS NULL`,
  );
  const keys = await connection.runAndReadAll(
    `SELECT DISTINCT unnest(json_keys(json)) AS name FROM ${rows} WHERE json IS NOT NULL ORDER BY name`,
  );
  const names = new Set(
    keys
      .getRowsJson()
      .map(([name]) => String(name))
      .filter((name) => name !== FILE_COLUMN && name !== LINE_COLUMN),
  );
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
    `CREATE OR REPLACE TABLE ${inScratch(rawTable(job))} AS SELECT ${[...picked, `file AS ${FILE_COLUMN}`, `line AS ${LINE_COLUMN}`].join(", ")} FROM ${rows} WHERE json IS NOT NULL`,
  );
  const counted = await connection.runAndReadAll(`SELECT count(*) FROM read_parquet(${quoteText(path)})`);
  return {
    columns,
    rows: Number(counted.getRowsJson()[0]![0]),
    bytes: 0,
    whole: false,
    upper: context.since,
    provenance: { file: FILE_COLUMN, line: LINE_COLUMN },
    warnings: [],
  };
}
