import { at } from "../../../engine/lookup.ts";
import { orderByTime } from "../world/grow.ts";
import { Random } from "../world/random.ts";
import type { World } from "../world/simulate.ts";

/** Each person's numbers in the systems; 0 for none. */
export interface Keys {
  readonly erp: Int32Array;
  /** a second number in the ERP, by mistake */
  readonly erpTwin: Int32Array;
  readonly shop: Int32Array;
  readonly desk: Int32Array;
}

export const erpNo = (n: number): string => `C${String(n).padStart(6, "0")}`;
export const shopId = (n: number): string => `U${String(n).padStart(6, "0")}`;
export const deskId = (n: number): string => `D${String(n).padStart(6, "0")}`;
const PREFIX = ["", "S", "W", "P", "B"] as const;
/** Order numbers are consecutive over all channels; the letter is the channel. */
export const orderNo = (channel: number, n: number): string => `${at(PREFIX, channel)}${1_000_000 + n}`;
export const caseNo = (n: number): string => `K${String(n).padStart(6, "0")}`;

export function makeKeys(world: World): Keys {
  const { customers, seed } = world;
  const random = new Random(seed, "keys");
  const keys: Keys = {
    erp: new Int32Array(customers.count),
    erpTwin: new Int32Array(customers.count),
    shop: new Int32Array(customers.count),
    desk: new Int32Array(customers.count),
  };
  let erp = 0;
  let shop = 0;
  let desk = 0;
  for (const i of orderByTime(customers.joined)) {
    if (customers.inErp[i] === 1) keys.erp[i] = ++erp;
    if (customers.account[i] === 1) keys.shop[i] = ++shop;
  }
  for (let i = 0; i < customers.count; i++)
    if (customers.inErp[i] === 1 && customers.prospect[i] === 0 && random.chance(0.015)) keys.erpTwin[i] = ++erp;
  for (const entry of world.cases) if (keys.desk[entry.customer] === 0) keys.desk[entry.customer] = ++desk;
  return keys;
}

/** The number of a person in campaigns and web pages: the ERP's, else the shop's, else empty. */
export function contactOf(keys: Keys, i: number): string {
  if (at(keys.erp, i) > 0) return erpNo(at(keys.erp, i));
  return at(keys.shop, i) > 0 ? shopId(at(keys.shop, i)) : "";
}
