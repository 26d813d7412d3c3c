import { at, present } from "../../../engine/lookup.ts";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CHANNELS } from "../world/parameters.ts";
import { firstOfMonth, isoDay } from "../world/calendar.ts";
import { contactOf, type Keys } from "./keys.ts";
import { fixZipDates } from "./zip-dates.ts";
import type { Sheet } from "write-excel-file/node";
import type { BrokenRows } from "./broken.ts";
import type { World } from "../world/simulate.ts";

const channelName = (id: number): string => present(CHANNELS.find((channel) => channel.id === id)).name;
const date = (day: number): Date => new Date(`${isoDay(day)}T00:00:00Z`);

/**
 * The marketing department's workbook — campaigns, budgets, spend — and the lists that the mailing tool drew for
 * each campaign.
 */
export async function writeMarketing(folder: string, world: World, keys: Keys, broken: BrokenRows): Promise<void> {
  mkdirSync(join(folder, "assignments"), { recursive: true });
  const { draw, customers } = world;
  const { default: writeExcel } = await import("write-excel-file/node");
  const sheets: Sheet<Buffer>[] = [];
  const sheet = (name: string, columns: readonly string[], rows: readonly (string | number | Date)[][]): void =>
    void sheets.push({ sheet: name, data: [[...columns], ...rows.map((row) => [...row])], dateFormat: "yyyy-mm-dd" });
  sheet(
    "Campaigns",
    [
      "campaign_code",
      "campaign_name",
      "objective",
      "offer",
      "channel",
      "starts_on",
      "window_days",
      "holdout_share",
      "budget",
    ],
    draw.campaigns.map((campaign) => [
      campaign.code,
      campaign.name,
      campaign.objective,
      campaign.offer,
      channelName(campaign.channel),
      date(campaign.start),
      campaign.window,
      campaign.holdout,
      campaign.budget,
    ]),
  );
  sheet(
    "Budget",
    ["month", "channel", "budget"],
    world.spend.map((entry) => [date(at(firstOfMonth, entry.month)), channelName(entry.channel), entry.budget]),
  );
  broken.add("spend", "Radio/2025-11-01", "bad number");
  broken.add("spend", "Radio/2025-12-01", "bad number");
  sheet(
    "Spend",
    ["month", "channel", "actual"],
    [
      ...world.spend.map((entry) => [date(at(firstOfMonth, entry.month)), channelName(entry.channel), entry.actual]),
      [date(at(firstOfMonth, 34)), "Radio", "tbd"],
      [date(at(firstOfMonth, 35)), "Radio", "see mail"],
    ],
  );
  const bytes = await writeExcel(sheets).toBuffer();
  fixZipDates(bytes);
  writeFileSync(join(folder, "marketing.xlsx"), bytes);

  draw.campaigns.forEach((campaign, k) => {
    const lines = ["campaign_code,contact,arm,assigned_on"];
    for (let i = 0; i < customers.count; i++) {
      if ((at(draw.member, i) & (1 << k)) !== 0)
        lines.push(
          [
            campaign.code,
            contactOf(keys, i),
            (at(draw.treated, i) & (1 << k)) !== 0 ? "treated" : "hold-out",
            isoDay(campaign.start),
          ].join(),
        );
    }
    writeFileSync(join(folder, "assignments", `${campaign.code}.csv`), `${lines.join("\n")}\n`);
  });
}
