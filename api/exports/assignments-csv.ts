/** The list of a campaign's draw as CSV: keys with names and ways to reach them, text neutralised. */
import type { Result, Value } from "../../engine/model/query.ts";
import type { Assignment, Campaign } from "../../etl/index.ts";
import { csv } from "./csv.ts";

/** @param known by key: what else stands in the list, for example names and addresses */
export function assignmentsCsv(
  campaign: Campaign,
  assignments: readonly Assignment[],
  known: ReadonlyMap<string, { readonly [member: string]: Value }>,
  titles: readonly { readonly name: string; readonly title: string }[],
): string {
  const column = (name: string, title: string, type: "string" | "number" = "string"): Result["columns"][number] => ({
    name,
    title,
    type,
    kind: "dimension",
  });
  const columns = [
    column("campaign", "Campaign"),
    column("member", `${campaign.plan.over} key`),
    ...titles.map((t) => column(t.name, t.title)),
    column("channel", "Channel"),
    column("offer", "Offer"),
  ];
  const rows = assignments.map((a) => ({
    ...known.get(a.member),
    campaign: campaign.name,
    member: a.member,
    channel: a.channel,
    offer: a.offer,
  }));
  return csv({ columns, rows }, { titles: true });
}
