/** From raw rows to typed ones: the contract, cleaning, types, and what does not fit set apart with its reason. */
import type { DuckDBConnection } from "duckdb";
import { TesseraError, didYouMean, phrase } from "../../engine/errors/index.ts";
import { quoteIdentifier, quoteText } from "../../engine/warehouse/index.ts";
import { isRowCheck, rowBreaks, rowReason } from "./row-check.ts";
import type { ColumnSpec } from "../declare/column.ts";
import { inScratch, rawTable, type Extracted, type RawColumn } from "../extract/extracted.ts";
import { contractOf, cursorOf, schemaPolicy, tombstoneOf } from "../extract/wanted.ts";
import type { Job } from "../declare/job.ts";
import { keyOf } from "../declare/load-mode.ts";
import { castSql, cleanStep, duckType, refusalOf } from "./clean-sql.ts";
import { inferTypes } from "./infer.ts";
import { makePhoneTable } from "./phones.ts";

export interface TargetColumn {
  readonly name: string;
  readonly type: string;
  /** the contract says so, not the source */
  readonly declared: boolean;
}

export interface Staged {
  /** columns of the target */
  readonly columns: readonly TargetColumn[];
  /** source column of each */
  readonly sources: ReadonlyMap<string, string>;
  /** reasons by the code that stands in `__reject` */
  readonly reasons: readonly { readonly column: string; readonly reason: string }[];
}

/** Typed rows of a job; beside the target's columns: `__order`, `__reject`, `__deleted`, `__cursor`, `__file`. */
export const stagedTable = (job: Job): string => `stage_${job.name}`;

interface Plan {
  readonly raw: RawColumn;
  readonly name: string;
  readonly spec: ColumnSpec | undefined;
  readonly type: string;
}

/** Makes the staged table of a job out of its raw one. */
export async function stage(connection: DuckDBConnection, job: Job, extracted: Extracted): Promise<Staged> {
  const raw = inScratch(rawTable(job));
  const plans = await planColumns(connection, job, extracted.columns, raw);
  const key = keyOf(job);
  const names = new Set(plans.map((plan) => plan.name));
  for (const name of key) {
    if (!names.has(name))
      throw new TesseraError("job-invalid", phrase`the key ${name} is no column of the job${didYouMean(name, names)}`, {
        place: `job ${job.name}`,
      });
  }

  const joins: string[] = [];
  const inner: string[] = [];
  const reasons: { column: string; reason: string }[] = [];
  const tests: string[] = [];
  const reject = (test: string, column: string, reason: string): void => {
    tests.push(`WHEN ${test} THEN ${reasons.length}`);
    reasons.push({ column, reason });
  };
  for (const [i, plan] of plans.entries()) {
    const text = await cleaned(connection, job, plan, i, raw, joins);
    const value = castSql(text.sql, text.raw, plan.type, plan.spec);
    inner.push(`${value} AS ${quoteIdentifier(plan.name)}`);
    const came = `__c${i}`;
    const checked = value !== text.sql || text.refusal !== undefined;
    if (checked) {
      // an empty text is nothing, not a wrong value, wherever the column is no text
      const source = `r.${quoteIdentifier(plan.raw.name)}`;
      inner.push(
        `${plan.raw.raw === "VARCHAR" ? `trim(${nulled(source, plan.spec)}) <> ''` : `${source} IS NOT NULL`} AS ${came}`,
      );
      reject(
        `${came} AND ${quoteIdentifier(plan.name)} IS NULL`,
        plan.name,
        text.refusal ??
          `no ${plan.type.toLowerCase()}${plan.type.startsWith("DECIMAL") ? ", or one with more digits" : ""}`,
      );
    }
    if (plan.spec?.required) reject(`${quoteIdentifier(plan.name)} IS NULL`, plan.name, "empty, and required");
    else if (key.includes(plan.name))
      reject(`${quoteIdentifier(plan.name)} IS NULL`, plan.name, "empty, and part of the key");
  }

  // with a quarantine a row that breaks a rule by itself is set apart; without one the rule stops the load, as rules over many rows always do
  for (const check of job.onReject?.quarantine === true ? (job.checks ?? []) : []) {
    const plan = isRowCheck(check) && !check.warn ? plans.find((each) => each.name === check.column) : undefined;
    if (plan !== undefined && isRowCheck(check))
      reject(rowBreaks(check, quoteIdentifier(plan.name), plan.type), plan.name, rowReason(check));
  }

  const cursor = cursorOf(job);
  const tombstone = tombstoneOf(job);
  const marks = [
    "r.rowid AS __order",
    `${cursor === undefined ? "NULL" : `r.${quoteIdentifier(cursor)}`} AS __cursor`,
    `${tombstone === undefined ? "false" : deletedSql(extracted.columns.find((column) => column.name === tombstone)!)} AS __deleted`,
    `${extracted.provenance?.file === undefined ? "NULL::VARCHAR" : `r.${quoteIdentifier(extracted.provenance.file)}`} AS __file`,
  ];
  const outer = [
    ...plans.map((plan) => quoteIdentifier(plan.name)),
    "__order",
    "__cursor",
    "__deleted",
    "__file",
    `${tests.length === 0 ? "NULL::INTEGER" : `CASE ${tests.join(" ")} END`} AS __reject`,
  ];
  await connection.run(
    `CREATE OR REPLACE TABLE ${inScratch(stagedTable(job))} AS SELECT ${outer.join(", ")} FROM (SELECT ${[...inner, ...marks].join(", ")} FROM ${raw} AS r ${joins.join(" ")})`,
  );
  return {
    columns: plans.map((plan) => ({ name: plan.name, type: plan.type, declared: plan.spec !== undefined })),
    sources: new Map(plans.map((plan) => [plan.name, plan.raw.name])),
    reasons,
  };
}

