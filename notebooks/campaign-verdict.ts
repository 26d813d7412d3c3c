/** Campaign verdict: what each campaign changed compared with its random control group, and what it earned. */
import { axisX, axisY, dot, gridX, ruleX, ruleY, text } from "@observablehq/plot";
import type { ExperimentVerdict, OpenProject, Row } from "tessera";
import { DataFrame } from "danfojs-node";
import { numberOf, rowsOf } from "./frame.ts";
import { chart, heading, MAGENTA, plotted, prose, table, TEAL, type Html, type Page } from "./page.ts";
import { integer, money, percent } from "./words.ts";

const REQUEST = {
  cube: "assignments",
  treated: "assignments.treated",
  by: "campaign.name",
  outcomes: ["assignments.conversions", "assignments.margin"],
  covariate: "assignments.prior_revenue",
  cost: "assignments.cost",
  profit: "assignments.margin",
  correction: "benjamini_hochberg",
} as const;

const COLUMNS = [
  "campaign",
  "treated",
  "held_out",
  "rate",
  "rate_held_out",
  "lift",
  "low",
  "high",
  "p",
  "verdict",
  "cost",
  "profit",
  "profit_low",
  "profit_high",
  "roi",
];

/** The notebook. */
export default async function campaignVerdict(project: OpenProject): Promise<Page> {
  const verdicts = (await project.experiment(REQUEST)).filter(
    (verdict) => verdict.group !== null && verdict.treated > 0 && verdict.control > 0,
  );
  const frame = new DataFrame(verdicts.flatMap(lineOf), { columns: COLUMNS }).sortValues("lift", { ascending: false });
  const rows = rowsOf(frame);
  const warnings = [...new Set(verdicts.flatMap((verdict) => verdict.warnings))];
  return {
    title: "Campaign verdict",
    lead: `${verdicts.length} campaigns, each compared with a random control group.`,
    source:
      `Warehouse version ${project.manifest().version}. Conversion is compared per customer within the campaign's ` +
      `window; intervals are 95 %, p-values are corrected for ${verdicts.length} campaigns (Benjamini and Hochberg).`,
    parts: [
      ...effectParts(rows),
      ...profitParts(rows),
      ...trustParts(verdicts, await sampleRatios(project)),
      ...warnings.map((warning) => prose(warning)),
    ],
  };
}

const nameOf = (row: Row): string => String(row["campaign"]);
const namesOf = (rows: readonly Row[]): string => rows.map(nameOf).join(", ");
const points = (share: number): string => `${share > 0 ? "+" : ""}${(100 * share).toFixed(1)}`;

function effectParts(rows: readonly Row[]): Html[] {
  const countOf = (verdict: string): number => rows.filter((row) => row["verdict"] === verdict).length;
  const [best] = rows;
  if (best === undefined) return [prose("No campaign has both treated customers and a control group.")];
  return [
    heading("Did it change behaviour?"),
    prose(
      `**${countOf("more")} of ${rows.length} campaigns** made more customers buy than in the control group; ` +
        `${countOf("less")} made fewer buy, and ${countOf("no difference shown")} show no difference. The ` +
        "strongest is " +
        `**${nameOf(best)}**: ${percent(numberOf(best, "rate"))} of the treated bought, compared with ` +
        `${percent(numberOf(best, "rate_held_out"))} of the control group.`,
    ),
    chart(
      "Lift in conversion, in percentage points, with its interval",
      `Lift of each campaign with its 95 % interval; the strongest is ${nameOf(best)}.`,
      {
        height: 70 + 26 * rows.length,
        marginLeft: 190,
        marginRight: 60,
        x: { label: null },
        y: { label: null, domain: rows.map(nameOf) },
        marks: [
          gridX({ stroke: "var(--line)", strokeOpacity: 1 }),
          axisX({ tickFormat: (value: number) => (100 * value).toFixed(0), tickSize: 0, label: null }),
          axisY({ tickSize: 0, label: null }),
          ruleX([0], { stroke: "currentColor", strokeOpacity: 0.5 }),
          ruleY(plotted(rows), { y: "campaign", x1: "low", x2: "high", stroke: colourOf, strokeWidth: 2 }),
          dot(plotted(rows), { y: "campaign", x: "lift", fill: colourOf, r: 4.5 }),
          text(plotted(rows), {
            y: "campaign",
            x: "high",
            text: (row: Row) => points(numberOf(row, "lift")),
            dx: 8,
            textAnchor: "start",
          }),
        ],
      },
    ),
  ];
}

