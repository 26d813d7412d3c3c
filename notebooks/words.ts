/** Numbers and dates in prose and tables. */
const WHOLE = new Intl.NumberFormat("en");
const SHORT = new Intl.NumberFormat("en", { notation: "compact", maximumSignificantDigits: 3 });

/** 1,234 */
export const integer = (value: number): string => WHOLE.format(Math.round(value));

/** €1,234, or €12.34 below a thousand */
export const money = (value: number, currency = "EUR"): string =>
  new Intl.NumberFormat("en", {
    style: "currency",
    currency,
    maximumFractionDigits: Math.abs(value) < 1000 ? 2 : 0,
  }).format(value);

/** €32.5M */
export const shortMoney = (value: number, currency = "EUR"): string =>
  new Intl.NumberFormat("en", { style: "currency", currency, notation: "compact", maximumSignificantDigits: 3 }).format(
    value,
  );

/** 1.23K */
export const compact = (value: number): string => SHORT.format(value);

/** A share, 0 to 1, as 12.3 % */
export const percent = (share: number, digits = 1): string => `${(100 * share).toFixed(digits)} %`;

/** `2025-07-01` as July 2025 */
export const month = (iso: string): string =>
  new Date(`${iso}T00:00:00Z`).toLocaleDateString("en", { month: "long", year: "numeric", timeZone: "UTC" });

/** An ISO date as a Date, for Plot. */
export const day = (iso: string): Date => new Date(`${iso}T00:00:00Z`);
