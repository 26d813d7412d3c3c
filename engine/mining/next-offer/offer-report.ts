/** The report on next offers: how the recommenders did, what is offered, and to how many. */
import { at, first, required } from "../../lookup.ts";
import { dimension, measure, pairedInterval } from "../columns.ts";
import { u8 } from "../numeric/vector.ts";
import type { Figure, Findings, MiningContext } from "../technique.ts";
import { GUESSES, type NextOfferFit, type NextOfferModel } from "./next-offer-model.ts";
import type { Recommender } from "./recommend.ts";

const TITLES: Readonly<Record<Recommender, string>> = {
  popularity: "Most bought",
  again: "Bought before",
  together: "Goes with what was bought",
  blend: "Bought before, or goes with it",
};
const TIMES = ["never", "once", "twice", "three times or more"];

/** Figures, sections and notes. */
export function offerReport({ engine, model }: MiningContext<NextOfferModel>, fit: NextOfferFit): Findings {
  const { tests, chosen, members, offered, worth } = fit;
  const naive = first(tests);
  const guesses = model.guesses ?? GUESSES;
  const lead = pairedInterval(Float64Array.from(chosen.byMember, (hit, k) => hit - u8(naive.byMember, k)));
  const beats = chosen !== naive && lead[0] > 0;
  return {
    members,
    parameters: {
      events: model.events,
      basket: model.basket,
      item: model.item,
      guesses,
      chosen: TITLES[chosen.how],
      offers: model.fresh ? "only items not bought before" : "all items",
    },
    figures: [
      {
        title: `Next basket holds one of ${guesses} guesses`,
        value: chosen.hits,
        format: "percent",
        note: `${TITLES[chosen.how]}; most bought: ${(100 * naive.hits).toFixed(1)} %`,
      },
      { title: "Members judged", value: chosen.members, format: "integer", note: "their last basket was hidden" },
      { title: "Members with an offer", value: members, format: "integer", ...noteOf(fit) },
      ...(worth === null ? [] : [worthFigure(worth, model.cost ?? 0)]),
    ],
    verdict: {
      beats,
      model: chosen.hits,
      rival: naive.hits,
      against: "always offering the most bought",
      by: `members whose next basket holds one of ${guesses} guesses`,
      lead,
    },
    sections: [
      {
        title: "Recommenders on the next basket",
        chart: "bar",
        columns: [dimension("how", "Recommender"), measure("hits", `One of ${guesses} guesses bought`, "percent")],
        rows: tests.map((t) => ({ how: t === chosen ? `${TITLES[t.how]} (chosen)` : TITLES[t.how], hits: t.hits })),
      },
      {
        title: "Most offered items",
        chart: "bar",
        columns: [
          dimension("item", required(engine.catalog.roles, model.item).title),
          measure("members", "Members", "integer"),
        ],
        rows: [...offered],
      },
      {
        title: "First guesses that were bought",
        columns: [dimension("bought", "Bought before"), measure("came", "Bought next", "percent")],
        rows: chosen.first.map((came, k) => ({ bought: at(TIMES, k), came })),
        note: "These shares give an offer's probability.",
      },
    ],
    notes: [
      "The probability is that of buying, not of being influenced: who buys anyway needs no offer. " +
        "Only a control group shows the difference.",
      ...(beats ? [] : ["No recommender is shown to beat offering the most bought."]),
    ],
  };
}

/** Why members have no offer. */
function noteOf({ left }: NextOfferFit): { readonly note?: string } {
  const reasons = [
    { n: left.ineligible, why: "may not get offers" },
    { n: left.tired, why: "were contacted often enough" },
    { n: left.unprofitable, why: "are worth less than the offer costs" },
  ].filter(({ n }) => n > 0);
  if (reasons.length === 0) return {};
  return { note: reasons.map(({ n, why }) => `${n.toLocaleString("en")} ${why}`).join(", ") };
}

const worthFigure = (worth: number, cost: number): Figure => ({
  title: "Expected margin minus cost",
  value: worth,
  format: "currency",
  note: `of all offers, at ${cost} each; includes members who buy anyway`,
});
