/** What is bought together: association rules over orders, judged on later orders, with the customers that each could be told to. */
import { TesseraError, phrase } from "../../errors/index.ts";
import { roleOver } from "../features.ts";
import { dimension, measure } from "../columns.ts";
import { dateRoleOf, cubeOf, factRows, memberNames, parametersOf } from "../fact-rows.ts";
import { readTyped } from "../read-typed.ts";
import { defineTechnique, type Findings, type MiningContext, type ModelSpec } from "../technique.ts";
import { OUTPUTS } from "../outputs/index.ts";
import { basketCount, frequentItemsets, type Baskets } from "./itemsets.ts";
import { judgeRules, type Judged } from "./judge.ts";
import { rulesOf, type Rule } from "./rules.ts";
import { at, first } from "../../lookup.ts";
import { i32, count as tally } from "../numeric/index.ts";

/** `basket` names the attribute that lines of one basket share; `support` is a share of all baskets (.001), `confidence` of those with the left side (.1). */
export interface BasketModel extends ModelSpec {
  readonly technique: "basket";
  readonly events: string;
  readonly basket: string;
  readonly support?: number;
  readonly confidence?: number /** items of a rule, 4 */;
  readonly longest?: number /** the role whose members a rule could be told to */;
  readonly audience?: string;
}

export interface BasketFit {
  readonly baskets: number;
  readonly itemsets: number;
  readonly rules: readonly Rule[];
  readonly tried: number;
  readonly names: readonly string[];
  readonly keys: readonly string[];
  readonly judged: Judged;
  readonly audiences: ReadonlyMap<Rule, number>;
  readonly counts: Int32Array;
  readonly least: number;
}

const FEWEST = 200;
const SHARE_LEARNT = 0.8;
const FALSE_FINDS = 0.05;
const SHOWN = 60;

async function fit(context: MiningContext<BasketModel>): Promise<BasketFit> {
  const { engine, connection, model, asOf } = context;
  const place = `model ${model.name}`;
  const role = roleOver(context, model.over);
  const date = dateRoleOf(cubeOf(engine, place, model.events), place);
  context.onProgress("reading baskets");
  const printed = factRows(engine, place, {
    cube: model.events,
    columns: {
      basket: { attribute: model.basket },
      item: { key: role.name },
      day: { day: date },
      ...(model.audience !== undefined && { who: { key: model.audience } }),
    },
    until: asOf,
  });
  await connection.run(
    `CREATE OR REPLACE TEMP TABLE basket_rows AS SELECT * FROM (${printed.sql}) WHERE basket IS NOT NULL AND item IS NOT NULL`,
    parametersOf(printed),
  );
  await connection.run(
    "CREATE OR REPLACE TEMP TABLE basket_items AS SELECT item, (row_number() OVER (ORDER BY item) - 1)::INTEGER AS i FROM (SELECT DISTINCT item FROM basket_rows)",
  );
  // numbered by day, so that the last fifth of baskets is the latest
  const [b, i] = (await readTyped(
    connection,
    `SELECT (dense_rank() OVER (ORDER BY d, basket) - 1)::INTEGER AS b, i FROM (SELECT basket, item, min(min(day)) OVER (PARTITION BY basket) AS d FROM basket_rows GROUP BY basket, item) JOIN basket_items USING (item) ORDER BY b, i`,
  )) as [Int32Array, Int32Array];
  const keys = await connection.runAndReadAll("SELECT item::VARCHAR FROM basket_items ORDER BY i");
  const labels = await memberNames(engine, role);
  const own = keys.getRows().map(([key]) => String(key));
  const names = keys.getRows().map(([key]) => labels.get(String(key)) ?? String(key));
  const all = compress(b, i, names.length);
  const n = basketCount(all);
  if (n < FEWEST)
    throw new TesseraError("too-little-data", phrase`model ${model.name} has ${n} baskets`, {
      place,
      remedy: phrase`it needs ${FEWEST}`,
    });

  const least = (of: number): number => Math.max(5, Math.ceil((model.support ?? 0.001) * of));
  const settings = { confidence: model.confidence ?? 0.1 };
  context.onProgress("finding what is bought together");
  const itemsets = frequentItemsets(all, least(n), model.longest ?? 4);
  const found = rulesOf(itemsets, n, settings);
  const rules = found.filter((r) => r.q < FALSE_FINDS && !r.redundant && r.lift > 1);

  context.onProgress("judging on later baskets");
  const border = Math.floor(n * SHARE_LEARNT);
  const [learnt, unseen] = [part(all, 0, border), part(all, border, n)];
  const counts = countsOf(learnt);
  const popularity = Array.from(counts.keys())
    .sort((x, y) => i32(counts, y) - i32(counts, x) || x - y)
    .slice(0, 200);
  const judged = judgeRules(
    rulesOf(frequentItemsets(learnt, least(border), model.longest ?? 4), border, settings).filter(
      (r) => r.q < FALSE_FINDS && !r.redundant && r.lift > 1,
    ),
    popularity,
    unseen,
    { seed: model.seed ?? 1 },
  );
  const audiences =
    model.audience === undefined ? new Map<Rule, number>() : await audiencesOf(context, rules.slice(0, SHOWN));
  return {
    baskets: n,
    itemsets: itemsets.length,
    rules,
    tried: found.length,
    names,
    keys: own,
    judged,
    audiences,
    counts: countsOf(all),
    least: least(n),
  };
}

