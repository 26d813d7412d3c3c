import { at } from "../../../engine/lookup.ts";
/** Pieces of SQL that several tables of the star share. All of it is written here, none comes from a request. */

/** `C000123`, `U000123`, `D000123` and the numbers of guests' first orders as one space of whole numbers. */
export const NODE = { erp: 0, shop: 10_000_000, guest: 20_000_000, desk: 30_000_000 } as const;
export const node = (system: keyof typeof NODE, id: string): string =>
  `${NODE[system]} + CAST(substr(${id}, 2) AS BIGINT)`;

/** An address that can be one, else null. */
export const email = (column: string): string =>
  `CASE WHEN regexp_full_match(lower(trim(${column})), '[^@ ]+@[^@ ]+\\.[a-z]{2,}') THEN lower(trim(${column})) END`;

/** Letters without accents, umlauts spelled out, as `Müller` and `MUELLER` become one. */
const plain = (text: string): string =>
  ["ä ae", "ö oe", "ü ue", "ß ss", "ø o", "å aa", "æ ae", "ł l"].reduce(
    (sql, pair) => `replace(${sql}, '${at(pair.split(" "), 0)}', '${at(pair.split(" "), 1)}')`,
    `lower(nfc_normalize(${text}))`,
  );
/** The words of a name in alphabetical order, so that first and last name may stand either way round. */
export const nameKey = (text: string): string =>
  `array_to_string(list_sort(regexp_extract_all(strip_accents(${plain(text)}), '[a-z]+')), ' ')`;
/** `MÜLLER` and `müller` as `Müller`; what has capitals in the middle stays as it is. */
export const properName = (column: string): string =>
  `CASE WHEN ${column} = upper(${column}) OR ${column} = lower(${column})
    THEN upper(left(${column}, 1)) || lower(substr(${column}, 2)) ELSE ${column} END`;

const PREFIXES = {
  DE: "49",
  AT: "43",
  CH: "41",
  NL: "31",
  BE: "32",
  FR: "33",
  PL: "48",
  CZ: "420",
  DK: "45",
  IT: "39",
  ES: "34",
} as const;
const prefix = (country: string): string =>
  `CASE ${country} ${Object.entries(PREFIXES)
    .map(([code, digits]) => `WHEN '${code}' THEN '${digits}'`)
    .join(" ")} END`;
/**
 * A telephone number in international form, else null: `0171/234 567` in Germany and `0049 171 234567` are both
 * `+49171234567`.
 */
export function phone(column: string, country: string): string {
  const digits = `regexp_replace(replace(${column}, '(0)', ''), '[^0-9+]', '', 'g')`;
  const whole = `CASE WHEN ${digits} LIKE '+%' THEN substr(${digits}, 2)
    WHEN ${digits} LIKE '00%' THEN substr(${digits}, 3)
    WHEN ${digits} LIKE '0%' THEN ${prefix(country)} || substr(${digits}, 2)
    ELSE ${prefix(country)} || ${digits} END`;
  return `CASE WHEN length(regexp_replace(${column}, '[^0-9]', '', 'g')) >= 8 THEN '+' || (${whole}) END`;
}

/** The company's clock: the shop and the desk write in UTC. */
export const berlin = (column: string): string => `(${column} AT TIME ZONE 'Europe/Berlin')`;
export const campaignId = (code: string): string => `CAST(substr(${code}, 2) AS INTEGER)`;
/** Campaigns drawn here are numbered from this on. */
export const DRAWN_HERE = 1_000_000;
export const orderId = (no: string): string => `CAST(substr(${no}, 2) AS BIGINT)`;
export const money = (expression: string): string => `CAST(${expression} AS DECIMAL(14,2))`;

/**
 * Joins the customer's version `v` that was valid on a day of the fact `alias`. Plain comparisons beside an equality
 * make a hash join; an ASOF join may be run as a nested loop here, which took forty times as long.
 */
export const versionOn = (alias: string, day: string): string =>
  `LEFT JOIN dim_customer v ON v.customer_id = ${alias}.customer_id AND v.valid_from <= ${alias}.${day}
    AND coalesce(v.valid_until, TIMESTAMP '9999-12-31') > ${alias}.${day}`;
