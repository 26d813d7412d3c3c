/** What is bought together: association rules over orders, judged on later orders. */
import { TesseraError, phrase } from "../../errors/index.ts";
import { at, first } from "../../lookup.ts";
import { cubeOf, dateRoleOf, factRows, memberNames, parametersOf } from "../fact-rows.ts";
import { roleOver } from "../features.ts";
import { count, i32 } from "../numeric/vector.ts";
import { startsOf } from "../numeric/summary.ts";
import { OUTPUTS } from "../outputs/index.ts";
import { integers, readIntegers } from "../read-typed.ts";
import { defineTechnique, type MiningContext } from "../technique.ts";
import {
  CONFIDENCE,
  FALSE_DISCOVERIES,
  LONGEST,
  SHOWN,
  SUPPORT,
  type BasketFit,
  type BasketModel,
} from "./basket-model.ts";
import { basketReport } from "./basket-report.ts";
import { basketCount, frequentItemsets, type Baskets } from "./itemsets.ts";
import { judgeRules } from "./judge.ts";
import { rulesOf, type Rule } from "./rules.ts";

export type { BasketModel } from "./basket-model.ts";

const FEWEST = 200;
const LEARNT_SHARE = 0.8;
/** Most bought items that the baseline guesses from. */
const POPULAR = 200;
/** A rule needs at least this many baskets, whatever the support. */
const FEWEST_TOGETHER = 5;

async function fit(context: MiningContext<BasketModel>): Promise<BasketFit> {
  const { model } = context;
  context.onProgress("reading baskets");
  const { all, keys, names } = await readBaskets(context);
  const n = basketCount(all);
  if (n < FEWEST)
    throw new TesseraError("too-little-data", phrase`model "${model.name}": ${n} baskets`, {
      place: `model ${model.name}`,
      remedy: phrase`load at least ${FEWEST} baskets`,
    });
  const least = (baskets: number): number => Math.max(FEWEST_TOGETHER, Math.ceil((model.support ?? SUPPORT) * baskets));
  const rulesIn = (baskets: Baskets): { readonly itemsets: number; readonly found: Rule[] } => {
    const total = basketCount(baskets);
    const itemsets = frequentItemsets(baskets, least(total), model.longest ?? LONGEST);
    return {
      itemsets: itemsets.length,
      found: rulesOf(itemsets, total, { confidence: model.confidence ?? CONFIDENCE }),
    };
  };
  const isUseful = (r: Rule): boolean => r.q < FALSE_DISCOVERIES && !r.redundant && r.lift > 1;
  context.onProgress("finding rules");
  const { itemsets, found } = rulesIn(all);
  const rules = found.filter(isUseful);

  context.onProgress("judging on later baskets");
  const border = Math.floor(n * LEARNT_SHARE);
  const learnt = part(all, 0, border);
  const counts = countsOf(learnt);
  const popularity = [...counts.keys()].sort((x, y) => i32(counts, y) - i32(counts, x) || x - y).slice(0, POPULAR);
  const judged = judgeRules(rulesIn(learnt).found.filter(isUseful), popularity, part(all, border, n), {
    seed: model.seed ?? 1,
  });
  const audiences =
    model.audience === undefined ? new Map<Rule, number>() : await audiencesOf(context, rules.slice(0, SHOWN));
  return {
    baskets: n,
    itemsets,
    rules,
    tried: found.length,
    names,
    keys,
    judged,
    audiences,
    counts: countsOf(all),
    least: least(n),
  };
}

