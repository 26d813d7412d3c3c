/** A campaign's list as CSV: keys, names, ways to reach people, channel and offer. */
import type { Result, Value } from "../../engine/model/query.ts";
import type { Assignment, Campaign } from "../../etl/index.ts";
import { csv } from "./csv.ts";

/** An attribute of the members that the list shows. */
export interface MemberColumn {
  readonly name: string;
  readonly title: string;
}

const column = (name: string, title: string): Result["columns"][number] => ({
  name,
  title,
  type: "string",
  kind: "dimension",
});

/** @param known values of the attributes by member key */
export function assignmentsCsv(
  campaign: Campaign,
  assignments: readonly Assignment[],
  known: ReadonlyMap<string, { readonly [attribute: string]: Value }>,
  attributes: readonly MemberColumn[],
): string {
  const columns = [
    column("campaign", "Campaign"),
    column("member", `${campaign.plan.over} key`),
    ...attributes.map((each) => column(each.name, each.title)),
    column("channel", "Channel"),
    column("offer", "Offer"),
  ];
  const rows = assignments.map((each) => ({
    ...known.get(each.member),
    campaign: campaign.name,
    member: each.member,
    channel: each.channel,
    offer: each.offer,
  }));
  return csv({ columns, rows }, { titles: true });
}
