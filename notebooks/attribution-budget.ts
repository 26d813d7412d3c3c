/** Attribution and budget: the credit of channels for orders by several rules, and a better split of the same money. */
import { axisX, axisY, dot, gridX, link, ruleX, text } from "@observablehq/plot";
import type { AllocationRequest, OpenProject, Row } from "tessera";
import { DataFrame } from "danfojs-node";
import { numberOf, rowsOf } from "./frame.ts";
import {
  AMBER,
  BLUE,
  chart,
  heading,
  MAGENTA,
  plotted,
  prose,
  SERIES,
  SKY,
  table,
  TEAL,
  type Html,
  type Page,
} from "./page.ts";
import { integer, money, percent, shortMoney } from "./words.ts";

type Attribution = Awaited<ReturnType<OpenProject["attribution"]>>;
type Allocation = Awaited<ReturnType<OpenProject["allocation"]>>;

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
  { rule: "first", title: "First touch", colour: BLUE },
  { rule: "last", title: "Last touch", colour: AMBER },
  { rule: "linear", title: "Linear", colour: TEAL },
  { rule: "markov", title: "Markov", colour: MAGENTA },
  { rule: "shapley", title: "Shapley", colour: SKY },
] as const;

/** The notebook. */
export default async function attributionBudget(project: OpenProject): Promise<Page> {
  const [credit, split] = await Promise.all([project.attribution(REQUEST), project.allocation(SPLIT)]);
  return {
    title: "Attribution and budget",
    lead:
      `${integer(credit.conversions)} orders with a touch in the ${credit.lookback} days before them, ` +
      "and the spend behind the touches.",
    source:
      `Warehouse version ${project.manifest().version}. The Markov chain has order ${credit.order}; ` +
      "its intervals come from a bootstrap over customers.",
    parts: [
      ...creditParts(credit),
      ...costParts(credit),
      ...budgetParts(split),
      ...[...credit.notes, ...split.notes].map((note) => prose(note)),
    ],
  };
}

const credited = ({ channels }: Attribution) =>
  channels.filter((c) => c.conversions.markov > 0 || c.conversions.last > 0);

function creditParts(credit: Attribution): Html[] {
  const channels = credited(credit);
  const shares = new DataFrame(
    channels.flatMap((c) =>
      RULES.map(({ rule, title }) => [c.channel, title, c.conversions[rule] / credit.conversions]),
    ),
    { columns: ["channel", "rule", "share"] },
  );
  const spread = rowsOf(shares.groupby(["channel"]).agg({ share: ["min", "max"] })).sort(
    (a, b) => numberOf(b, "share_max") - numberOf(a, "share_max"),
  );
  const width = (row: Row): number => numberOf(row, "share_max") - numberOf(row, "share_min");
  const widest = spread.reduce((a, b) => (width(b) > width(a) ? b : a));
  return [
    heading("The credit depends on the rule"),
    prose(
      `Each rule divides the same ${integer(credit.conversions)} orders; another ` +
        `**${integer(credit.untouched.conversions)}** had no touch before them and are credited to no channel. ` +
        `The rules differ most about **${String(widest["channel"])}**: from ` +
        `${percent(numberOf(widest, "share_min"))} ` +
        `to ${percent(numberOf(widest, "share_max"))} of these orders.`,
    ),
    creditChart(shares, spread),
    table(
      "Orders by rule",
      [
        { title: "Channel", value: (row) => row["channel"] },
        ...RULES.map(({ rule, title }) => ({ title, value: (row: Row) => integer(numberOf(row, rule)) })),
        { title: "Markov, 95 %", value: (row) => row["interval"] },
      ],
      channels.map((c) => ({
        channel: c.channel,
        ...Object.fromEntries(RULES.map(({ rule }) => [rule, c.conversions[rule]])),
        interval: `${integer(c.interval[0])} to ${integer(c.interval[1])}`,
      })),
    ),
  ];
}

