/** What a contract takes from the source: a column, the name of the file, or a part of either. */
import { quoteIdentifier, quoteText } from "../../engine/warehouse/index.ts";
import type { ColumnSpec } from "../declare/column.ts";
import type { Job } from "../declare/job.ts";
import { FILE_COLUMN, fileName, type Extracted, type RawColumn } from "../extract/extracted.ts";
import { contractOf } from "../extract/wanted.ts";

/** The source's columns, and the file's name where the contract asks for it. */
export function sourceColumns(job: Job, { columns, provenance }: Extracted): readonly RawColumn[] {
  const asked = [...(contractOf(job)?.values() ?? [])].some(({ from }) => from === FILE_COLUMN);
  return asked && provenance !== undefined ? [...columns, { name: FILE_COLUMN, raw: "VARCHAR" }] : columns;
}

/** SQL of a column's value in the source. */
export function sourceSql(raw: RawColumn, spec: ColumnSpec | undefined, extracted: Extracted): string {
  const column = `r.${quoteIdentifier(raw.name)}`;
  const value = raw.name === FILE_COLUMN && extracted.provenance ? fileName(column, extracted) : column;
  if (spec?.pattern === undefined) return value;
  const group = /\((?!\?)/.test(spec.pattern) ? 1 : 0;
  return `nullif(regexp_extract(CAST(${value} AS VARCHAR), ${quoteText(spec.pattern)}, ${group}), '')`;
}
