/**
 * Attribution and budget: what orders owe to the channels before them, by which rule, and how the same money would be
 * better split.
 */
import { axisX, axisY, dot, gridX, link, ruleX, text, type Data } from "@observablehq/plot";
import type { AllocationRequest, OpenProject, Row } from "tessera";
import { DataFrame } from "danfojs-node";
import { rowsOf } from "./frame.ts";
import { chart, heading, prose, SERIES, table, type Page } from "./page.ts";
import { integer, money, percent, shortMoney } from "./words.ts";

const REQUEST = {
  touches: "touches",
  channel: "channel",
  unit: "customer",
  time: "touches.touched_at",
  filters: [{ member: "touches.kind", operator: "in", values: ["open", "click", "visit"] }],
  conversions: "sales",
  conversion: "sales.order",
  value: "sales.revenue",
  cost: "spend.actual",
  lookback: 30,
  order: 2,
} as const;
const SPLIT: AllocationRequest = {
  spend: "spend.actual",
  outcome: "touches.visits",
  channel: "channel.name",
  period: "date.month",
};
const RULES = [
  ["first", "First touch"],
  ["last", "Last touch"],
  ["linear", "Linear"],
  ["markov", "Markov"],
  ["shapley", "Shapley"],
] as const;

export default async function attributionBudget(project: OpenProject): Promise<Page> {
  const [credit, split] = await Promise.all([project.attribution(REQUEST), project.allocation(SPLIT)]);
  const channels = credit.channels.filter((c) => c.conversions.markov > 0 || c.conversions.last > 0);
  const lines = new DataFrame(
    channels.flatMap((c) => RULES.map(([rule, title]) => [c.channel, title, c.conversions[rule] / credit.conversions])),
    { columns: ["channel", "rule", "share"] },
  );
  const spread = rowsOf(lines.groupby(["channel"]).agg({ share: ["min", "max"] })).sort(
    (a, b) => Number(b["share_max"]) - Number(a["share_max"]),
  );
  const data = rowsOf(lines) as unknown as Data;
  const widest = spread.reduce((a, b) =>
    Number(b["share_max"]) - Number(b["share_min"]) > Number(a["share_max"]) - Number(a["share_min"]) ? b : a,
  );
  const order = spread.map((row) => String(row["channel"]));
  const paid = channels.filter((c) => c.cost !== null && c.cost > 0).sort((a, b) => (b.roas ?? 0) - (a.roas ?? 0));
  const moves = split.channels.map((c) => ({
    channel: c.channel,
    now: c.current,
    then: c.recommended,
    change: c.recommended - c.current,
    marginal: c.marginal,
    far: c.extrapolated,
  }));
  const up = moves.reduce((a, b) => (b.change > a.change ? b : a)),
    down = moves.reduce((a, b) => (b.change < a.change ? b : a));
  const sure = split.gain.interval[0] > 0;
  return {
    title: "Attribution and budget",
    lead: `${integer(credit.conversions)} orders with a touch in the ${credit.lookback} days before them, and the money behind the touches.`,
    source: `Warehouse version ${project.manifest().version}. The chain is of order ${credit.order}; its intervals draw customers anew.`,
    parts: [
      heading("Who gets the credit depends on the rule"),
      prose(
        `Each rule shares out the same ${integer(credit.conversions)} orders; another **${integer(credit.untouched.conversions)}** had no touch before them and are no channel's. The rules differ most about **${String(widest["channel"])}**: from ${percent(Number(widest["share_min"]))} to ${percent(Number(widest["share_max"]))} of these orders.`,
      ),
      chart("Share of these orders by rule", "Share of orders by channel and rule, a dot a rule.", {
        height: 80 + 32 * order.length,
        marginLeft: 130,
        marginTop: 36,
        x: { label: null },
        y: { label: null, domain: order },
        color: { domain: RULES.map(([, title]) => title), range: SERIES, legend: false },
        marks: [
          gridX({ stroke: "var(--line)", strokeOpacity: 1 }),
          axisX({ tickFormat: (value: number) => `${Math.round(100 * value)} %`, tickSize: 0, label: null }),
          axisY({ tickSize: 0, label: null }),
          ruleX([0]),
          link(spread as unknown as Data, {
            x1: "share_min",
            x2: "share_max",
            y1: "channel",
            y2: "channel",
            stroke: "currentColor",
            strokeOpacity: 0.25,
            strokeWidth: 2,
          }),
          dot(data, { x: "share", y: "channel", fill: "rule", r: 4.5 }),
          ...RULES.map(([, title], i) =>
            text([title], {
              frameAnchor: "top-left",
              dx: i * 110,
              dy: -22,
              text: () => `● ${title}`,
              fill: SERIES[i]!,
              textAnchor: "start",
            }),
          ),
        ],
      }),
      table(
        "Orders by rule",
        [
          { title: "Channel", value: (row) => row["channel"]! },
          ...RULES.map(([rule, title]) => ({ title, value: (row: Row) => integer(Number(row[rule])) })),
          { title: "Markov, 95 %", value: (row: Row) => String(row["interval"]) },
        ],
        channels.map((c) => ({
          channel: c.channel,
          ...Object.fromEntries(RULES.map(([rule]) => [rule, c.conversions[rule]])),
          interval: `${integer(c.interval[0])} to ${integer(c.interval[1])}`,
        })),
      ),
      heading("What does an order cost?"),
      prose("By the chain's credit. A channel without media spend has no price here."),
      table(
        "Cost and return",
        [
          { title: "Channel", value: (row) => row["channel"]! },
          { title: "Spend", value: (row) => shortMoney(Number(row["cost"])) },
          { title: "An order costs", value: (row) => (row["cpa"] === null ? "–" : money(Number(row["cpa"]))) },
          {
            title: "Revenue for a euro",
            value: (row) => (row["roas"] === null ? "–" : Number(row["roas"]).toFixed(2)),
          },
        ],
        paid.map((c) => ({ channel: c.channel, cost: c.cost, cpa: c.cpa, roas: c.roas })),
      ),
      heading("The same money, split otherwise"),
      prose(
        `Of ${money(split.budget)} a month, ${money(Math.abs(down.change))} would leave ${down.channel} and ${money(up.change)} would go to ${up.channel}. Visits would grow by **${percent(split.gain.rate)}** (90 %: ${integer(split.gain.interval[0])} to ${integer(split.gain.interval[1])} a month)${sure ? "." : ", which may be nothing at all."} This goes by how visits answered to spend so far, which nobody randomised.`,
      ),
      table(
        "Spend a month",
        [
          { title: "Channel", value: (row) => row["channel"]! },
          { title: "Now", value: (row) => money(Number(row["now"])) },
          { title: "Recommended", value: (row) => money(Number(row["then"])) },
          { title: "Change", value: (row) => `${Number(row["change"]) > 0 ? "+" : ""}${money(Number(row["change"]))}` },
          { title: "Visits for one more euro", value: (row) => Number(row["marginal"]).toFixed(2) },
        ],
        moves as unknown as Row[],
      ),
      ...[...credit.notes, ...split.notes].map((note) => prose(note)),
    ],
  };
}
