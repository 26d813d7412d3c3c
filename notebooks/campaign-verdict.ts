/**
 * Campaign verdict: what each campaign changed against the customers who were held out at random, and what it earned.
 */
import { axisX, axisY, dot, gridX, ruleX, ruleY, text, type Data } from "@observablehq/plot";
import type { ExperimentVerdict, OpenProject, Row } from "tessera";
import { DataFrame } from "danfojs-node";
import { rowsOf } from "./frame.ts";
import { chart, heading, prose, SERIES, table, type Page } from "./page.ts";
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
] as const;

export default async function campaignVerdict(project: OpenProject): Promise<Page> {
  const verdicts = (await project.experiment(REQUEST)).filter(
    (verdict) => verdict.group !== null && verdict.treated > 0 && verdict.control > 0,
  );
  const ratios = await sampleRatios(project);
  const frame = new DataFrame(verdicts.map(line), { columns: [...COLUMNS] }).sortValues("lift", { ascending: false });
  const rows = rowsOf(frame);
  const number = (row: Row, name: (typeof COLUMNS)[number]): number => Number(row[name]);
  const said = (words: string): Row[] => rows.filter((row) => row["verdict"] === words);
  const paid = rows.filter((row) => number(row, "profit_low") > 0);
  const lost = rows.filter((row) => number(row, "profit_high") < 0);
  const [best] = rows;
  const broken = ratios.filter((verdict) => verdict.sampleRatio?.broken === true);
  const saved = verdicts.map((verdict) => verdict.outcomes.at(-1)!.adjusted?.varianceSaved ?? 0).sort((a, b) => a - b);
  const names = (list: readonly Row[]): string => list.map((row) => String(row["campaign"])).join(", ");
  const data = rows as unknown as Data;
  return {
    title: "Campaign verdict",
    lead: `${verdicts.length} campaigns, each against customers who were held out at random.`,
    source: `Warehouse version ${project.manifest().version}. Conversion is compared per customer within the campaign's window; intervals are 95 %, p-values corrected by Benjamini and Hochberg for ${verdicts.length} campaigns.`,
    parts: [
      heading("Did they buy because of it?"),
      prose(
        `**${said("more").length} of ${rows.length} campaigns** made customers buy who otherwise would not have, as far as the hold-out can tell; ${said("less").length} made fewer buy, and for ${said("no difference shown").length} no difference is shown. The strongest is **${String(best!["campaign"])}**: ${percent(number(best!, "rate"))} of the treated bought, ${percent(number(best!, "rate_held_out"))} of those held out.`,
      ),
      chart(
        "Lift in conversion, in percentage points, with its interval",
        `Lift of each campaign with its 95 % interval; the strongest is ${String(best!["campaign"])}.`,
        {
          height: 70 + 26 * rows.length,
          marginLeft: 190,
          marginRight: 60,
          x: { label: null },
          y: { label: null, domain: rows.map((row) => String(row["campaign"])) },
          marks: [
            gridX({ stroke: "var(--line)", strokeOpacity: 1 }),
            axisX({ tickFormat: (value: number) => (100 * value).toFixed(0), tickSize: 0, label: null }),
            axisY({ tickSize: 0, label: null }),
            ruleX([0], { stroke: "currentColor", strokeOpacity: 0.5 }),
            ruleY(data, { y: "campaign", x1: "low", x2: "high", stroke: colour, strokeWidth: 2 }),
            dot(data, { y: "campaign", x: "lift", fill: colour, r: 4.5 }),
            text(data, {
              y: "campaign",
              x: "high",
              text: (row: Row) => points(number(row, "lift")),
              dx: 8,
              textAnchor: "start",
            }),
          ],
        },
      ),
      heading("Did it pay?"),
      prose(
        `Profit is the extra margin of the treated less what contacting them cost. Its interval lies above zero for **${paid.length}** campaign${paid.length === 1 ? "" : "s"}${paid.length > 0 ? ` (${names(paid)})` : ""}, and below zero for **${lost.length}**${lost.length > 0 ? ` (${names(lost)})` : ""}; the others may have earned or lost. A campaign can sell more and still not pay.`,
      ),
      table(
        "Each campaign",
        [
          { title: "Campaign", value: (row) => row["campaign"]! },
          { title: "Treated", value: (row) => integer(number(row, "treated")) },
          { title: "Held out", value: (row) => integer(number(row, "held_out")) },
          { title: "Lift, points", value: (row) => points(number(row, "lift")) },
          { title: "p", value: (row) => (number(row, "p") < 0.001 ? "< 0.001" : number(row, "p").toFixed(3)) },
          { title: "Cost", value: (row) => money(number(row, "cost")) },
          { title: "Profit", value: (row) => money(number(row, "profit")) },
          {
            title: "95 % interval",
            value: (row) => `${money(number(row, "profit_low"))} to ${money(number(row, "profit_high"))}`,
          },
        ],
        rows,
      ),
      heading("Can it be believed?"),
      prose(
        broken.length === 0
          ? `The treated and the held out stand in the planned ratio in all ${ratios.length} campaigns, as far as chance allows (the least likely p is ${Math.min(...ratios.map((verdict) => verdict.sampleRatio?.p ?? 1)).toFixed(3)}): nothing says that anybody was moved from one side to the other.`
          : `In ${broken.length} campaign${broken.length === 1 ? "" : "s"} the treated and the held out do not stand in the planned ratio (${broken.map((verdict) => String(verdict.group)).join(", ")}): believe nothing of those before that is explained.`,
      ),
      prose(
        `What customers spent in the year before was taken out of the margin's scatter (CUPED): that saves ${percent(saved[Math.floor(saved.length / 2)] ?? 0)} of its variance in the median campaign.`,
      ),
      ...[...new Set(verdicts.flatMap((verdict) => verdict.warnings))].map((warning) => prose(warning)),
    ],
  };
}

/** Each campaign's numbers against its own planned share, before anything else is believed. */
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

function line(verdict: ExperimentVerdict): (string | number)[] {
  const conversion = verdict.outcomes[0]!;
  const { profit } = verdict;
  return [
    String(verdict.group),
    verdict.treated,
    verdict.control,
    conversion.treated.mean,
    conversion.control.mean,
    conversion.lift.difference,
    conversion.lift.interval[0],
    conversion.lift.interval[1],
    conversion.pAdjusted,
    conversion.verdict,
    profit?.cost ?? 0,
    profit?.value ?? 0,
    profit?.interval[0] ?? 0,
    profit?.interval[1] ?? 0,
    profit?.roi ?? 0,
  ];
}

const points = (share: number): string => `${share > 0 ? "+" : ""}${(100 * share).toFixed(1)}`;
const colour = (row: Row): string =>
  row["verdict"] === "more" ? SERIES[2]! : row["verdict"] === "less" ? SERIES[3]! : "var(--ink2)";