function creditChart(shares: DataFrame, spread: readonly Row[]): Html {
  return chart("Share of these orders by rule", "Share of orders by channel, one dot for each rule.", {
    height: 80 + 32 * spread.length,
    marginLeft: 130,
    marginTop: 36,
    x: { label: null },
    y: { label: null, domain: spread.map((row) => String(row["channel"])) },
    color: { domain: RULES.map(({ title }) => title), range: SERIES, legend: false },
    marks: [
      gridX({ stroke: "var(--line)", strokeOpacity: 1 }),
      axisX({ tickFormat: (value: number) => `${Math.round(100 * value)} %`, tickSize: 0, label: null }),
      axisY({ tickSize: 0, label: null }),
      ruleX([0]),
      link(plotted(spread), {
        x1: "share_min",
        x2: "share_max",
        y1: "channel",
        y2: "channel",
        stroke: "currentColor",
        strokeOpacity: 0.25,
        strokeWidth: 2,
      }),
      dot(plotted(rowsOf(shares)), { x: "share", y: "channel", fill: "rule", r: 4.5 }),
      ...RULES.map(({ title, colour }, i) =>
        text([title], {
          frameAnchor: "top-left",
          dx: i * 110,
          dy: -22,
          text: () => `● ${title}`,
          fill: colour,
          textAnchor: "start",
        }),
      ),
    ],
  });
}

function costParts(credit: Attribution): Html[] {
  const paid = credited(credit)
    .filter((c) => c.cost !== null && c.cost > 0)
    .sort((a, b) => (b.roas ?? 0) - (a.roas ?? 0));
  const orDash = (row: Row, name: string, format: (value: number) => string): string =>
    row[name] === null ? "–" : format(numberOf(row, name));
  return [
    heading("Cost per order"),
    prose("By the credit of the Markov chain. Channels without media spend are left out."),
    table(
      "Cost and return",
      [
        { title: "Channel", value: (row) => row["channel"] },
        { title: "Spend", value: (row) => shortMoney(numberOf(row, "cost")) },
        { title: "Cost per order", value: (row) => orDash(row, "cpa", money) },
        { title: "Return on spend", value: (row) => orDash(row, "roas", (value) => value.toFixed(2)) },
      ],
      paid.map((c) => ({ channel: c.channel, cost: c.cost, cpa: c.cpa, roas: c.roas })),
    ),
  ];
}

function budgetParts({ budget, gain, channels }: Allocation): Html[] {
  const moves = channels.map((c) => ({
    channel: c.channel,
    now: c.current,
    then: c.recommended,
    change: c.recommended - c.current,
    marginal: c.marginal,
  }));
  const up = moves.reduce((a, b) => (b.change > a.change ? b : a));
  const down = moves.reduce((a, b) => (b.change < a.change ? b : a));
  const [low, high] = gain.interval;
  return [
    heading("Recommended budget"),
    prose(
      `Of ${money(budget)} a month, ${money(Math.abs(down.change))} would move away from ${down.channel}, and ` +
        `${up.channel} would gain ${money(up.change)}. Visits would grow by **${percent(gain.rate)}** ` +
        `(90 %: ${integer(low)} to ${integer(high)} a ` +
        `month)${low > 0 ? "." : ", an interval that includes no gain."} ` +
        "This follows from how visits responded to past spend, which was not randomised.",
    ),
    table(
      "Spend a month",
      [
        { title: "Channel", value: (row) => row["channel"] },
        { title: "Now", value: (row) => money(numberOf(row, "now")) },
        { title: "Recommended", value: (row) => money(numberOf(row, "then")) },
        {
          title: "Change",
          value: (row) => `${numberOf(row, "change") > 0 ? "+" : ""}${money(numberOf(row, "change"))}`,
        },
        { title: "Visits per extra euro", value: (row) => numberOf(row, "marginal").toFixed(2) },
      ],
      moves,
    ),
  ];
}
