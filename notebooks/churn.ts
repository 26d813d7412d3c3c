/** Churn: who is at risk of leaving, how well that is known, why, and how many are worth a contact. */
import { axisX, axisY, barX, dot, gridX, gridY, line, ruleX, ruleY, text, type Data } from "@observablehq/plot";
import type { OpenProject, Row } from "tessera";
import { modelReport } from "tessera/mining";
import { frame, rowsOf } from "./frame.ts";
import { chart, heading, prose, SERIES, table, type Page } from "./page.ts";
import { integer, money, percent, shortMoney } from "./words.ts";

export default async function churn(project: OpenProject): Promise<Page> {
  const report = await modelReport(project, "churn");
  const rowsWith = (...names: readonly string[]): readonly Row[] =>
    report.sections.find((s) => s.rows[0] !== undefined && names.every((name) => name in s.rows[0]!))?.rows ?? [];
  const calibration = rowsWith("said", "came", "tenth"),
    profit = rowsWith("taken", "profit"),
    gain = rowsWith("feature", "gain").slice(0, 8);
  const risky = frame(
    await project.query({
      measures: ["sales.revenue"],
      dimensions: [
        "customer.customer_id",
        "customer.churn_score",
        "customer.churn_decile",
        "customer.churn_reason",
        "customer.annual_value",
      ],
      filters: [{ member: "customer.churn_score", operator: "not_null" }],
      limit: 1_000_000,
    }),
  );
  risky.addColumn(
    "at_risk",
    rowsOf(risky).map((row) => Number(row["customer.churn_score"]) * Number(row["customer.annual_value"] ?? 0)),
    { inplace: true },
  );
  const deciles = rowsOf(
    risky.groupby(["customer.churn_decile"]).agg({ "customer.churn_score": ["mean", "count"], at_risk: "sum" }),
  ).sort((a, b) => Number(a["customer.churn_decile"]) - Number(b["customer.churn_decile"]));
  const reasons = rowsOf(
    risky.groupby(["customer.churn_reason"]).agg({ "customer.churn_score": ["count", "mean"], at_risk: "sum" }),
  )
    .sort((a, b) => Number(b["at_risk_sum"]) - Number(a["at_risk_sum"]))
    .slice(0, 8);
  const total = deciles.reduce((sum, row) => sum + Number(row["at_risk_sum"]), 0);
  const best = profit.reduce<Row | undefined>(
    (a, b) => (a === undefined || Number(b["profit"]) > Number(a["profit"]) ? b : a),
    undefined,
  );
  const figure = (title: RegExp): number => report.figures.find((f) => title.test(f.title))?.value ?? 0;
  const percents = (value: number): string => `${Math.round(100 * value)} %`;
  return {
    title: "Churn",
    lead: `${integer(report.members)} active customers; ${percent(figure(/^Left/))} of those watched bought nothing in the next 90 days.`,
    source: `Model churn (${String(report.parameters["learner"] ?? report.technique)}), learnt on ${String(report.parameters["learntOn"] ?? "earlier days")}, judged on ${String(report.parameters["judgedOn"] ?? "later ones")}; warehouse version ${project.manifest().version}.`,
    parts: [
      heading("How well is it known?"),
      prose(
        `On customers and days that it had not seen the model's AUC is **${figure(/^AUC/).toFixed(3)}**; the riskiest tenth leaves ${figure(/^Lift/).toFixed(2)} times as often as the mean. ${report.verdict ? `Going by ${report.verdict.against} would give ${report.verdict.rival.toFixed(3)}: the model ${report.verdict.beats ? "beats" : "does not beat"} it.` : ""}`,
      ),
      chart("What was said, and what came", "Said against come, by tenth, beside the diagonal.", {
        height: 340,
        x: { label: null, percent: false },
        y: { label: null },
        marks: [
          gridX({ stroke: "var(--line)", strokeOpacity: 1 }),
          gridY({ stroke: "var(--line)", strokeOpacity: 1 }),
          axisX({ tickFormat: percents, tickSize: 0, label: "said", labelArrow: "none" }),
          axisY({ tickFormat: percents, tickSize: 0, label: "came", labelArrow: "none" }),
          line(
            [
              [0, 0],
              [0.8, 0.8],
            ],
            { stroke: "currentColor", strokeOpacity: 0.35, strokeDasharray: "4 4" },
          ),
          ruleX(calibration as unknown as Data, {
            x: "said",
            y1: "low",
            y2: "high",
            stroke: SERIES[0]!,
            strokeWidth: 2,
          }),
          dot(calibration as unknown as Data, { x: "said", y: "came", fill: SERIES[0]!, r: 4.5 }),
        ],
      }),
      heading("What does it look at?"),
      chart("Share of what the model learnt from", `Features by gain; ${String(gain[0]?.["feature"] ?? "")} first.`, {
        height: 60 + 34 * gain.length,
        marginLeft: 190,
        marginRight: 50,
        x: { label: null },
        y: { label: null, domain: gain.map((row) => String(row["feature"])) },
        marks: [
          gridX({ stroke: "var(--line)", strokeOpacity: 1 }),
          axisX({ tickFormat: percents, tickSize: 0, label: null }),
          axisY({ tickSize: 0, label: null }),
          barX(gain as unknown as Data, { x: "gain", y: "feature", fill: SERIES[2]!, insetTop: 5, insetBottom: 5 }),
          text(gain as unknown as Data, {
            x: "gain",
            y: "feature",
            text: (row: Row) => percent(Number(row["gain"])),
            dx: 6,
            textAnchor: "start",
          }),
          ruleX([0]),
        ],
      }),
      heading("What is at stake?"),
      prose(
        `Risk times the value of the last twelve months: **${shortMoney(total)}** a year, ${percent(deciles.slice(0, 3).reduce((sum, row) => sum + Number(row["at_risk_sum"]), 0) / total)} of it with the three riskiest tenths. Risk alone is not worth: the riskiest buy little.`,
      ),
      table(
        "By tenth of risk",
        [
          { title: "Tenth", value: (row) => integer(Number(row["customer.churn_decile"])) },
          { title: "Customers", value: (row) => integer(Number(row["customer.churn_score_count"])) },
          { title: "Mean risk", value: (row) => percent(Number(row["customer.churn_score_mean"])) },
          { title: "At stake in a year", value: (row) => shortMoney(Number(row["at_risk_sum"])) },
        ],
        deciles,
      ),
      table(
        "By the reason that weighs most",
        [
          { title: "Reason", value: (row) => row["customer.churn_reason"]! },
          { title: "Customers", value: (row) => integer(Number(row["customer.churn_score_count"])) },
          { title: "Mean risk", value: (row) => percent(Number(row["customer.churn_score_mean"])) },
          { title: "At stake", value: (row) => shortMoney(Number(row["at_risk_sum"])) },
        ],
        reasons,
      ),
      ...(best === undefined || profit.length < 2
        ? []
        : [
            heading("How many are worth a contact?"),
            prose(
              Number(best["profit"]) > 0
                ? `By the cost, worth and success that the model declares, most is won when the riskiest **${percent(Number(best["taken"]))}** are contacted: ${money(Number(best["profit"]))} on the customers it was judged on.`
                : "By the cost, worth and success that the model declares, no contact pays.",
            ),
            chart(
              "Profit by how many are contacted",
              "Profit by the share of customers contacted, the riskiest first.",
              {
                height: 280,
                marginLeft: 76,
                x: { label: null },
                y: { label: null },
                marks: [
                  gridY({ stroke: "var(--line)", strokeOpacity: 1 }),
                  axisX({ tickFormat: percents, tickSize: 0, label: null }),
                  axisY({ tickFormat: (value: number) => shortMoney(value), tickSize: 0, label: null }),
                  ruleY([0], { stroke: "currentColor", strokeOpacity: 0.5 }),
                  line(profit as unknown as Data, { x: "taken", y: "profit", stroke: SERIES[0]!, strokeWidth: 2 }),
                  dot([best] as unknown as Data, { x: "taken", y: "profit", fill: SERIES[0]!, r: 4.5 }),
                ],
              },
            ),
          ]),
      ...report.notes.map((note) => prose(note)),
    ],
  };
}
