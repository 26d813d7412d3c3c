/** Numbers and dates in prose and tables. */
const whole = new Intl.NumberFormat("en");
const short = new Intl.NumberFormat("en", { notation: "compact", maximumSignificantDigits: 3 });

export const integer = (value: number): string => whole.format(Math.round(value));
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
export const compact = (value: number): string => short.format(value);
export const percent = (share: number, digits = 1): string => `${(100 * share).toFixed(digits)} %`;
/** `2025-07-01` as July 2025 */
export const month = (iso: string): string =>
  new Date(`${iso}T00:00:00Z`).toLocaleDateString("en", { month: "long", year: "numeric", timeZone: "UTC" });
export const day = (iso: string): Date => new Date(`${iso}T00:00:00Z`);
