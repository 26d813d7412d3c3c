/** The report on a move: its size, the bridge of the strongest cut, and the strongest members. */
import { dimension, measure, unitOf } from "../columns.ts";
import type { Engine } from "../../query/answer/engine.ts";
import type { Findings } from "../technique.ts";
import type { Cut, Move, MoveRequest } from "./explain-move.ts";
import { first, required } from "../../lookup.ts";

const STEPS = 10;

/** @param model the request with its dimensions */
export function tellMove(
  engine: Engine,
  model: MoveRequest & { readonly dimensions: readonly string[] },
  move: Move,
): Findings {
  const unit = unitOf({ engine }, model.measure);
  const node = required(engine.catalog.measures, model.measure);
  const titleOf = (member: string): string => {
    const [owner = "", name = ""] = member.split(".");
    return (
      engine.catalog.roles.get(owner)?.dimension.attributes.get(name)?.title ??
      engine.catalog.cubes.get(owner)?.attributes.get(name)?.title ??
      member
    );
  };
  const cutTitle = (cut: Pick<Cut, "dimensions">): string => cut.dimensions.map(titleOf).join(" and ");
  const value = (name: string, title: string) => ({
    ...measure(name, title),
    ...unit,
    ...(node.spec.better && { better: node.spec.better }),
  });
  const strongest = first(move.cuts);
  const ordered = [...strongest.contributions].sort((a, b) => Math.abs(b.total) - Math.abs(a.total));
  const shown = ordered.slice(0, STEPS);
  const rest = ordered.slice(STEPS).reduce((sum, c) => sum + c.total, 0);
  const steps = [
    ...shown.map((c) => ({ step: c.member, value: c.total })),
    ...(ordered.length > STEPS ? [{ step: "(all others)", value: rest }] : []),
  ];
  const sums = (cut: Cut) =>
    cut.contributions.reduce((s, c) => ({ volume: s.volume + c.volume, mix: s.mix + c.mix, rate: s.rate + c.rate }), {
      volume: 0,
      mix: 0,
      rate: 0,
    });
  const top = move.causes[0];
  return {
    members: move.causes.length,
    parameters: {
      measure: model.measure,
      before: model.before.join(" to "),
      after: model.after.join(" to "),
      dimensions: model.dimensions,
      ...(model.volume && { volume: model.volume }),
    },
    figures: [
      { title: "Before", value: move.before, format: unit.format, note: model.before.join(" to ") },
      { title: "After", value: move.after, format: unit.format, note: model.after.join(" to ") },
      { title: "Change", value: move.after - move.before, format: unit.format },
      {
        title: "Main driver",
        value: top?.shareOfMove ?? null,
        format: "percent",
        note: top ? `of the change: ${top.member}` : "no member contributes more than a few percent of the change",
      },
    ],
    sections: [
      {
        title: `${node.title} by ${cutTitle(strongest).toLowerCase()}`,
        wide: true,
        plot: { kind: "bridge", step: "step", value: "value", from: move.before, until: move.after },
        columns: [dimension("step", cutTitle(strongest)), value("value", "Change")],
        rows: steps,
        note: "The steps add up to the change exactly.",
      },
      {
        title: "Strongest drivers",
        wide: true,
        columns: [
          dimension("where", "Dimension"),
          dimension("member", "Member"),
          value("total", "Contribution"),
          measure("share", "Share of the change", "percent"),
          ...(move.kind === "volume" ? [value("volume", "Volume")] : []),
          ...(move.kind === "amount" ? [] : [value("mix", "Mix"), value("rate", "Rate")]),
        ],
        rows: move.causes.slice(0, 20).map((c) => ({
          where: cutTitle(c),
          member: c.member,
          total: c.total,
          share: c.shareOfMove,
          volume: c.volume,
          mix: c.mix,
          rate: c.rate,
        })),
        note:
          "The most concentrated first: much of the change from few members. Parts of different dimensions " +
          "overlap.",
      },
      ...(move.kind === "amount"
        ? []
        : [
            {
              title: move.kind === "volume" ? "Volume, mix and rate" : "Mix and rate",
              wide: true,
              columns: [
                dimension("cut", "Dimension"),
                ...(move.kind === "volume" ? [value("volume", "Volume")] : []),
                value("mix", "Mix"),
                value("rate", "Rate"),
                dimension("simpson", "Simpson's paradox"),
              ],
              rows: move.cuts.map((cut) => ({
                cut: cutTitle(cut),
                ...sums(cut),
                simpson: cut.simpson ? "yes: nearly all parts moved the other way" : "no",
              })),
              note:
                "Volume: more or fewer in total. Mix: shares changed. Rate: the members themselves changed. " +
                "Each row adds up to the change.",
            },
          ]),
    ],
    notes: [
      "Contributions show where a change is, not what caused it.",
      ...move.cuts
        .filter((c) => c.simpson && c.dimensions.length === 1)
        .map(
          (c) =>
            `By ${cutTitle(c).toLowerCase()} nearly all parts moved the other way (Simpson's paradox): ` +
            "read the rates of the parts.",
        ),
    ],
  };
}
