/** The report on baskets: rules by support and confidence, the strongest rules, the most bought items. */
import { at } from "../../lookup.ts";
import { dimension, measure } from "../columns.ts";
import { i32 } from "../numeric/vector.ts";
import type { Findings, MiningContext } from "../technique.ts";
import {
  CONFIDENCE,
  FALSE_DISCOVERIES,
  LONGEST,
  SHOWN,
  SUPPORT,
  type BasketFit,
  type BasketModel,
} from "./basket-model.ts";

const MOST_BOUGHT = 15;

/** Figures, sections and notes. */
export function basketReport({ model, engine }: MiningContext<BasketModel>, fit: BasketFit): Findings {
  const { baskets, itemsets, rules, tried, names, judged, audiences, counts, least } = fit;
  const rows = rowsOf(fit);
  const columns = [
    dimension("number", "No.", "integer"),
    dimension("rule", "Rule"),
    measure("support", "Support", "percent"),
    measure("confidence", "Confidence", "percent"),
    measure("lift", "Lift"),
    measure("leverage", "Leverage", "percent"),
    measure("conviction", "Conviction"),
    measure("zhang", "Zhang"),
    measure("count", "Baskets", "integer"),
    measure("q", "q"),
    ...(audiences.size > 0 ? [measure("audience", "Audience", "integer")] : []),
  ];
  const beats = judged.lead[0] > 0;
  return {
    members: names.length,
    parameters: {
      events: model.events,
      basket: model.basket,
      support: model.support ?? SUPPORT,
      leastBaskets: least,
      confidence: model.confidence ?? CONFIDENCE,
      longest: model.longest ?? LONGEST,
      falseFinds: FALSE_DISCOVERIES,
    },
    figures: [
      {
        title: "Rules",
        value: rules.length,
        format: "integer",
        note:
          `of ${tried.toLocaleString("en")} with enough support and confidence; the others may be chance ` +
          `(q ${FALSE_DISCOVERIES} or more), repeat a shorter rule, or have a lift of at most 1`,
      },
      {
        title: "Baskets",
        value: baskets,
        format: "integer",
        note: `${itemsets.toLocaleString("en")} frequent itemsets`,
      },
      {
        title: "Hidden item among five guesses",
        value: judged.hits,
        format: "percent",
        note:
          `on ${judged.baskets.toLocaleString("en")} later baskets; ` +
          `most bought items: ${(100 * judged.rival).toFixed(1)} %; ${beats ? "beats them" : "does not beat them"}`,
      },
    ],
    verdict: {
      beats,
      model: judged.hits,
      rival: judged.rival,
      against: "always guessing the most bought items",
      by: "hidden items found in five guesses, on later baskets",
      lead: judged.lead,
    },
    sections: [
      {
        title: "Support and confidence",
        chart: "scatter",
        columns: columns.slice(1, 4),
        rows,
        note: "Rules to the right apply often; rules at the top are reliable.",
      },
      {
        title: "Most bought",
        chart: "bar",
        columns: [
          dimension("item", engine.catalog.dimensions.get(model.over)?.title ?? model.over),
          measure("baskets", "Baskets", "integer"),
        ],
        rows: [...counts.keys()]
          .sort((a, b) => i32(counts, b) - i32(counts, a))
          .slice(0, MOST_BOUGHT)
          .map((i) => ({ item: at(names, i), baskets: i32(counts, i) })),
      },
      {
        title: "Strongest rules",
        wide: true,
        columns,
        rows,
        note:
          "q: expected share of false rules up to this one. " +
          "Audience: customers who bought the left side and never the right side.",
      },
    ],
    notes: [
      "Rules show what is bought together, not what causes it: test an offer against a control group.",
      ...(beats ? [] : ["On later baskets the rules are not shown to beat the most bought items."]),
    ],
  };
}

/** Rules with hidden keys of their items, which lead from a rule to its audience. */
const rowsOf = ({ rules, names, keys, audiences }: BasketFit) =>
  rules.slice(0, SHOWN).map((r, n) => ({
    number: n + 1,
    left: JSON.stringify(r.left.map((i) => at(keys, i))),
    right: at(keys, r.right),
    rule: `${r.left.map((i) => at(names, i)).join(" + ")} → ${at(names, r.right)}`,
    support: r.support,
    confidence: r.confidence,
    lift: r.lift,
    leverage: r.leverage,
    conviction: Number.isFinite(r.conviction) ? r.conviction : null,
    zhang: r.zhang,
    count: r.count,
    q: r.q,
    audience: audiences.get(r) ?? null,
  }));
