/** What a reader can change about an allocation, and its address: budget, limits, period. */
import { TesseraError, phrase } from "../../../engine/errors/index.ts";
import { periodOf } from "../parts/period.ts";

/** Limits on the spend of one channel. */
export interface SpendBounds {
  readonly least?: number;
  readonly most?: number;
}

export interface ChannelState {
  /** the allocation that budget and limits change; null for none */
  readonly of: string | null;
  readonly period: string | null;
  readonly budget: number | null;
  readonly bounds: ReadonlyMap<string, SpendBounds>;
}

/** @throws TesseraError `bad-request` */
const amountOf = (text: string | null, place: string): number | null => {
  const digits = (text ?? "").replace(/[\s,]/g, "");
  if (text === null || digits === "") return null;
  const value = Number(digits);
  if (!Number.isFinite(value) || value < 0)
    throw new TesseraError("bad-request", phrase`"${text.slice(0, 60)}" is not an amount of money`, {
      place: `?${place}`,
      remedy: "use a number of zero or more, without a currency",
    });
  return value;
};

/**
 * `?of=channel_budget&budget=70000&least.E-mail=1000&most.E-mail=9000`
 * @throws TesseraError `bad-request` for text that is not an amount
 */
export const parseChannelState = (parameters: URLSearchParams): ChannelState => {
  const bounds = new Map<string, SpendBounds>();
  for (const [name, text] of parameters) {
    const [, side, channel] = /^(least|most)\.(.{1,300})$/.exec(name) ?? [];
    const value = channel === undefined ? null : amountOf(text, name);
    if (side === undefined || channel === undefined || value === null) continue;
    bounds.set(channel, { ...bounds.get(channel), [side]: value });
  }
  return {
    of: parameters.get("of"),
    period: periodOf(parameters),
    budget: amountOf(parameters.get("budget"), "budget"),
    bounds,
  };
};
