import { at } from "../../../engine/lookup.ts";
import { join } from "node:path";
import { CHANNEL, CHANNEL_CODES, CURVES } from "../world/parameters.ts";
import { isoTime } from "../world/calendar.ts";
import { TOUCH_KINDS } from "../world/touches.ts";
import { Drops, small } from "./drops.ts";
import { contactOf, orderNo, shopId, type Keys } from "./keys.ts";
import type { BrokenRows } from "./broken.ts";
import type { World } from "../world/simulate.ts";

/** Contacts and visits as CSV. */
export function writeTouchpoints(
  folder: string,
  world: World,
  keys: Keys,
  broken: BrokenRows,
  onRows: (rows: number) => void,
): void {
  const { touches, draw, customers } = world;
  const drops = new Drops(
    join(folder, "touchpoints"),
    ".csv",
    small(world),
    "touch_id,touched_at,contact,channel,campaign,kind,order_no,cost",
  );
  const cost = CHANNEL_CODES.map((_, channel) =>
    ((CURVES.find((curve) => curve.channel === channel)?.contact ?? 0) / 100).toFixed(2),
  );
  const send = Array.from({ length: customers.count }, (_, i) => contactOf(keys, i));
  const visit = Array.from({ length: customers.count }, (_, i) =>
    at(keys.shop, i) > 0 ? shopId(at(keys.shop, i)) : "",
  );
  const faults = Math.max(3, Math.round(200 * world.scale));
  const every = Math.max(1, Math.floor(touches.count / faults));
  for (let n = 0; n < touches.count; n++) {
    const k = at(world.touchSequence, n);
    const time = at(touches.time, k);
    const out = drops.at(Math.floor(time / 86_400));
    const kind = at(touches.kind, k);
    const i = at(touches.customer, k);
    const order = at(touches.order, k);
    const campaign = at(touches.campaign, k);
    const contact = kind === 3 ? visit : send;
    out.push(
      [
        n + 1,
        isoTime(time),
        i < 0 ? "" : at(contact, i),
        at(CHANNEL_CODES, at(touches.channel, k)),
        campaign === 0 ? "" : at(draw.campaigns, campaign - 1).code,
        at(TOUCH_KINDS, kind),
        order < 0 ? "" : orderNo(CHANNEL.web, at(world.orderNumber, order)),
        kind === 0 ? at(cost, at(touches.channel, k)) : "",
      ].join(),
    );
    if (n % every === 0 && n / every < faults) {
      const wrong = 90_000_000 + n / every + 1;
      const kinds = [
        { fault: "bad date", line: `${wrong},yesterday,,web,,visit,,` },
        { fault: "truncated", line: `${wrong},${isoTime(time)},,email` },
        { fault: "bad number", line: `${wrong},${isoTime(time)},,email,C01,send,,0.O1` },
      ] as const;
      const { fault, line } = at(kinds, (n / every) % kinds.length);
      out.push(line);
      broken.add("touchpoints", String(wrong), fault);
    }
    if (n % 50_000 === 0) onRows(n);
  }
  drops.close();
}
