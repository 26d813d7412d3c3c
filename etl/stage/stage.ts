/** Turns raw rows into typed ones: contract, cleaning and types; rows that do not fit are marked with their reason. */
import type { DuckDBConnection } from "duckdb";
import { TesseraError, didYouMean, phrase } from "../../engine/errors/index.ts";
import { quoteIdentifier, quoteText } from "../../engine/warehouse/index.ts";
import { isRowCheck, rowBreaks, rowReason } from "./row-check.ts";
import { required } from "../../engine/lookup.ts";
import { sourceName, type ColumnSpec } from "../declare/column.ts";
import { inScratch, rawTable, type Extracted, type RawColumn } from "../extract/extracted.ts";
import { contractOf, cursorOf, schemaPolicy, tombstoneOf } from "../extract/wanted.ts";
import type { Job } from "../declare/job.ts";
import { keyOf } from "../declare/load-mode.ts";
import { sourceColumns, sourceSql } from "./source-column.ts";
import { castSql, cleanStep, duckType, refusalOf } from "./clean-sql.ts";
import { inferTypes } from "./infer.ts";
import { makePhoneTable } from "./phones.ts";

/** A column of the target table. */
export interface TargetColumn {
  readonly name: string;
  /** DuckDB type */
  readonly type: string;
  /** the type is the contract's, not the source's */
  readonly declared: boolean;
}

/** The staged table. */
export interface Staged {
  /** columns of the target table */
  readonly columns: readonly TargetColumn[];
  /** column of the target -> column of the source */
  readonly sources: ReadonlyMap<string, string>;
  /** reasons by their code in `__reject` */
  readonly reasons: readonly { readonly column: string; readonly reason: string }[];
}

/**
 * Name of the table with the typed rows of a job; further columns: `__order`, `__reject`, `__deleted`, `__cursor`,
 * `__file`.
 */
export const stagedTable = (job: Job): string => `stage_${job.name}`;

/** How a column is staged. */
interface Plan {
  readonly raw: RawColumn;
  readonly name: string;
  readonly spec: ColumnSpec | undefined;
  readonly type: string;
}

/** Collects what rejects a row: a SQL test and the reason. */
interface Rejections {
  readonly tests: string[];
  readonly reasons: { readonly column: string; readonly reason: string }[];
  add(test: string, column: string, reason: string): void;
}

function rejections(): Rejections {
  const tests: string[] = [];
  const reasons: { column: string; reason: string }[] = [];
  return {
    tests,
    reasons,
    add: (test, column, reason) => {
      tests.push(`WHEN ${test} THEN ${reasons.length}`);
      reasons.push({ column, reason });
    },
  };
}

/**
 * Makes the staged table of a job from its raw table.
 * @throws TesseraError `job-invalid` for a key that is not a column
 */
export async function stage(connection: DuckDBConnection, job: Job, extracted: Extracted): Promise<Staged> {
  const raw = inScratch(rawTable(job));
  const plans = await planColumns(connection, job, sourceColumns(job, extracted), raw);
  const key = keyOf(job);
  const names = plans.map((plan) => plan.name);
  for (const name of key)
    if (!names.includes(name))
      throw new TesseraError("job-invalid", phrase`key "${name}" not found in the columns${didYouMean(name, names)}`, {
        place: `job ${job.name}`,
      });

  const joins: string[] = [];
  const inner: string[] = [];
  const rejected = rejections();
  for (const [i, plan] of plans.entries()) {
    const source = sourceSql(plan.raw, plan.spec, extracted);
    const text = await cleaned(connection, job, plan, source, i, raw, joins);
    const value = castSql(text.sql, text.raw, plan.type, plan.spec);
    const column = quoteIdentifier(plan.name);
    inner.push(`${value} AS ${column}`);
    if (value !== text.sql || text.refusal !== undefined) {
      inner.push(`${hasValueSql(plan, source)} AS __c${i}`);
      rejected.add(`__c${i} AND ${column} IS NULL`, plan.name, text.refusal ?? wrongType(plan.type));
    }
    if (plan.spec?.required) rejected.add(`${column} IS NULL`, plan.name, "empty, but required");
    else if (key.includes(plan.name)) rejected.add(`${column} IS NULL`, plan.name, "empty, but part of the key");
  }
  rejectByChecks(job, plans, rejected);

  const outer = [
    ...names.map(quoteIdentifier),
    "__order",
    "__cursor",
    "__deleted",
    "__file",
    `${rejected.tests.length === 0 ? "NULL::INTEGER" : `CASE ${rejected.tests.join(" ")} END`} AS __reject`,
  ];
  await connection.run(
    `CREATE OR REPLACE TABLE ${inScratch(stagedTable(job))} AS
     SELECT ${outer.join(", ")}
     FROM (SELECT ${[...inner, ...marksSql(job, extracted)].join(", ")} FROM ${raw} AS r ${joins.join(" ")})`,
  );
  return {
    columns: plans.map((plan) => ({ name: plan.name, type: plan.type, declared: plan.spec !== undefined })),
    sources: new Map(plans.map((plan) => [plan.name, plan.raw.name])),
    reasons: rejected.reasons,
  };
}