/** Creates the temporary tables `basket_rows` and `basket_items`. @returns baskets by day, keys and names of items */
async function readBaskets(
  context: MiningContext<BasketModel>,
): Promise<{ readonly all: Baskets; readonly keys: string[]; readonly names: string[] }> {
  const { engine, connection, model, asOf } = context;
  const place = `model ${model.name}`;
  const role = roleOver(context, model.over);
  const printed = factRows(engine, place, {
    cube: model.events,
    columns: {
      basket: { attribute: model.basket },
      item: { key: role.name },
      day: { day: dateRoleOf(cubeOf(engine, place, model.events), place) },
      ...(model.audience !== undefined && { who: { key: model.audience } }),
    },
    until: asOf,
  });
  await connection.run(
    `CREATE OR REPLACE TEMP TABLE basket_rows AS
     SELECT * FROM (${printed.sql}) WHERE basket IS NOT NULL AND item IS NOT NULL`,
    parametersOf(printed),
  );
  await connection.run(
    `CREATE OR REPLACE TEMP TABLE basket_items AS
     SELECT item, (row_number() OVER (ORDER BY item) - 1)::INTEGER AS i FROM (SELECT DISTINCT item FROM basket_rows)`,
  );
  // numbered by day, so that the last fifth of the baskets is the latest
  const [baskets, items] = await readIntegers(
    connection,
    `SELECT (dense_rank() OVER (ORDER BY d, basket) - 1)::INTEGER AS b, i
     FROM (
       SELECT basket, item, min(min(day)) OVER (PARTITION BY basket) AS d FROM basket_rows GROUP BY basket, item
     ) JOIN basket_items USING (item) ORDER BY b, i`,
  );
  const read = await connection.runAndReadAll("SELECT item::VARCHAR FROM basket_items ORDER BY i");
  const keys = read.getRows().map(([key]) => String(key));
  const labels = await memberNames(engine, role);
  const names = keys.map((key) => labels.get(key) ?? key);
  return { all: compress(integers(baskets, 0), integers(items, 1), names.length), keys, names };
}

/** Rows in the order of baskets as compressed rows. */
function compress(baskets: Int32Array, items: Int32Array, itemCount: number): Baskets {
  const sizes = new Int32Array(baskets.length === 0 ? 0 : i32(baskets, baskets.length - 1) + 1);
  for (const basket of baskets) count(sizes, basket);
  return { offsets: startsOf(sizes), items, itemCount };
}

/** The baskets from one number to another. */
function part({ offsets, items, itemCount }: Baskets, from: number, until: number): Baskets {
  const start = i32(offsets, from);
  return {
    offsets: offsets.slice(from, until + 1).map((o) => o - start),
    items: items.subarray(start, i32(offsets, until)),
    itemCount,
  };
}

function countsOf({ items, itemCount }: Baskets): Int32Array {
  const counts = new Int32Array(itemCount);
  for (const item of items) count(counts, item);
  return counts;
}

/** How many members bought the whole left side and never the right side, by rule. */
async function audiencesOf({ connection }: MiningContext, rules: readonly Rule[]): Promise<Map<Rule, number>> {
  await connection.run(
    `CREATE OR REPLACE TEMP TABLE basket_owned AS
     SELECT DISTINCT who, i FROM basket_rows JOIN basket_items USING (item) WHERE who IS NOT NULL`,
  );
  const out = new Map<Rule, number>();
  for (const rule of rules) {
    const { left, right } = rule;
    const read = await connection.runAndReadAll(
      `SELECT count(*)::INTEGER FROM (
         SELECT who FROM basket_owned WHERE i IN (${[...left, right].join(", ")}) GROUP BY who
         HAVING count(*) FILTER (WHERE i <> ${right}) = ${left.length} AND count(*) FILTER (WHERE i = ${right}) = 0)`,
    );
    out.set(rule, Number(first(first(read.getRows()))));
  }
  return out;
}

/** The strongest rule with the item alone on the left; items without such a rule get no label. */
async function score({ connection }: MiningContext<BasketModel>, { rules, names }: BasketFit): Promise<string> {
  await connection.run(
    "CREATE OR REPLACE TEMP TABLE basket_partners (i INTEGER, partner VARCHAR, lift DOUBLE, confidence DOUBLE)",
  );
  const taken = new Set<number>();
  const appender = await connection.createAppender("basket_partners", "main", "temp");
  for (const rule of rules) {
    const item = first(rule.left);
    if (rule.left.length > 1 || taken.has(item)) continue;
    taken.add(item);
    appender.appendInteger(item);
    appender.appendVarchar(at(names, rule.right));
    appender.appendDouble(rule.lift);
    appender.appendDouble(rule.confidence);
    appender.endRow();
  }
  appender.closeSync();
  return "SELECT item AS key, partner, lift, confidence FROM basket_items JOIN basket_partners USING (i)";
}

/** The technique `basket`. */
export const basket = defineTechnique<BasketModel>()({ ...OUTPUTS.basket, fit, score, report: basketReport });
