/** What an offer is worth: the chance that it is taken, times what the item earns, less what offering costs. */
import { TesseraError, phrase } from "../../errors/index.ts";
import type { Filter } from "../../model/filter.ts";
import { keyAttribute } from "../../query/binding/member.ts";
import { ruleKeys } from "../../query/inspect/segment-size.ts";
import { wholeAnswer } from "../../query/plan/whole-answer.ts";
import { printDuckdb } from "../../sql/print-duckdb.ts";
import { factRows, parametersOf } from "../fact-rows.ts";
import { roleOver } from "../features.ts";
import type { MiningContext, ModelSpec } from "../technique.ts";
import type { OfferTest } from "./recommend.ts";

export interface OfferRules {
  /** a measure of money: what an item earned, for each basket that it was in; without it the likeliest item is offered */
  readonly margin?: string;
  /** of one offer, in the project's currency */
  readonly cost?: number;
  /** who may be offered anything: consent, not on the do-not-contact list */
  readonly eligible?: readonly Filter[];
  /** whoever has `most` rows of a cube (touches) within the last days is left alone */
  readonly fatigue?: { readonly events: string; readonly days: number; readonly most: number };
}

/** What each item earned for a basket, by its key as text. */
export async function marginsOf(
  context: MiningContext<ModelSpec & OfferRules>,
  item: string,
  baskets: ReadonlyMap<string, number>,
): Promise<Map<string, number>> {
  const { engine, model, asOf, connection } = context;
  const place = `model ${model.name} › margin`;
  const { margin } = model;
  if (margin === undefined) return new Map();
  if (!engine.catalog.measures.has(margin))
    throw new TesseraError("mining-invalid", phrase`unknown measure ${margin}`, {
      place,
      remedy: "`margin` names a measure of money, such as sales.margin",
    });
  const role = engine.catalog.roles.get(item)!;
  const answer = wholeAnswer(
    { measures: [margin], dimensions: [`${item}.${keyAttribute(role.dimension)}`] },
    engine.context("as_is", null, asOf),
  );
  const read = await connection.runAndReadAll(
    `SELECT k0::VARCHAR, ${answer.columnOf(margin)}::DOUBLE FROM (${answer.printed.sql}) WHERE k0 IS NOT NULL`,
    answer.printed.parameters.map((p) => p.value),
  );
  return new Map(
    read
      .getRows()
      .map(([key, earned]) => [String(key), Number(earned ?? 0) / Math.max(1, baskets.get(String(key)) ?? 1)]),
  );
}

/** Creates the temporary table `offer_open` with the keys of members that may be offered something now. @returns how many are left out, and why */
export async function openMembers(
  context: MiningContext<ModelSpec & OfferRules>,
): Promise<{ readonly ineligible: number; readonly tired: number }> {
  const { engine, model, asOf, connection } = context;
  const place = `model ${model.name}`;
  await connection.run("CREATE OR REPLACE TEMP TABLE offer_open AS SELECT DISTINCT key FROM offer_rows");
  const count = async (): Promise<number> =>
    Number((await connection.runAndReadAll("SELECT count(*) FROM offer_open")).getRowsJson()[0]![0]);
  const all = await count();
  if (model.eligible && model.eligible.length > 0) {
    const keys = printDuckdb(ruleKeys(engine, { over: model.over, filters: model.eligible }, asOf));
    await connection.run(
      `DELETE FROM offer_open WHERE key NOT IN (SELECT k FROM (${keys.sql}) WHERE k IS NOT NULL)`,
      parametersOf(keys),
    );
  }
  const eligible = await count();
  const { fatigue } = model;
  if (fatigue) {
    const touches = factRows(engine, `${place} › fatigue`, {
      cube: fatigue.events,
      from: asOf - fatigue.days + 1,
      until: asOf,
      columns: { key: { key: roleOver(context, model.over).name } },
    });
    await connection.run(
      `DELETE FROM offer_open WHERE key IN (SELECT key FROM (${touches.sql}) WHERE key IS NOT NULL GROUP BY key HAVING count(*) >= ${fatigue.most})`,
      parametersOf(touches),
    );
  }
  return { ineligible: all - eligible, tired: eligible - (await count()) };
}

/** Chance that a guess is taken, by its place and how often the member had bought it; rarer cases take that of the first guess, less by place. */
export function chanceOf(test: OfferTest, at: number, times: number): number | null {
  const bucket = Math.min(3, times);
  const known = test.ranked[at]?.[bucket] ?? null;
  if (known !== null) return known;
  const first = test.first[bucket] ?? null;
  return first === null ? null : first / (at + 1);
}
