/** Turns the JSON objects of a scratch table into columns of text. */
import type { DuckDBConnection } from "duckdb";
import { quoteIdentifier, quoteText } from "../../engine/warehouse/index.ts";
import type { ExtractContext, RawColumn } from "./extracted.ts";
import { badTable, FILE_COLUMN, inScratch, LINE_COLUMN, rawTable } from "./extracted.ts";
import { sourceName } from "../declare/column.ts";
import { contractOf, cursorOf, schemaPolicy, tombstoneOf, wantedColumns } from "./wanted.ts";
import { exactNumbers } from "./long-numbers.ts";
import { readNumber, readTexts } from "./read-sql.ts";

/** The columns and rows that were found. */
export interface JsonRows {
  readonly columns: readonly RawColumn[];
  readonly extra: readonly string[];
  /** good and bad rows */
  readonly rows: number;
}

/**
 * Makes the raw table from a table `(json JSON, __file VARCHAR, __line BIGINT)`; values that are not objects become bad
 * rows. Names come from the contract and from all objects; JSON strings stay texts.
 */
export async function jsonToRaw(context: ExtractContext, objects: string): Promise<JsonRows> {
  const { connection, job } = context;
  const found = await structureOf(connection, objects, contractOf(job) === undefined || schemaPolicy(job) !== "ignore");
  // services leave out empty fields: the contract's names count as found
  const contract = contractOf(job);
  const names = Object.keys(found);
  const declared = [...(contract ?? [])].map(([name, spec]) => sourceName(name, spec));
  for (const name of [...declared, cursorOf(job), tombstoneOf(job)])
    if (name !== undefined && !names.includes(name)) names.push(name);
  const wanted = wantedColumns(job, names);
  const columns: RawColumn[] = wanted.read.map((name) => {
    const kind = found[name];
    const nested = typeof kind === "object" && kind !== null;
    return {
      name,
      raw: "VARCHAR",
      ...(nested && { declared: "JSON" }),
      ...(kind === "BOOLEAN" && { declared: "BOOLEAN" }),
      ...(kind === "VARCHAR" || kind === "JSON" ? { texts: "json" as const } : {}),
    };
  });
  const exact = `exact_${job.name}`;
  const hasLong = await exactNumbers(connection, objects, exact);
  const isNested = ({ declared }: RawColumn): boolean => declared === "JSON";
  // JSON keeps the quotes of texts, without which a text among lists would be no JSON
  const shapeOf = (nested: boolean): string =>
    quoteText(
      JSON.stringify(
        Object.fromEntries(
          columns.filter((each) => isNested(each) === nested).map(({ name }) => [name, nested ? "JSON" : "VARCHAR"]),
        ),
      ),
    );
  const picked = columns.map((column) => {
    const field = `[${quoteText(column.name)}]`;
    return `${isNested(column) ? `__n${field}::VARCHAR` : `__o${field}`} AS ${quoteIdentifier(column.name)}`;
  });
  const parts = [
    ...(columns.every(isNested)
      ? []
      : [`json_transform(${hasLong ? "coalesce(x.json, o.json)" : "o.json"}, ${shapeOf(false)}) AS __o`]),
    ...(columns.some(isNested) ? [`json_transform(o.json, ${shapeOf(true)}) AS __n`] : []),
  ];
  const joined = hasLong ? ` LEFT JOIN ${inScratch(exact)} AS x ON x.id = o.rowid` : "";
  await connection.run(
    columns.length === 0
      ? `CREATE OR REPLACE TABLE ${inScratch(rawTable(job))} AS
         SELECT ${FILE_COLUMN}, ${LINE_COLUMN} FROM ${objects} WHERE false`
      : `CREATE OR REPLACE TABLE ${inScratch(rawTable(job))} AS
         SELECT ${picked.join(", ")}, ${FILE_COLUMN}, ${LINE_COLUMN}
         FROM (
           SELECT ${parts.join(", ")}, ${FILE_COLUMN}, ${LINE_COLUMN}
           FROM ${objects} AS o${joined} WHERE json_type(o.json) = 'OBJECT'
         )`,
  );
  if (hasLong) await connection.run(`DROP TABLE ${inScratch(exact)}`);
  await connection.run(
    `INSERT INTO ${inScratch(badTable(job))}
     SELECT ${FILE_COLUMN}, ${LINE_COLUMN}, NULL, 'the record is not a JSON object', coalesce(json::VARCHAR, '')
     FROM ${objects} WHERE json IS NULL OR json_type(json) <> 'OBJECT'`,
  );
  const counted = await readNumber(
    connection,
    `SELECT (SELECT count(*) FROM ${inScratch(rawTable(job))}) + (SELECT count(*) FROM ${inScratch(badTable(job))})`,
  );
  return { columns, extra: wanted.extra, rows: counted };
}

const SAMPLE_ROWS = 20_000;

/**
 * Names with their JSON types in the order of their first appearance, of all objects or of a sample. A name with
 * several types has the type JSON; several types of numbers make DOUBLE.
 */
async function structureOf(
  connection: DuckDBConnection,
  objects: string,
  all: boolean,
): Promise<{ readonly [name: string]: unknown }> {
  // DuckDB's json_group_structure takes a gigabyte for a million objects
  const structures = await readTexts(
    connection,
    `SELECT json_structure(json) AS s
     FROM (SELECT json, rowid AS n FROM ${objects} ${all ? "" : `LIMIT ${SAMPLE_ROWS}`})
     WHERE json_type(json) = 'OBJECT' GROUP BY s ORDER BY min(n)`,
  );
  const merged: Record<string, unknown> = {};
  for (const text of structures) {
    const structure: Readonly<Record<string, unknown>> = JSON.parse(text);
    for (const [name, type] of Object.entries(structure)) {
      const before = merged[name];
      if (before === undefined || before === "NULL") merged[name] = type;
      else if (type !== "NULL" && JSON.stringify(before) !== JSON.stringify(type))
        merged[name] = commonType(before, type);
    }
  }
  return merged;
}

function commonType(a: unknown, b: unknown): unknown {
  if (isNested(a) || isNested(b)) return {};
  return NUMBERS.has(String(a)) && NUMBERS.has(String(b)) ? "DOUBLE" : "JSON";
}

const NUMBERS = new Set(["UBIGINT", "BIGINT", "DOUBLE", "HUGEINT"]);
const isNested = (type: unknown): boolean => typeof type === "object" && type !== null;