function compress(b: Int32Array, items: Int32Array, itemCount: number): Baskets {
  const n = b.length === 0 ? 0 : i32(b, b.length - 1) + 1;
  const offsets = new Int32Array(n + 1);
  for (const basket of b) tally(offsets, basket + 1);
  for (let k = 0; k < n; k++) offsets[k + 1] = i32(offsets, k + 1) + i32(offsets, k);
  return { offsets, items, itemCount };
}

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
  for (const item of items) tally(counts, item);
  return counts;
}

/** Members who bought the whole left side at some time and the right side never: whom a rule could be told to. */
async function audiencesOf({ connection }: MiningContext, rules: readonly Rule[]): Promise<Map<Rule, number>> {
  await connection.run(
    "CREATE OR REPLACE TEMP TABLE basket_owned AS SELECT DISTINCT who, i FROM basket_rows JOIN basket_items USING (item) WHERE who IS NOT NULL",
  );
  const out = new Map<Rule, number>();
  for (const rule of rules) {
    const read = await connection.runAndReadAll(
      `SELECT count(*)::INTEGER FROM (SELECT who FROM basket_owned WHERE i IN (${[...rule.left, rule.right].join(", ")}) GROUP BY who HAVING count(*) FILTER (WHERE i <> ${rule.right}) = ${rule.left.length} AND count(*) FILTER (WHERE i = ${rule.right}) = 0)`,
    );
    out.set(rule, Number(first(read.getRows())[0]));
  }
  return out;
}

async function score({ connection }: MiningContext<BasketModel>, { rules, names }: BasketFit): Promise<string> {
  // the best rule of one item on the left, and nothing for items that no rule begins with
  await connection.run(
    "CREATE OR REPLACE TEMP TABLE basket_partners (i INTEGER, partner VARCHAR, lift DOUBLE, confidence DOUBLE)",
  );
  const taken = new Set<number>();
  const appender = await connection.createAppender("basket_partners", "main", "temp");
  for (const rule of rules) {
    if (rule.left.length > 1 || taken.has(first(rule.left))) continue;
    taken.add(first(rule.left));
    appender.appendInteger(first(rule.left));
    appender.appendVarchar(at(names, rule.right));
    appender.appendDouble(rule.lift);
    appender.appendDouble(rule.confidence);
    appender.endRow();
  }
  appender.closeSync();
  return "SELECT item AS key, partner, lift, confidence FROM basket_items JOIN basket_partners USING (i)";
}

function report(
  context: MiningContext<BasketModel>,
  { baskets, itemsets, rules, tried, names, keys, judged, audiences, counts, least }: BasketFit,
): Findings {
  const { model } = context;
  const words = (rule: Rule): string => `${rule.left.map((i) => names[i]).join(" + ")} → ${names[rule.right]}`;
  const top = rules.slice(0, SHOWN);
  // keys of the items stand beside, unshown: a rule leads to its audience
  const rows = top.map((r, n) => ({
    number: n + 1,
    left: JSON.stringify(r.left.map((i) => keys[i])),
    right: at(keys, r.right),
    rule: words(r),
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
    ...(audiences.size > 0 ? [measure("audience", "Could be told", "integer" as const)] : []),
  ];
  const beats = judged.lead[0] > 0;
  return {
    members: names.length,
    parameters: {
      events: model.events,
      basket: model.basket,
      support: model.support ?? 0.001,
      leastBaskets: least,
      confidence: model.confidence ?? 0.1,
      longest: model.longest ?? 4,
      falseFinds: FALSE_FINDS,
    },
    figures: [
      {
        title: "Rules",
        value: rules.length,
        format: "integer",
        note: `of ${tried.toLocaleString("en")} with enough support and confidence; the others are chance (q ${FALSE_FINDS} or more), repeat a shorter rule, or tell of less than independence`,
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
        note: `on ${judged.baskets.toLocaleString("en")} later baskets; the most bought items: ${(100 * judged.rival).toFixed(1)} %: ${beats ? "beats them" : "does not beat them"}`,
      },
    ],
    verdict: {
      beats,
      model: judged.hits,
      rival: judged.rival,
      against: "always naming the most bought items",
      by: "hidden items found among five guesses, on later baskets",
      lead: judged.lead,
    },
    sections: [
      {
        title: "Support and confidence",
        chart: "scatter",
        columns: columns.slice(1, 4),
        rows,
        note: "A rule to the right happens often, one above seldom fails.",
      },
      {
        title: "Most bought",
        chart: "bar",
        columns: [
          dimension("item", context.engine.catalog.dimensions.get(model.over)?.title ?? model.over),
          measure("baskets", "Baskets", "integer"),
        ],
        rows: Array.from(counts.keys())
          .sort((a, b) => i32(counts, b) - i32(counts, a))
          .slice(0, 15)
          .map((i) => ({ item: at(names, i), baskets: i32(counts, i) })),
      },
      {
        title: "Strongest rules",
        wide: true,
        columns,
        rows,
        note: "q: share of false finds expected among rules up to this one. Could be told: customers who bought the left side and never the right.",
      },
    ],
    notes: [
      "Rules say what goes together, not what causes it: an offer has to be tried against a hold-out.",
      ...(beats ? [] : ["On later baskets the rules name hidden items no better than plain popularity."]),
    ],
  };
}

export const basket = defineTechnique<BasketModel>()({
  ...OUTPUTS.basket,
  fit,
  score,
  report,
});
