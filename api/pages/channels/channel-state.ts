/** What a reader may change about an allocation, and its address: budget, bounds, period. */
import { TesseraError, phrase } from "../../../engine/errors/index.ts";
import { periodOf } from "../campaigns/experiment-data.ts";

export interface ChannelState {
  /** the allocation that budget and bounds are for; null for none */
  readonly of: string | null;
  readonly period: string | null;
  readonly budget: number | null;
  readonly bounds: { readonly [channel: string]: { readonly least?: number; readonly most?: number } };
}

const numberOf = (text: string | null, place: string): number | null => {
  const cleaned = (text ?? "").replace(/[\s,]/g, "");
  if (cleaned === "") return null;
  const value = Number(cleaned);
  if (!Number.isFinite(value) || value < 0)
    throw new TesseraError("bad-request", phrase`${text!.slice(0, 60)} is no amount of money`, {
      place: `?${place}`,
      remedy: "give a number of zero or more, without a currency",
    });
  return value;
};

/** `?of=channel_budget&budget=70000&least.E-mail=1000&most.E-mail=9000` @throws TesseraError bad-request for what is no amount */
export const parseChannelState = (parameters: URLSearchParams): ChannelState => {
  const bounds: { [channel: string]: { least?: number; most?: number } } = Object.create(null) as {
    [channel: string]: { least?: number; most?: number };
  };
  for (const [name, text] of parameters) {
    const match = /^(least|most)\.(.{1,300})$/.exec(name);
    const value = match ? numberOf(text, name) : null;
    if (match && value !== null) bounds[match[2]!] = { ...bounds[match[2]!], [match[1]!]: value };
  }
  return {
    of: parameters.get("of"),
    period: periodOf(parameters),
    budget: numberOf(parameters.get("budget"), "budget"),
    bounds,
  };
};