async function planColumns(
  connection: DuckDBConnection,
  job: Job,
  columns: readonly RawColumn[],
  raw: string,
): Promise<Plan[]> {
  const contract = contractOf(job);
  const bySource = new Map([...(contract ?? [])].map(([name, spec]) => [spec.from ?? name, { name, spec }]));
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
      type: found ? duckType(found.spec.type) : (column.declared ?? inferred.get(column.name)!),
    };
  });
  if (contract === undefined) return plans;
  // the table has its columns in the contract's order
  const order = [...contract.keys()];
  return plans.sort((a, b) => place(order, a.name) - place(order, b.name));
}

const place = (order: readonly string[], name: string): number =>
  order.includes(name) ? order.indexOf(name) : order.length;

const nulled = (value: string, spec: ColumnSpec | undefined): string =>
  spec?.nullIf === undefined || spec.nullIf.length === 0
    ? value
    : `CASE WHEN trim(${value}) IN (${spec.nullIf.map(quoteText).join(", ")}) THEN NULL ELSE ${value} END`;

/** The value after its cleaning steps; phones come by a join with the table of distinct numbers. */
async function cleaned(
  connection: DuckDBConnection,
  job: Job,
  plan: Plan,
  index: number,
  raw: string,
  joins: string[],
): Promise<{ sql: string; raw: string; refusal: string | undefined }> {
  const steps = plan.spec?.clean ?? [];
  let sql = `r.${quoteIdentifier(plan.raw.name)}`;
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

/** Whether the marker of deletes is set: a date that is there, a flag that is true. */
function deletedSql(column: RawColumn): string {
  const value = `r.${quoteIdentifier(column.name)}`;
  if (column.raw === "BOOLEAN") return `coalesce(${value}, false)`;
  if (/^(SMALLINT|INTEGER|BIGINT|DOUBLE|DECIMAL)/.test(column.raw)) return `coalesce(${value} <> 0, false)`;
  if (column.raw === "VARCHAR")
    return `(${value} IS NOT NULL AND lower(trim(${value})) NOT IN ('', '0', 'f', 'n', 'false', 'no'))`;
  return `(${value} IS NOT NULL)`;
}
