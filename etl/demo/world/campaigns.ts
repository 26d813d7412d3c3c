import { at, present } from "../../../engine/lookup.ts";
import { CHANNEL, CURVES } from "./parameters.ts";
import { isoDay } from "./calendar.ts";
import { Random } from "./random.ts";
import type { Customers } from "./customers.ts";

export interface Campaign {
  readonly id: number;
  readonly code: string;
  readonly name: string;
  readonly objective: string;
  readonly offer: string;
  readonly channel: number;
  /** day of the draw and of the first sends */
  readonly start: number;
  readonly window: number;
  readonly holdout: number;
  /** chance that a persuadable customer orders because of it */
  readonly effect: number;
  readonly discount: number;
  readonly audience: number;
  readonly budget: number;
}

export interface Draw {
  readonly campaigns: readonly Campaign[];
  /** one bit for each campaign: in the audience; treated */
  readonly member: Int32Array;
  readonly treated: Int32Array;
}

const KINDS = [
  ["Spring offer", "cross-sell", "10 % off", 0.1],
  ["Win back", "reactivation", "15 % off", 0.15],
  ["New arrivals", "information", "none", 0],
  ["Summer sale", "seasonal", "20 % off", 0.2],
  ["Loyalty thanks", "loyalty", "double points", 0],
  ["Christmas", "seasonal", "10 % off", 0.1],
] as const;
const CHANNEL_TURN = [
  CHANNEL.email,
  CHANNEL.mail,
  CHANNEL.email,
  CHANNEL.sms,
  CHANNEL.social,
  CHANNEL.email,
  CHANNEL.phone,
  CHANNEL.mail,
] as const;
const SIZE: { readonly [channel: number]: number } = {
  [CHANNEL.email]: 30_000,
  [CHANNEL.mail]: 20_000,
  [CHANNEL.sms]: 14_000,
  [CHANNEL.social]: 26_000,
  [CHANNEL.phone]: 6_000,
};
const CONSENT_BIT: { readonly [channel: number]: number } = {
  [CHANNEL.email]: 1,
  [CHANNEL.sms]: 2,
  [CHANNEL.phone]: 4,
  [CHANNEL.mail]: 8,
  [CHANNEL.social]: 16,
};
export const consentBit = (channel: number): number => present(CONSENT_BIT[channel]);

/**
 * 24 campaigns, some 44 days apart; the audience has consent and was a customer before; hold-outs are drawn at random.
 */
export function drawCampaigns(seed: number, scale: number, customers: Customers): Draw {
  const random = new Random(seed, "campaigns");
  const member = new Int32Array(customers.count);
  const treated = new Int32Array(customers.count);
  const campaigns = Array.from({ length: 24 }, (_, k): Campaign => {
    const channel = at(CHANNEL_TURN, k % CHANNEL_TURN.length);
    const start = 62 + k * 43 + random.int(6);
    const [title, objective, offer, discount] = at(KINDS, k % KINDS.length);
    const holdout = at([0.1, 0.15, 0.2, 0.25], k % 4);
    const eligible: number[] = [];
    for (let i = 0; i < customers.count; i++) {
      if (
        at(customers.joined, i) < start - 7 &&
        (at(customers.consent, i) & consentBit(channel)) !== 0 &&
        customers.doNotContact[i] === 0 &&
        (customers.inErp[i] === 1 || customers.account[i] === 1)
      )
        eligible.push(i);
    }
    const wanted = Math.min(1, (present(SIZE[channel]) * scale) / eligible.length);
    let audience = 0;
    for (const i of eligible) {
      if (!random.chance(wanted)) continue;
      audience++;
      member[i] = at(member, i) | (1 << k);
      if (!random.chance(holdout)) treated[i] = at(treated, i) | (1 << k);
    }
    const contact = present(CURVES.find((curve) => curve.channel === channel)).contact;
    return {
      id: k + 1,
      code: `C${String(k + 1).padStart(2, "0")}`,
      name: `${title} ${isoDay(start).slice(0, 7)}`,
      objective,
      offer,
      channel,
      start,
      window: at([14, 21, 28], k % 3),
      holdout,
      effect: at([0.14, 0.1, 0.08, 0.18, 0.05, 0.16], k % 6),
      discount,
      audience,
      budget: Math.round((audience * (1 - holdout) * contact) / 100 + 500),
    };
  });
  return { campaigns, member, treated };
}
