/** A move in figures, pictures and words: where it moved most, and the bridge of the most telling cut. */
import { dimension, measure, unitOf } from "../columns.ts";
import type { Engine } from "../../query/answer/engine.ts";
import type { Findings } from "../technique.ts";
import type { Cut, Move, MoveRequest } from "./explain-move.ts";
import { first as firstOf, required } from "../../lookup.ts";

const STEPS = 10;

export function tellMove(
  engine: Engine,
  model: MoveRequest & { readonly dimensions: readonly string[] },
  move: Move,
): Findings {
  const unit = unitOf({ engine }, model.measure);
  const node = required(engine.catalog.measures, model.measure);
  const titleOf = (member: string): string => {
    const [owner, name] = member.split(".") as [string, string];
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
  const first = firstOf(move.cuts);
  const ordered = [...first.contributions].sort((a, b) => Math.abs(b.total) - Math.abs(a.total));
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
      { title: "Move", value: move.after - move.before, format: unit.format },
      {
        title: "Most telling part",
        value: top?.shareOfMove ?? null,
        format: "percent",
        note: top ? `of the move: ${top.member}` : "no member brings more than a few hundredths of the move",
      },
    ],
    sections: [
      {
        title: `${node.title} by ${cutTitle(first).toLowerCase()}`,
        wide: true,
        plot: { kind: "bridge", step: "step", value: "value", from: move.before, until: move.after },
        columns: [dimension("step", cutTitle(first)), value("value", "Change")],
        rows: steps,
        note: "The steps add up to the move exactly.",
      },
      {
        title: "Where it moved most",
        wide: true,
        columns: [
          dimension("where", "Where"),
          dimension("member", "Member"),
          value("total", "Brought"),
          measure("share", "Of the move", "percent"),
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
        note: "The most concentrated first: much of the move from little of the whole. Parts of different cuts overlap.",
      },
      ...(move.kind === "amount"
        ? []
        : [
            {
              title: "Volume, mix and rate by cut",
              wide: true,
              columns: [
                dimension("cut", "Cut"),
                ...(move.kind === "volume" ? [value("volume", "Volume")] : []),
                value("mix", "Mix"),
                value("rate", "Rate"),
                dimension("simpson", "Parts against the whole"),
              ],
              rows: move.cuts.map((cut) => ({
                cut: cutTitle(cut),
                ...sums(cut),
                simpson: cut.simpson ? "yes: the whole moved against nearly all of its parts" : "no",
              })),
              note: "Volume: more or fewer in all. Mix: shares changed. Rate: the members themselves changed. Each line adds up to the move.",
            },
          ]),
    ],
    notes: [
      "Parts of a sum say where a change is, not who caused it.",
      ...move.cuts
        .filter((c) => c.simpson && c.dimensions.length === 1)
        .map(
          (c) =>
            `By ${cutTitle(c).toLowerCase()} the whole moved against nearly all of its parts (Simpson's paradox): read the rates of the parts.`,
        ),
    ],
  };
}
