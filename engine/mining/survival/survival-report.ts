/** The report on survival: curves, members at risk, medians and hazard ratios. */
import type { Row } from "../../model/query.ts";
import { dimension, featureTitle, measure } from "../columns.ts";
import { largest, mean } from "../numeric/summary.ts";
import { num } from "../numeric/vector.ts";
import type { Figure, Findings, MiningContext, ReportSection } from "../technique.ts";
import type { Hazards } from "./survival-model.ts";
import { atRiskAt, medianOf, survivalAt } from "./kaplan-meier.ts";
import type { SurvivalFit, SurvivalGroup, SurvivalModel } from "./survival-model.ts";

const WEEK = 7;
const YEAR = 365;

/** Figures, sections and notes. */
export function survivalReport(context: MiningContext<SurvivalModel>, fit: SurvivalFit): Findings {
  const { model } = context;
  const { members, whole, groups, test, cox } = fit;
  const title = model.by === undefined ? "Group" : featureTitle(context, model.by);
  const all: SurvivalGroup = { name: "All", n: members.times.length, times: members.times, steps: whole };
  const shown = groups.length > 0 ? groups : [all];
  const last = largest(members.times);
  const median = medianOf(whole);
  const beats = cox !== null && cox.interval[0] > 0.5;
  const { days } = model.inactive;
  return {
    members: members.times.length,
    parameters: {
      events: model.events,
      inactive: `${days} days`,
      ...(model.by !== undefined && { by: model.by }),
      ...(model.features && { features: model.features }),
    },
    figures: [
      { title: "Still there after a year", value: survivalAt(whole, YEAR), format: "percent" },
      {
        title: "Median time until leaving",
        value: median,
        format: "days",
        note: median === null ? "more than half are still there at the end" : "",
      },
      { title: "Left", value: mean(members.events), format: "percent", note: `no event for ${days} days` },
      ...(test ? [differenceFigure(test)] : []),
    ],
    ...(cox && {
      verdict: {
        beats,
        model: cox.unseen,
        rival: 0.5,
        against: "chance",
        by: "concordance on unseen members",
        lead: [cox.interval[0] - 0.5, cox.interval[1] - 0.5] as const,
      },
    }),
    sections: [
      curvesSection(shown, last, title, groups.length > 0),
      atRiskSection(shown, last, title),
      mediansSection(shown, title),
      ...(cox ? [hazardsSection(cox)] : []),
    ],
    notes: [
      `A member is observed until ${days} days after the last event, and counts as gone from then on.`,
      ...(cox && !beats ? ["On unseen members the features do not predict who leaves sooner."] : []),
    ],
  };
}

const differenceFigure = ({ p, chi2, degrees }: NonNullable<SurvivalFit["test"]>): Figure => ({
  title: "Difference between groups (p)",
  value: p,
  format: "decimal",
  note: `log-rank test; chi2 ${chi2.toFixed(1)} on ${degrees} degrees of freedom`,
});

function curvesSection(shown: readonly SurvivalGroup[], last: number, title: string, grouped: boolean): ReportSection {
  const points = Array.from({ length: 53 }, (_, i) => Math.round((last * i) / 52));
  const rows: Row[] = shown.flatMap((g) =>
    points
      .filter((day) => atRiskAt(g.times, day) > 0)
      .map((day) => ({ group: g.name, weeks: day / WEEK, survival: survivalAt(g.steps, day) })),
  );
  return {
    title: "Survival curves",
    wide: true,
    plot: { kind: "curve", x: "weeks", y: ["survival"], ...(grouped && { series: "group" }), step: true },
    columns: [
      dimension("group", title),
      dimension("weeks", "Weeks after the first event", "number"),
      measure("survival", "Still there", "percent"),
    ],
    rows,
    note: "Kaplan-Meier: members who have not left count for as long as they are observed.",
  };
}

function atRiskSection(shown: readonly SurvivalGroup[], last: number, title: string): ReportSection {
  const marks = Array.from({ length: 7 }, (_, i) => Math.round((last * i) / 6 / WEEK) * WEEK);
  return {
    title: "Members at risk",
    chart: "heatmap",
    columns: [
      dimension("group", title),
      dimension("weeks", "Weeks", "integer"),
      measure("atRisk", "Members at risk", "integer"),
    ],
    rows: shown.flatMap((g) =>
      marks.map((day) => ({ group: g.name, weeks: day / WEEK, atRisk: atRiskAt(g.times, day) })),
    ),
    note: "Where few members are left, the curve is uncertain.",
  };
}

const mediansSection = (shown: readonly SurvivalGroup[], title: string): ReportSection => ({
  title: "Medians",
  columns: [
    dimension("group", title),
    measure("n", "Members", "integer"),
    measure("year", "Still there after a year", "percent"),
    measure("median", "Median time until leaving", "days"),
  ],
  rows: shown.map((g) => ({ group: g.name, n: g.n, year: survivalAt(g.steps, YEAR), median: medianOf(g.steps) })),
});

const hazardsSection = ({ names, fitted }: Hazards): ReportSection => ({
  title: "Factors associated with leaving sooner",
  wide: true,
  note: "Hazard ratios (Cox, ties after Efron): above 1 leaves sooner. Associations, not causes.",
  columns: [
    dimension("feature", "Feature"),
    measure("ratio", "Hazard ratio"),
    measure("low", "95 % low"),
    measure("high", "95 % high"),
    measure("z", "z"),
  ],
  rows: names.map((feature, j) => {
    const [b, se] = [num(fitted.coefficients, j), num(fitted.standardErrors, j)];
    return {
      feature,
      ratio: Math.exp(b),
      low: Math.exp(b - 1.96 * se),
      high: Math.exp(b + 1.96 * se),
      z: b / se,
    };
  }),
});