/** An empty text is a missing value, not a wrong one, unless the column is a text. */
function hasValueSql({ raw, spec }: Plan, source: string): string {
  return raw.raw === "VARCHAR" ? `trim(${nulled(source, spec)}) <> ''` : `${source} IS NOT NULL`;
}

const wrongType = (type: string): string =>
  type.startsWith("DECIMAL") ? `invalid ${type.toLowerCase()}, or too many digits` : `invalid ${type.toLowerCase()}`;

/** With a quarantine, rows that break a check of one row are rejected; other checks stop the load. */
function rejectByChecks(job: Job, plans: readonly Plan[], rejected: Rejections): void {
  if (job.onReject?.quarantine !== true) return;
  for (const check of job.checks ?? []) {
    if (!isRowCheck(check) || check.warn) continue;
    const plan = plans.find((each) => each.name === check.column);
    if (plan === undefined) continue;
    rejected.add(rowBreaks(check, quoteIdentifier(plan.name), plan.type), plan.name, rowReason(check));
  }
}

/** The columns that the load needs in addition to the target's. */
function marksSql(job: Job, { columns, provenance }: Extracted): string[] {
  const cursor = cursorOf(job);
  const tombstone = columns.find((column) => column.name === tombstoneOf(job));
  return [
    "r.rowid AS __order",
    `${cursor === undefined ? "NULL" : `r.${quoteIdentifier(cursor)}`} AS __cursor`,
    `${tombstone === undefined ? "false" : deletedSql(tombstone)} AS __deleted`,
    `${provenance === undefined ? "NULL::VARCHAR" : `r.${quoteIdentifier(provenance.file)}`} AS __file`,
  ];
}

/** The columns of the target, in the contract's order. */
async function planColumns(
  connection: DuckDBConnection,
  job: Job,
  columns: readonly RawColumn[],
  raw: string,
): Promise<Plan[]> {
  const contract = contractOf(job);
  const bySource = new Map([...(contract ?? [])].map(([name, spec]) => [sourceName(name, spec), { name, spec }]));
  const chosen = columns.filter(
    (column) => contract === undefined || bySource.has(column.name) || schemaPolicy(job) === "add_columns",
  );
  const unknown = chosen.filter((column) => !bySource.has(column.name) && column.declared === undefined);
  const inferred = await inferTypes(
    connection,
    raw,
    unknown.map((column) => ({ name: column.name, texts: column.texts !== undefined })),
  );
  const plans = chosen.map((column): Plan => {
    const found = bySource.get(column.name);
    return {
      raw: column,
      name: found?.name ?? column.name,
      spec: found?.spec,
      type: found ? duckType(found.spec.type) : (column.declared ?? required(inferred, column.name, "type of column")),
    };
  });
  if (contract === undefined) return plans;
  const order = [...contract.keys()];
  return plans.sort((a, b) => place(order, a.name) - place(order, b.name));
}

const place = (order: readonly string[], name: string): number =>
  order.includes(name) ? order.indexOf(name) : order.length;

const nulled = (value: string, spec: ColumnSpec | undefined): string =>
  spec?.nullIf === undefined || spec.nullIf.length === 0
    ? value
    : `CASE WHEN trim(${value}) IN (${spec.nullIf.map(quoteText).join(", ")}) THEN NULL ELSE ${value} END`;

/** SQL of a value after its cleaning steps; phones are joined from the table of distinct numbers. */
async function cleaned(
  connection: DuckDBConnection,
  job: Job,
  plan: Plan,
  source: string,
  index: number,
  raw: string,
  joins: string[],
): Promise<{ sql: string; raw: string; refusal: string | undefined }> {
  const steps = plan.spec?.clean ?? [];
  let sql = source;
  let type = plan.raw.raw;
  if (steps.length > 0 && type !== "VARCHAR") [sql, type] = [`CAST(${sql} AS VARCHAR)`, "VARCHAR"];
  if (type === "VARCHAR") sql = nulled(sql, plan.spec);
  for (const [at, step] of steps.entries()) {
    if (!step.startsWith("phone:")) {
      sql = cleanStep(step, sql, () => "NULL");
      continue;
    }
    const alias = `p${index}_${at}`;
    const name = `phones_${job.name}_${index}_${at}`;
    await makePhoneTable(
      connection,
      name,
      `${raw} AS r ${joins.join(" ")}`,
      sql,
      step.slice("phone:".length),
      `job ${job.name} › ${plan.name}`,
    );
    joins.push(`LEFT JOIN ${inScratch(name)} AS ${alias} ON ${alias}.raw = ${sql}`);
    sql = `${alias}.phone`;
  }
  return { sql, raw: type, refusal: steps.map(refusalOf).find((each) => each !== undefined) };
}

/** SQL of whether the column marks a deleted row: a date that is set, a flag that is true. */
function deletedSql(column: RawColumn): string {
  const value = `r.${quoteIdentifier(column.name)}`;
  if (column.raw === "BOOLEAN") return `coalesce(${value}, false)`;
  if (/^(SMALLINT|INTEGER|BIGINT|DOUBLE|DECIMAL)/.test(column.raw)) return `coalesce(${value} <> 0, false)`;
  if (column.raw === "VARCHAR")
    return `(${value} IS NOT NULL AND lower(trim(${value})) NOT IN ('', '0', 'f', 'n', 'false', 'no'))`;
  return `(${value} IS NOT NULL)`;
}
