/** The report on journeys: funnel, flows, frequent orders. */
import { at } from "../../lookup.ts";
import { dimension, measure } from "../columns.ts";
import { num } from "../numeric/vector.ts";
import type { Findings, MiningContext, ReportSection } from "../technique.ts";
import type { JourneyFit, JourneyModel } from "./journey-model.ts";

const SHOWN = 30;

/** Figures, sections and notes. */
export function journeyReport({ model }: MiningContext<JourneyModel>, fit: JourneyFit): Findings {
  const { units, ordered, unordered } = fit;
  const { steps, days } = model.funnel;
  return {
    members: units,
    parameters: {
      events: model.events,
      stage: model.stage,
      steps,
      within: `${days} days`,
      order: model.funnel.ordered === false ? "any" : "as given",
    },
    figures: [
      { title: "Members with events", value: units, format: "integer" },
      {
        title: "Completed the funnel in order",
        value: completed(ordered),
        format: "percent",
        note: `of those who started, within ${days} days`,
      },
      {
        title: "Completed it in any order",
        value: completed(unordered),
        format: "percent",
        note: `within ${days} days`,
      },
    ],
    sections: [...funnelSections(steps, fit), flowSection(fit), ordersSection(fit)],
    notes: ["Order shows what came first, not what caused the next step."],
  };
}

/** Share of the first step's members who reached the last. */
const completed = (reached: readonly number[]): number | null =>
  reached[0] ? num(reached, reached.length - 1) / reached[0] : null;

/** A share; null where there is nothing to divide by. */
const shareOf = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole);

function funnelSections(steps: readonly string[], { ordered, unordered }: JourneyFit): ReportSection[] {
  const step = dimension("step", "Step");
  const first = num(ordered, 0);
  return [
    {
      title: "Funnel",
      chart: "bar",
      columns: [step, measure("ordered", "In order", "integer"), measure("unordered", "In any order", "integer")],
      rows: steps.map((name, k) => ({
        step: `${k + 1} ${name}`,
        ordered: num(ordered, k),
        unordered: num(unordered, k),
      })),
    },
    {
      title: "Conversion by step",
      columns: [
        step,
        measure("reached", "Reached", "integer"),
        measure("of_previous", "Of the step before", "percent"),
        measure("of_first", "Of the first step", "percent"),
      ],
      rows: steps.map((name, k) => ({
        step: `${k + 1} ${name}`,
        reached: num(ordered, k),
        of_previous: k === 0 ? null : shareOf(num(ordered, k), num(ordered, k - 1)),
        of_first: shareOf(num(ordered, k), first),
      })),
    },
  ];
}

const nameOf = (names: readonly string[], stage: number): string => (stage < 0 ? "(end)" : at(names, stage));

const flowSection = ({ flows, names }: JourneyFit): ReportSection => ({
  title: "Flows",
  wide: true,
  plot: { kind: "flow", from: "from", to: "to", value: "units" },
  columns: [dimension("from", "From"), dimension("to", "To"), measure("units", "Members", "integer")],
  rows: flows.map((flow) => ({
    from: `${flow.position} · ${nameOf(names, flow.from)}`,
    to: `${flow.position + 1} · ${nameOf(names, flow.to)}`,
    units: flow.units,
  })),
  note:
    "The first four stages of each member, repetitions left out. " +
    "Every stage passes on as many members as it receives, except the last.",
});

function ordersSection({ sequences, names, units }: JourneyFit): ReportSection {
  const pairs = new Map(sequences.filter((s) => s.stages.length === 2).map((s) => [s.stages.join(), s.units]));
  return {
    title: "Frequent orders",
    wide: true,
    columns: [
      dimension("sequence", "Order"),
      measure("units", "Members", "integer"),
      measure("share", "Of all members", "percent"),
      measure("forward", "In this direction", "percent"),
    ],
    rows: sequences.slice(0, SHOWN).map(({ stages, units: own }) => {
      const opposite = pairs.get([...stages].reverse().join()) ?? 0;
      return {
        sequence: stages.map((stage) => nameOf(names, stage)).join(" → "),
        units: own,
        share: own / units,
        forward: stages.length === 2 ? own / (own + opposite) : null,
      };
    }),
    note:
      "Other stages may lie between; each member counts once. In this direction: compared with the opposite order; " +
      "members who took both count in both.",
  };
}
