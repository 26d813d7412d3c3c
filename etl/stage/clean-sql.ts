/** Cleaning steps and types as DuckDB SQL. */
import { quoteText } from "../../engine/warehouse/index.ts";
import type { Clean, ColumnSpec } from "../declare/column.ts";

const EMAIL = '[^@\\s,;<>"]+@[^@\\s,;<>"]+\\.[^@\\s,;<>".]{2,}';

/** White space at the ends, the unbreakable kinds included. */
const TRIM = "\\s\u00a0\u2007\u202f\ufeff";
const trimmed = (text: string): string => `regexp_replace(${text}, '^[${TRIM}]+|[${TRIM}]+$', '', 'g')`;
const collapsed = (text: string): string => `regexp_replace(${text}, '[${TRIM}]+', ' ', 'g')`;

/** One step; a value it refuses becomes null. `phones` names the column with the numbers in their international form. */
export function cleanStep(step: Clean, text: string, phone: (country: string, text: string) => string): string {
  if (step.startsWith("phone:")) return phone(step.slice("phone:".length), text);
  switch (step as Exclude<Clean, `phone:${string}`>) {
    case "trim":
      return trimmed(text);
    case "collapse":
      return collapsed(text);
    case "lowercase":
      return `lower(${text})`;
    case "uppercase":
      return `upper(${text})`;
    case "name":
      return `nullif(nfc_normalize(trim(${collapsed(text)})), '')`;
    case "empty":
      return `nullif(${text}, '')`;
    case "email":
      return `CASE WHEN regexp_full_match(lower(${trimmed(text)}), ${quoteText(EMAIL)}) THEN lower(${trimmed(text)}) END`;
  }
}

/** What the step calls a value that it refuses; undefined for steps that refuse none. */
export function refusalOf(step: Clean): string | undefined {
  if (step === "email") return "no e-mail address";
  if (step.startsWith("phone:")) return "no phone number";
  return undefined;
}

const INTEGERS = new Set(["SMALLINT", "INTEGER", "BIGINT"]);

/** The contract's word for a type in DuckDB's. */
export const duckType = (type: string): string => type.toUpperCase().replace(/\s+/g, "");

/** A value as its type, null where it cannot be one without loss; infinities and NaN are none of ours. */
export function castSql(
  value: string,
  raw: string,
  type: string,
  spec: Pick<ColumnSpec, "format" | "decimal" | "round"> = {},
): string {
  if (raw === "VARCHAR") return castText(value, type, spec);
  if (raw === type)
    return /^(DOUBLE|DATE|TIMESTAMP|TIMESTAMPTZ)$/.test(type)
      ? `CASE WHEN isfinite(${value}) THEN ${value} END`
      : value;
  if (INTEGERS.has(type) && raw === "DOUBLE")
    return `CASE WHEN isfinite(${value}) AND ${value} = round(${value}) THEN TRY_CAST(${value} AS ${type}) END`;
  if (INTEGERS.has(type) && raw.startsWith("DECIMAL"))
    return `CASE WHEN ${value} = round(${value}, 0) THEN TRY_CAST(${value} AS ${type}) END`;
  const to = scaleOf(type);
  if (to !== undefined && spec.round !== true) {
    // a double's last bits are noise, not digits
    if (raw === "DOUBLE")
      return `CASE WHEN abs(${value} - TRY_CAST(${value} AS ${type})::DOUBLE) <= abs(${value}) * 1e-15 THEN TRY_CAST(${value} AS ${type}) END`;
    if ((scaleOf(raw) ?? 0) > to)
      return `CASE WHEN ${value} = round(${value}, ${to}) THEN TRY_CAST(${value} AS ${type}) END`;
  }
  return `TRY_CAST(${value} AS ${type})`;
}

const scaleOf = (type: string): number | undefined => {
  const match = /^DECIMAL\(\d+,(\d+)\)$/.exec(type);
  return match === null ? undefined : Number(match[1]);
};

function castText(value: string, type: string, spec: Pick<ColumnSpec, "format" | "decimal" | "round">): string {
  if (type === "VARCHAR") return value;
  if (type === "BLOB") return `TRY_CAST(${value} AS BLOB)`;
  const text = `nullif(trim(${value}), '')`;
  if (spec.format !== undefined && /^(DATE|TIME|TIMESTAMP|TIMESTAMPTZ)$/.test(type)) {
    const formats = typeof spec.format === "string" ? [spec.format] : spec.format;
    return `TRY_CAST(try_strptime(${text}, [${formats.map(quoteText).join(", ")}]) AS ${type})`;
  }
  if (spec.decimal === "," && /^(DOUBLE|DECIMAL|SMALLINT|INTEGER|BIGINT)/.test(type)) {
    return numberText(
      `replace(replace(regexp_replace(${value}, '[${TRIM}'']+', '', 'g'), '.', ''), ',', '.')`,
      type,
      spec.round,
    );
  }
  if (/^(DOUBLE|DECIMAL|SMALLINT|INTEGER|BIGINT)/.test(type)) return numberText(text, type, spec.round);
  if (/^(DATE|TIMESTAMP|TIMESTAMPTZ)$/.test(type))
    return `CASE WHEN isfinite(TRY_CAST(${text} AS ${type})) THEN TRY_CAST(${text} AS ${type}) END`;
  return `TRY_CAST(${text} AS ${type})`;
}

function numberText(text: string, type: string, round = false): string {
  // DuckDB rounds 1.5 to the integer 2: that is a loss
  if (INTEGERS.has(type))
    return `CASE WHEN contains(${text}, '.') AND TRY_CAST(${text} AS DOUBLE) <> TRY_CAST(${text} AS ${type}) THEN NULL ELSE TRY_CAST(${text} AS ${type}) END`;
  if (type === "DOUBLE") return `CASE WHEN isfinite(TRY_CAST(${text} AS DOUBLE)) THEN TRY_CAST(${text} AS DOUBLE) END`;
  const scale = scaleOf(type);
  if (scale === undefined || round) return `TRY_CAST(${text} AS ${type})`;
  // so does it with decimals; what is more than zeros behind the last place is a loss too, and an exponent is looked at as a number
  const fits = `length(${text}) - strpos(${text}, '.') <= ${scale} OR regexp_full_match(${text}, '[^.]*\\.[0-9]{0,${scale}}0*')`;
  return `CASE WHEN regexp_matches(${text}, '[eE]') THEN ${castSql(`TRY_CAST(${text} AS DOUBLE)`, "DOUBLE", type)} WHEN NOT contains(${text}, '.') OR ${fits} THEN TRY_CAST(${text} AS ${type}) END`;
}