function colourOf(row: Row): string {
  if (row["verdict"] === "more") return TEAL;
  return row["verdict"] === "less" ? MAGENTA : "var(--ink2)";
}

function profitParts(rows: readonly Row[]): Html[] {
  const paid = rows.filter((row) => numberOf(row, "profit_low") > 0);
  const lost = rows.filter((row) => numberOf(row, "profit_high") < 0);
  const listed = (of: readonly Row[]): string => (of.length > 0 ? `**${of.length}** (${namesOf(of)})` : "**0**");
  return [
    heading("Did it pay?"),
    prose(
      "Profit is the extra margin of the treated minus the cost of contacting them. Campaigns with an interval above " +
        `zero: ${listed(paid)}; below zero: ${listed(lost)}. The others may have earned or lost money. A ` +
        "campaign can " +
        "sell more and still not pay.",
    ),
    table(
      "Each campaign",
      [
        { title: "Campaign", value: (row) => row["campaign"] },
        { title: "Treated", value: (row) => integer(numberOf(row, "treated")) },
        { title: "Control group", value: (row) => integer(numberOf(row, "held_out")) },
        { title: "Lift, points", value: (row) => points(numberOf(row, "lift")) },
        { title: "p", value: (row) => (numberOf(row, "p") < 0.001 ? "< 0.001" : numberOf(row, "p").toFixed(3)) },
        { title: "Cost", value: (row) => money(numberOf(row, "cost")) },
        { title: "Profit", value: (row) => money(numberOf(row, "profit")) },
        {
          title: "95 % interval",
          value: (row) => `${money(numberOf(row, "profit_low"))} to ${money(numberOf(row, "profit_high"))}`,
        },
      ],
      rows,
    ),
  ];
}

function trustParts(verdicts: readonly ExperimentVerdict[], ratios: readonly ExperimentVerdict[]): Html[] {
  const broken = ratios.filter((verdict) => verdict.sampleRatio?.broken === true);
  const smallest = Math.min(...ratios.map((verdict) => verdict.sampleRatio?.p ?? 1));
  const saved = verdicts.map((v) => v.outcomes.at(-1)?.adjusted?.varianceSaved ?? 0).sort((a, b) => a - b);
  return [
    heading("Can it be trusted?"),
    prose(
      broken.length === 0
        ? `Group sizes match the plan in all ${ratios.length} campaigns (smallest p ${smallest.toFixed(3)}): nothing ` +
            "suggests that customers were moved from one group to the other."
        : `Group sizes do not match the plan in ${broken.map((verdict) => String(verdict.group)).join(", ")}: ` +
            "do not rely on these campaigns before that is explained.",
    ),
    prose(
      "Spend in the year before the draw explains part of the margin (CUPED): in the median campaign this removes " +
        `${percent(saved[Math.floor(saved.length / 2)] ?? 0)} of its variance.`,
    ),
  ];
}

/** Each campaign's group sizes compared with its own planned share. */
async function sampleRatios(project: OpenProject): Promise<ExperimentVerdict[]> {
  const { values } = await project.members("campaign.holdout_share");
  const verdicts = await Promise.all(
    values
      .filter((value) => typeof value === "number")
      .map((share) =>
        project.experiment({
          ...REQUEST,
          treatedShare: 1 - share,
          filters: [{ member: "campaign.holdout_share", operator: "equals", values: [share] }],
        }),
      ),
  );
  return verdicts.flat().filter((verdict) => verdict.sampleRatio !== null);
}

/** A campaign in the order of `COLUMNS`; none without an outcome. */
function lineOf({ group, treated, control, outcomes, profit }: ExperimentVerdict): (string | number)[][] {
  const [conversion] = outcomes;
  if (conversion === undefined) return [];
  return [
    [
      String(group),
      treated,
      control,
      conversion.treated.mean,
      conversion.control.mean,
      conversion.lift.difference,
      ...conversion.lift.interval,
      conversion.pAdjusted,
      conversion.verdict,
      profit?.cost ?? 0,
      profit?.value ?? 0,
      ...(profit?.interval ?? [0, 0]),
      profit?.roi ?? 0,
    ],
  ];
}
