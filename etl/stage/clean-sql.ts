/** Cleaning steps and types as DuckDB SQL. */
import { quoteText } from "../../engine/warehouse/index.ts";
import type { Clean, ColumnSpec } from "../declare/column.ts";

const EMAIL = '[^@\\s,;<>"]+@[^@\\s,;<>"]+\\.[^@\\s,;<>".]{2,}';

/** White space including its non-breaking kinds, as part of a character class. */
const TRIM = "\\s\u00a0\u2007\u202f\ufeff";
const trimmed = (text: string): string => `regexp_replace(${text}, '^[${TRIM}]+|[${TRIM}]+$', '', 'g')`;
const collapsed = (text: string): string => `regexp_replace(${text}, '[${TRIM}]+', ' ', 'g')`;

/** SQL of one cleaning step; invalid values become null. @param phone SQL of a number in international form */
export function cleanStep(step: Clean, text: string, phone: (country: string, text: string) => string): string {
  if (isPhone(step)) return phone(step.slice("phone:".length), text);
  switch (step) {
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
      return `CASE WHEN regexp_full_match(lower(${trimmed(text)}), ${quoteText(EMAIL)})
        THEN lower(${trimmed(text)}) END`;
  }
}

const isPhone = (step: Clean): step is `phone:${string}` => step.startsWith("phone:");

/** Why the step rejects a value; undefined for steps that reject nothing. */
export function refusalOf(step: Clean): string | undefined {
  if (step === "email") return "invalid e-mail address";
  if (isPhone(step)) return "invalid phone number";
  return undefined;
}

const INTEGERS = new Set(["SMALLINT", "INTEGER", "BIGINT"]);

/** DuckDB's name of a contract's type. */
export const duckType = (type: string): string => type.toUpperCase().replace(/\s+/g, "");

/** SQL of a value as a type: null for a value that the type cannot hold without loss, and for infinities and NaN. */
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
    // the last bits of a double are noise
    if (raw === "DOUBLE") {
      const cast = `TRY_CAST(${value} AS ${type})`;
      return `CASE WHEN abs(${value} - ${cast}::DOUBLE) <= abs(${value}) * 1e-15 THEN ${cast} END`;
    }
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
  const cast = `TRY_CAST(${text} AS ${type})`;
  // DuckDB rounds 1.5 to the integer 2, which is a loss
  if (INTEGERS.has(type))
    return `CASE WHEN contains(${text}, '.') AND TRY_CAST(${text} AS DOUBLE) <> ${cast} THEN NULL ELSE ${cast} END`;
  if (type === "DOUBLE") return `CASE WHEN isfinite(TRY_CAST(${text} AS DOUBLE)) THEN TRY_CAST(${text} AS DOUBLE) END`;
  const scale = scaleOf(type);
  if (scale === undefined || round) return cast;
  // DuckDB also rounds decimals: digits other than zeros beyond the scale are a loss
  const isShort = `length(${text}) - strpos(${text}, '.') <= ${scale}`;
  const fits = `${isShort} OR regexp_full_match(${text}, '[^.]*\\.[0-9]{0,${scale}}0*')`;
  const withExponent = castSql(`TRY_CAST(${text} AS DOUBLE)`, "DOUBLE", type);
  return `CASE WHEN regexp_matches(${text}, '[eE]') THEN ${withExponent}
    WHEN NOT contains(${text}, '.') OR ${fits} THEN ${cast} END`;
}
