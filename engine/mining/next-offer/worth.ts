/** What an offer is worth: the probability that it is taken, times what the item earns, minus the cost of the offer. */
import { TesseraError, didYouMean, phrase } from "../../errors/index.ts";
import { first, required } from "../../lookup.ts";
import type { Filter } from "../../model/filter.ts";
import { toIso } from "../../model/time/calendar.ts";
import { keyAttribute } from "../../query/binding/member.ts";
import { ruleKeys } from "../../query/inspect/segment-size.ts";
import { wholeAnswer } from "../../query/plan/whole-answer.ts";
import { printDuckdb } from "../../sql/print-duckdb.ts";
import { factRows, parametersOf } from "../fact-rows.ts";
import { roleOver } from "../features.ts";
import type { MiningContext, ModelSpec } from "../technique.ts";
import { bucketOf, type OfferTest } from "./judge-offers.ts";

/** What an offer earns and costs, and who may get one. */
export interface OfferRules {
  /** a measure of money: what an item earned, divided by the baskets it was in; without it the likeliest item wins */
  readonly margin?: string;
  /** cost of one offer, in the project's currency; 0 by default */
  readonly cost?: number;
  /** who may get offers, for example by consent */
  readonly eligible?: readonly Filter[];
  /** members with `most` rows or more of a cube (touches) within the last `days` get no offer */
  readonly fatigue?: { readonly events: string; readonly days: number; readonly most: number };
}

/**
 * What each item earned a basket up to the day of the labels, by its key as text; empty without `margin`.
 * @param baskets by key the baskets that held the item
 * @throws TesseraError `mining-invalid` for an unknown measure
 */
export async function marginsOf(
  context: MiningContext<ModelSpec & OfferRules>,
  item: string,
  baskets: ReadonlyMap<string, number>,
): Promise<Map<string, number>> {
  const { engine, model, asOf, connection } = context;
  const { margin } = model;
  if (margin === undefined) return new Map();
  if (!engine.catalog.measures.has(margin)) {
    const names = [...engine.catalog.measures.keys()];
    throw new TesseraError("mining-invalid", phrase`measure "${margin}" not found${didYouMean(margin, names)}`, {
      place: `model ${model.name} › margin`,
      remedy: "name a measure of money, for example sales.margin",
    });
  }
  const role = required(engine.catalog.roles, item, "role");
  const { dateRole } = required(engine.catalog.cubes, required(engine.catalog.measures, margin).cube, "cube");
  const filters = dateRole === null ? [] : [{ member: dateRole, operator: "lte" as const, values: [toIso(asOf)] }];
  const answer = wholeAnswer(
    { measures: [margin], dimensions: [`${item}.${keyAttribute(role.dimension)}`], filters },
    engine.context("as_is", null, asOf),
  );
  const read = await connection.runAndReadAll(
    `SELECT k0::VARCHAR, ${answer.columnOf(margin)}::DOUBLE FROM (${answer.printed.sql}) WHERE k0 IS NOT NULL`,
    answer.printed.parameters.map((p) => p.value),
  );
  const perBasket = (key: string, earned: number): number => earned / Math.max(1, baskets.get(key) ?? 1);
  return new Map(
    read.getRows().map(([key, earned]) => [String(key), perBasket(String(key), Number(earned ?? 0))] as const),
  );
}

/**
 * Creates the temporary table `offer_open` with the keys of members who may get an offer now.
 * @returns how many may not, by reason
 */
export async function openMembers(
  context: MiningContext<ModelSpec & OfferRules>,
): Promise<{ readonly ineligible: number; readonly tired: number }> {
  const { engine, model, asOf, connection } = context;
  await connection.run("CREATE OR REPLACE TEMP TABLE offer_open AS SELECT DISTINCT key FROM offer_rows");
  const countOpen = async (): Promise<number> => {
    const counted = await connection.runAndReadAll("SELECT count(*) FROM offer_open");
    return Number(first(first(counted.getRowsJson())));
  };
  const all = await countOpen();
  if (model.eligible && model.eligible.length > 0) {
    const keys = printDuckdb(ruleKeys(engine, { over: model.over, filters: model.eligible }, asOf));
    await connection.run(
      `DELETE FROM offer_open WHERE key NOT IN (SELECT k FROM (${keys.sql}) WHERE k IS NOT NULL)`,
      parametersOf(keys),
    );
  }
  const eligible = await countOpen();
  const { fatigue } = model;
  if (fatigue) {
    const touches = factRows(engine, `model ${model.name} › fatigue`, {
      cube: fatigue.events,
      from: asOf - fatigue.days + 1,
      until: asOf,
      columns: { key: { key: roleOver(context, model.over).name } },
    });
    await connection.run(
      `DELETE FROM offer_open WHERE key IN (
         SELECT key FROM (${touches.sql}) WHERE key IS NOT NULL GROUP BY key HAVING count(*) >= ${fatigue.most})`,
      parametersOf(touches),
    );
  }
  return { ineligible: all - eligible, tired: eligible - (await countOpen()) };
}

/**
 * The probability that a guess is taken, by its place and how often the member had bought the item. Rare cases take the
 * share of first guesses, divided by the place; null where that is unknown too.
 */
export function chanceOf(test: OfferTest, place: number, times: number): number | null {
  const bucket = bucketOf(times);
  const known = test.ranked[place]?.[bucket] ?? null;
  if (known !== null) return known;
  const share = test.first[bucket] ?? null;
  return share === null ? null : share / (place + 1);
}
