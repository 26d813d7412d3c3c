import { at } from "../../../engine/lookup.ts";
import { orderByTime } from "../world/grow.ts";
import { Random } from "../world/random.ts";
import type { World } from "../world/simulate.ts";

/** Under which numbers the systems know each person; 0 where they do not. */
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
/** Order numbers run through all channels; the letter says which one. */
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

/** How campaigns and web pages name a person: the ERP's number before the shop's; empty where neither knows him. */
export function contactOf(keys: Keys, i: number): string {
  if (at(keys.erp, i) > 0) return erpNo(at(keys.erp, i));
  return at(keys.shop, i) > 0 ? shopId(at(keys.shop, i)) : "";
}
