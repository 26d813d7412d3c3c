import { at } from "../../engine/lookup.ts";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  CHANNEL,
  CHURN_REASONS,
  CURVES,
  FALL,
  GONE_FACTOR,
  PURCHASES,
  STATUSES,
  TIERS,
  UPLIFT_TYPES,
} from "./world/parameters.ts";
import { CITIES } from "./world/geography.ts";
import { DAYS, isoDay } from "./world/calendar.ts";
import { net, refund } from "./world/lines.ts";
import { deskId, erpNo, orderNo, shopId, type Keys } from "./systems/keys.ts";
import type { BrokenRow } from "./systems/broken.ts";
import type { OrderCustomers } from "./systems/erp-sales.ts";
import type { World } from "./world/simulate.ts";

const json = (folder: string, name: string, value: unknown): void =>
  writeFileSync(join(folder, name), `${JSON.stringify(value, null, 2)}\n`);

/** What is known of the world and stands in no system: kept aside to judge analyses by, never loaded. */
export function writeTruth(
  folder: string,
  world: World,
  keys: Keys,
  named: OrderCustomers,
  broken: readonly BrokenRow[],
): void {
  mkdirSync(folder, { recursive: true });
  const { customers, orders, lines, draw } = world;
  json(folder, "parameters.json", {
    seed: world.seed,
    scale: world.scale,
    purchases: { model: "BG/NBD in weeks of business time", ...PURCHASES },
    goneFactor: GONE_FACTOR,
    upliftTypes: UPLIFT_TYPES,
    curves: CURVES,
    tiers: TIERS,
    statuses: STATUSES,
  });
  json(folder, "fall.json", {
    ...FALL,
    carrier: "BlueVan",
    cause: "BlueVan delivers late in Bavaria: orders are lost, returns and complaints rise",
    failedOrders: count(orders.failed),
  });
  json(
    folder,
    "pairs.json",
    world.catalogue.pairs.map(([first, second, probability]) => ({
      first: first + 1,
      second: second + 1,
      probability,
    })),
  );
  writeFileSync(
    join(folder, "spend.csv"),
    [
      "month,channel_id,actual,expected_orders",
      ...world.spend.map(
        (entry) => `${entry.month + 1},${entry.channel},${entry.actual},${entry.expectedOrders.toFixed(3)}`,
      ),
    ].join("\n") + "\n",
  );
  writeFileSync(
    join(folder, "uplift.csv"),
    [
      "campaign,type,treated,expected_extra,realised_extra,suppressed",
      ...draw.campaigns.flatMap((campaign, k) =>
        UPLIFT_TYPES.map((type, t) => {
          const { treated, expected, realised, suppressed } = at(at(orders.planned, k), t);
          return [campaign.code, type.name, treated, expected.toFixed(4), realised, suppressed].join();
        }),
      ),
    ].join("\n") + "\n",
  );
  writeFileSync(
    join(folder, "broken.csv"),
    ["system,table,key,fault", ...broken.map((row) => `${row.system},${row.table},${row.key},${row.fault}`)].join(
      "\n",
    ) + "\n",
  );

  const bought = new Int32Array(customers.count);
  const churn = new Uint8Array(customers.count);
  const totals = {
    orders: orders.count,
    lines: lines.count,
    net: 0,
    list: 0,
    discount: 0,
    cost: 0,
    returned: 0,
    webOrders: 0,
    namelessOrders: 0,
    touches: world.touches.count,
    cases: world.cases.length,
    customers: customers.count,
  };
  for (let o = 0; o < orders.count; o++) {
    bought[at(orders.customer, o)]!++;
    if (at(orders.churn, o) > 0) churn[at(orders.customer, o)] = at(orders.churn, o);
    if (orders.channel[o] === CHANNEL.web) totals.webOrders++;
    else if (named.erp[o] === 0) totals.namelessOrders++;
  }
  for (let line = 0; line < lines.count; line++) {
    totals.net += net(lines, line);
    totals.list += at(lines.list, line);
    totals.discount += at(lines.discount, line);
    totals.cost += at(lines.cost, line);
    totals.returned += refund(lines, line);
  }
  json(folder, "totals.json", { ...totals, note: "money in cents" });

  const people = ["person,joined_on,weekly_rate,dropout,gone_on,churn_reason,orders,uplift_type,bargain,basket,region"];
  const identities = ["source,source_id,person"];
  for (let i = 0; i < customers.count; i++) {
    people.push(
      [
        i + 1,
        isoDay(at(customers.joined, i)),
        at(customers.rate, i).toFixed(6),
        at(customers.dropout, i).toFixed(6),
        at(orders.goneOn, i) < DAYS ? isoDay(at(orders.goneOn, i)) : "",
        at(churn, i) > 0 ? at(CHURN_REASONS, at(churn, i) - 1) : "",
        at(bought, i),
        at(UPLIFT_TYPES, at(customers.uplift, i)).name,
        at(customers.bargain, i).toFixed(4),
        at(customers.basket, i).toFixed(4),
        at(CITIES, at(customers.city, i)).region,
      ].join(),
    );
    if (at(keys.erp, i) > 0) identities.push(`erp,${erpNo(at(keys.erp, i))},${i + 1}`);
    if (at(keys.erpTwin, i) > 0) identities.push(`erp,${erpNo(at(keys.erpTwin, i))},${i + 1}`);
    if (at(keys.shop, i) > 0) identities.push(`shop,${shopId(at(keys.shop, i))},${i + 1}`);
    if (at(keys.desk, i) > 0) identities.push(`desk,${deskId(at(keys.desk, i))},${i + 1}`);
  }
  for (let o = 0; o < orders.count; o++)
    if (orders.guest[o] === 1)
      identities.push(`guest order,${orderNo(CHANNEL.web, at(world.orderNumber, o))},${at(orders.customer, o) + 1}`);
  writeFileSync(join(folder, "customers.csv"), `${people.join("\n")}\n`);
  writeFileSync(join(folder, "identities.csv"), `${identities.join("\n")}\n`);
}

const count = (flags: Uint8Array): number => flags.reduce((sum, flag) => sum + flag, 0);
