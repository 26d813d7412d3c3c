/** Attribution as a model over channels: their credit as attributes, all rules in the report. */
import { toIso } from "../../model/time/calendar.ts";
import type { AttributionRequest } from "../../model/declarations.ts";
import { dimension, measure, unitOf } from "../columns.ts";
import { defineTechnique, type Findings, type MiningContext, type ModelSpec } from "../technique.ts";
import { OUTPUTS } from "../outputs/index.ts";
import { attribute, ATTRIBUTION_RULES, type Attribution, type AttributionRule } from "./attribute.ts";

/** Divides the credit for conversions among the channels; see `AttributionRequest` for its fields. */
export interface AttributionModel extends ModelSpec, Omit<AttributionRequest, "seed"> {
  readonly technique: "attribution";
}

/** Titles of the rules. */
export const RULE_TITLES: Readonly<Record<AttributionRule, string>> = {
  first: "First touch",
  last: "Last touch",
  linear: "Linear",
  position: "Position",
  decay: "Time decay",
  shapley: "Shapley",
  markov: "Markov",
};

async function score({ connection }: MiningContext<AttributionModel>, found: Attribution): Promise<string> {
  await connection.run(
    "CREATE OR REPLACE TEMP TABLE attribution_credit (text VARCHAR, conversions DOUBLE, value DOUBLE, share DOUBLE)",
  );
  for (const c of found.channels)
    await connection.run("INSERT INTO attribution_credit VALUES ($1, $2::DOUBLE, $3::DOUBLE, $4::DOUBLE)", [
      c.key,
      String(c.conversions.markov),
      String(c.value.markov),
      String(c.conversions.markov / found.conversions),
    ]);
  return "SELECT text AS key, conversions, value, share FROM attribution_credit";
}

function report(context: MiningContext<AttributionModel>, found: Attribution): Findings {
  const { model } = context;
  const money = unitOf(context, model.value);
  const channel = dimension("channel", "Channel");
  const beats = found.judged.lead[0] > 0;
  const side = found.channels.flatMap((c) =>
    ATTRIBUTION_RULES.map((rule) => ({
      channel: c.channel,
      rule: RULE_TITLES[rule],
      conversions: c.conversions[rule],
    })),
  );
  const untouched = Math.round(found.untouched.conversions).toLocaleString("en");
  const predicts = beats ? "predict" : "do not predict";
  const costed = found.channels.some((c) => c.cost !== null);
  return {
    members: found.channels.length,
    parameters: {
      touches: model.touches,
      conversions: model.conversions,
      unit: model.unit,
      lookback: `${found.lookback} days`,
      order: found.order,
      halfLife: `${model.halfLife ?? 7} days`,
    },
    figures: [
      {
        title: "Conversions with touches",
        value: found.conversions,
        format: "integer",
        note: `${untouched} more have no touch within ${found.lookback} days`,
      },
      { title: "Their value", value: found.value, format: money.format },
      {
        title: "Conversion rate of paths",
        value: found.chance,
        format: "percent",
        note: `${Math.round(found.nulls).toLocaleString("en")} paths ended without a conversion`,
      },
      {
        title: "Log loss on unseen units",
        value: found.judged.loss,
        format: "decimal",
        note: `predicting the mean: ${found.judged.rival.toFixed(4)}; the last touches ${predicts} conversions`,
      },
    ],
    verdict: {
      beats,
      model: found.judged.loss,
      rival: found.judged.rival,
      against: "always predicting the mean",
      by: "log loss a path on unseen units (less is better)",
      lead: found.judged.lead,
    },
    sections: [
      {
        title: "Conversions by rule",
        chart: "heatmap",
        wide: true,
        columns: [channel, dimension("rule", "Rule"), measure("conversions", "Conversions", "integer")],
        rows: side,
        note: "Every rule divides the same conversions among the channels.",
      },
      {
        title: "Markov chain",
        wide: true,
        columns: [
          channel,
          measure("touches", "Touches", "integer"),
          measure("removal", "Removal effect", "percent"),
          measure("conversions", "Conversions", "integer"),
          measure("low", "95 % low", "integer"),
          measure("high", "95 % high", "integer"),
          { ...measure("value", "Value"), ...money },
          ...(costed
            ? [
                { ...measure("cost", "Cost"), ...money },
                { ...measure("cpa", "Cost per conversion"), ...money },
                measure("roas", "Return on spend"),
              ]
            : []),
        ],
        rows: found.channels.map((c) => ({
          channel: c.channel,
          touches: c.touches,
          removal: c.removal,
          conversions: c.conversions.markov,
          low: c.interval[0],
          high: c.interval[1],
          value: c.value.markov,
          ...(costed && { cost: c.cost, cpa: c.cpa, roas: c.roas }),
        })),
        note:
          "Removal effect: share of conversions lost when every move into the channel ends without one. " +
          "Intervals: bootstrap over units.",
      },
      {
        title: "Markov chain and last touch",
        chart: "bar",
        columns: [channel, measure("markov", "Markov", "integer"), measure("last", "Last touch", "integer")],
        rows: found.channels.map((c) => ({
          channel: c.channel,
          markov: c.conversions.markov,
          last: c.conversions.last,
        })),
      },
      {
        title: "First and last touch",
        chart: "bar",
        columns: [channel, measure("first", "First touch", "integer"), measure("last", "Last touch", "integer")],
        rows: found.channels.map((c) => ({ channel: c.channel, first: c.conversions.first, last: c.conversions.last })),
        note: "Channels that start paths, and channels that end them.",
      },
    ],
    notes: [
      ...found.notes,
      ...(beats ? [] : ["The last touches do not predict conversions: treat the credit with caution."]),
    ],
  };
}

/** The technique `attribution`. */
export const attribution = defineTechnique<AttributionModel>()({
  ...OUTPUTS.attribution,
  fit: async ({ engine, model, asOf, onProgress }): Promise<Attribution> => {
    onProgress(`reading touches up to ${toIso(asOf)}`);
    return attribute(engine, model, { asOf, place: `model ${model.name}` });
  },
  score,
  report,
});
