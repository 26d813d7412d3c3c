/** Money in the currency of the catalog. */
import type { CatalogView } from "../../../engine/model/catalog-view.ts";
import { formatCompact, formatNumber } from "../../charts/index.ts";

/** Format and currency of money. */
export const moneyColumn = ({ currency }: Pick<CatalogView, "currency">) => ({
  format: "currency" as const,
  ...(currency && { currency }),
});

/** Prints money in little room: `$1.23M`. */
export const compactMoney = (catalog: Pick<CatalogView, "currency">): ((value: number) => string) => {
  const column = moneyColumn(catalog);
  return (value) => formatCompact(value, column);
};

/** Prints small amounts at full length and large ones in little room. */
export const money = (catalog: Pick<CatalogView, "currency">): ((value: number) => string) => {
  const column = moneyColumn(catalog);
  return (value) => (Math.abs(value) >= 10_000 ? formatCompact(value, column) : formatNumber(value, column));
};
