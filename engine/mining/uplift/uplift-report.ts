/** The report on uplift: Qini curve and deciles on unseen members. */
import { dimension, measure } from "../columns.ts";
import type { Findings, MiningContext } from "../technique.ts";
import type { UpliftFit, UpliftModel } from "./uplift-model.ts";

/** Figures, sections and notes. */
export function upliftReport(
  { model }: MiningContext<UpliftModel>,
  { members, rows, judged, tenths, effect, titles }: UpliftFit,
): Findings {
  const beats = judged.lead[0] > 0;
  return {
    members,
    parameters: {
      assignments: model.assignments,
      treated: model.treated,
      outcome: model.outcome,
      learner: "two logistic regressions (T-learner)",
      features: titles,
    },
    figures: [
      { title: "Assignments", value: rows, format: "integer" },
      {
        title: "Average effect",
        value: effect,
        format: "percent",
        note: "rate of the treated minus rate of the control group",
      },
      {
        title: "Qini on unseen members",
        value: judged.own,
        format: "decimal",
        interval: judged.interval,
        note: "0 is chance, 1 is perfect",
      },
      {
        title: "Qini of a response model",
        value: judged.rival,
        format: "decimal",
        note: beats
          ? "the uplift model finds more of those whom contacts influence"
          : "not shown to be worse: contact those most likely to respond",
      },
    ],
    verdict: {
      beats,
      model: judged.own,
      rival: judged.rival,
      against: "a response model",
      by: "Qini on unseen members",
      lead: judged.lead,
    },
    sections: [
      {
        title: "Qini curve",
        plot: { kind: "curve", x: "taken", y: ["chance", "extra"], band: ["low", "high"] },
        columns: [
          { ...dimension("taken", "Members selected by score", "number"), format: "percent" },
          measure("chance", "At random"),
          measure("extra", "Extra outcomes per 1,000 members"),
          measure("low", "95 % low"),
          measure("high", "95 % high"),
        ],
        rows: judged.rows,
        note: "Above the straight line, those whom contacts influence come first. Band: bootstrap over members.",
      },
      {
        title: "Uplift by decile",
        plot: { kind: "curve", x: "tenth", y: ["said", "uplift"], band: ["low", "high"] },
        columns: [
          dimension("tenth", "Decile by score", "integer"),
          measure("said", "Predicted", "percent"),
          measure("uplift", "Actual", "percent"),
          measure("low", "95 % low", "percent"),
          measure("high", "95 % high", "percent"),
          measure("treated", "Treated", "integer"),
          measure("control", "Control group", "integer"),
        ],
        rows: tenths,
        note: "Treated minus control group, on unseen members.",
      },
    ],
    notes: [
      "A member is in one half with all assignments: no member is both learnt from and judged.",
      ...(beats ? [] : ["The uplift model is not shown to beat a response model: use that."]),
    ],
  };
}
