/** How an outcome's numbers and verdict are written. */
import type { OutcomeVerdict } from "../../../engine/mining/index.ts";
import type { CatalogView } from "../../../engine/model/catalog-view.ts";
import { formatCompact, formatNumber, formatPoints } from "../../charts/index.ts";
import type { Catalogue } from "../../i18n/index.ts";
import { membersIn } from "../../services/catalog-index.ts";

/** A yes-or-no outcome is written as a share and points, money as money. */
export interface OutcomeFormat {
  /** true for yes-or-no outcomes */
  readonly share: boolean;
  mean(value: number): string;
  lift(value: number): string;
  total(value: number): string;
}

/** The text with a plus sign for positive values. */
export const signed = (text: string, value: number): string => (value > 0 ? `+${text}` : text);

export const outcomeFormat = (
  outcome: Pick<OutcomeVerdict, "outcome" | "treated">,
  catalog: CatalogView,
): OutcomeFormat => {
  const share = outcome.treated.interval !== undefined;
  const measure = membersIn(catalog).measures.get(outcome.outcome);
  const column = { format: measure?.format ?? "number", ...(catalog.currency && { currency: catalog.currency }) };
  const exact = column.format === "integer" ? { format: "decimal" as const } : column;
  const total = (value: number): string =>
    column.format === "currency"
      ? formatCompact(value, column)
      : formatNumber(Math.round(value), { format: "integer" });
  return {
    share,
    mean: (value) => formatNumber(value, share ? { format: "percent" } : exact),
    lift: (value) => (share ? formatPoints(value) : signed(formatNumber(value, exact), value)),
    total: (value) => signed(total(value), value),
  };
};

export interface VerdictText {
  readonly text: string;
  /** a caveat; null for none */
  readonly note: string | null;
  readonly tone: "good" | "bad" | "none";
}

/** The verdict in words: never more than the interval and the correction allow. */
export const verdictText = (outcome: OutcomeVerdict, words: Catalogue["campaigns"]["verdicts"]): VerdictText => {
  if (outcome.verdict === "more") return { text: words.more, note: null, tone: "good" };
  if (outcome.verdict === "less") return { text: words.less, note: null, tone: "bad" };
  const uncorrected = (outcome.adjusted ?? outcome.lift).p;
  return { text: words.none, note: uncorrected < 0.05 ? words.chanceNote : null, tone: "none" };
};

/** `< 0.001`, `0.042` */
export const pText = (p: number): string => (p < 0.001 ? "< 0.001" : p.toFixed(3));

/** `up` for an interval above zero, `down` for one below; empty where it contains zero. */
export const intervalTone = ([low, high]: readonly [number, number]): string => {
  if (low > 0) return "up";
  return high < 0 ? "down" : "";
};

/** The tone of a corrected verdict. */
export const verdictTone = ({ verdict }: OutcomeVerdict): string => {
  if (verdict === "more") return "up";
  return verdict === "less" ? "down" : "";
};
