/** What to offer each member next: by the recommender that finds most of what the next baskets hold. */
import { GUESSES, type NextOfferFit, type NextOfferModel } from "./next-offer-model.ts";
import { TesseraError, didYouMean, phrase } from "../../errors/index.ts";
import { at, present } from "../../lookup.ts";
import { cubeOf, dateRoleOf, factRows, memberNames, parametersOf } from "../fact-rows.ts";
import { roleOver } from "../features.ts";
import { count, i32, num } from "../numeric/vector.ts";
import { startsOf } from "../numeric/summary.ts";
import { OUTPUTS } from "../outputs/index.ts";
import { integers, readIntegers } from "../read-typed.ts";
import { defineTechnique, type MiningContext } from "../technique.ts";
import { judgeOffers, type OfferTest } from "./judge-offers.ts";
import { offerReport } from "./offer-report.ts";
import { basketAt, learnOffers, recommend, timesBought, type Histories, type Recommender } from "./recommend.ts";
import { chanceOf, marginsOf, openMembers } from "./worth.ts";

const FEWEST = 100;
const SHOWN = 15;

async function fit(context: MiningContext<NextOfferModel>): Promise<NextOfferFit> {
  const { model } = context;
  context.onProgress("reading baskets");
  const { histories, keys, names } = await readBaskets(context);
  context.onProgress("judging on the last basket of each member");
  const { tests } = judgeOffers(histories, model.guesses ?? GUESSES);
  const judged = tests[0]?.members ?? 0;
  if (judged < FEWEST)
    throw new TesseraError("too-little-data", phrase`model "${model.name}": ${judged} members bought twice`, {
      place: `model ${model.name}`,
      remedy: phrase`load more purchases: ${FEWEST} such members are needed`,
    });
  const chosen = tests.reduce((a, t) => (t.hits > a.hits ? t : a));
  context.onProgress("choosing offers");
  return chooseOffers(context, histories, keys, names, tests, chosen);
}

/** Creates the temporary tables `offer_rows` and `offer_items`. @returns baskets, and keys and names of the items */
async function readBaskets(
  context: MiningContext<NextOfferModel>,
): Promise<{ readonly histories: Histories; readonly keys: string[]; readonly names: string[] }> {
  const { engine, connection, model, asOf } = context;
  const place = `model ${model.name}`;
  const role = engine.catalog.roles.get(model.item);
  if (!role) {
    const roles = [...engine.catalog.roles.keys()];
    throw new TesseraError("mining-invalid", phrase`role "${model.item}" not found${didYouMean(model.item, roles)}`, {
      place: `${place} › item`,
      remedy: "name the role of what is bought",
    });
  }
  const printed = factRows(engine, place, {
    cube: model.events,
    until: asOf,
    columns: {
      key: { key: roleOver(context, model.over).name },
      basket: { attribute: model.basket },
      item: { key: model.item },
      day: { day: dateRoleOf(cubeOf(engine, place, model.events), place) },
    },
  });
  await connection.run(
    `CREATE OR REPLACE TEMP TABLE offer_rows AS
     SELECT key, basket, item, min(day) AS day FROM (${printed.sql})
     WHERE key IS NOT NULL AND basket IS NOT NULL AND item IS NOT NULL GROUP BY key, basket, item`,
    parametersOf(printed),
  );
  await connection.run(
    `CREATE OR REPLACE TEMP TABLE offer_items AS
     SELECT item, (row_number() OVER (ORDER BY item) - 1)::INTEGER AS i FROM (SELECT DISTINCT item FROM offer_rows)`,
  );
  const [members, baskets, items] = await readIntegers(
    connection,
    `SELECT (dense_rank() OVER (ORDER BY key) - 1)::INTEGER AS m,
       (dense_rank() OVER (ORDER BY key, d, basket) - 1)::INTEGER AS b, i
     FROM (SELECT *, min(day) OVER (PARTITION BY key, basket) AS d FROM offer_rows) JOIN offer_items USING (item)
     ORDER BY b, i`,
  );
  const read = await connection.runAndReadAll("SELECT item::VARCHAR FROM offer_items ORDER BY i");
  const keys = read.getRows().map(([key]) => String(key));
  const labels = await memberNames(engine, role);
  const names = keys.map((key) => labels.get(key) ?? key);
  const histories = compress(integers(members, 0), integers(baskets, 1), integers(items, 2), names.length);
  return { histories, keys, names };
}

/** Rows in the order of baskets as compressed rows. */
function compress(members: Int32Array, baskets: Int32Array, items: Int32Array, itemCount: number): Histories {
  const sizes = new Int32Array(baskets.length === 0 ? 0 : i32(baskets, baskets.length - 1) + 1);
  const member = new Int32Array(sizes.length);
  for (const [row, basket] of baskets.entries()) {
    count(sizes, basket);
    member[basket] = i32(members, row);
  }
  return { member, offsets: startsOf(sizes), items, itemCount };
}

interface Guess {
  readonly item: number;
  /** probability that it is bought */
  readonly chance: number | null;
  /** expected margin less cost; null without `margin` */
  readonly worth: number | null;
}

/** Chooses an offer for every open member into the temporary table `offer_numbers`. */
async function chooseOffers(
  context: MiningContext<NextOfferModel>,
  histories: Histories,
  keys: readonly string[],
  names: readonly string[],
  tests: readonly OfferTest[],
  chosen: OfferTest,
): Promise<NextOfferFit> {
  const { connection, model } = context;
  const learnt = learnOffers(histories, () => true);
  const baskets = new Map<string, number>();
  for (const item of histories.items) baskets.set(at(keys, item), (baskets.get(at(keys, item)) ?? 0) + 1);
  const margins = await marginsOf(context, model.item, baskets);
  const { ineligible, tired } = await openMembers(context);
  const isOpen = await readOpen(context);
  const guessesFor = (past: readonly Int32Array[]): Guess[] =>
    recommend(chosen.how, learnt, past, model.margin === undefined ? 1 : (model.guesses ?? GUESSES), model.fresh).map(
      (item, place) => {
        const chance = chanceOf(chosen, place, timesBought(past, item));
        const worth =
          model.margin === undefined || chance === null
            ? null
            : chance * (margins.get(at(keys, item)) ?? 0) - (model.cost ?? 0);
        return { item, chance, worth };
      },
    );
  await connection.run(
    "CREATE OR REPLACE TEMP TABLE offer_numbers (m INTEGER, offer VARCHAR, chance DOUBLE, worth DOUBLE, " +
      "reason VARCHAR)",
  );
  const appender = await connection.createAppender("offer_numbers", "main", "temp");
  const appendDouble = (value: number | null): void => {
    if (value === null) appender.appendNull();
    else appender.appendDouble(value);
  };
  const counts = new Map<string, number>();
  let [members, unprofitable, total] = [0, 0, 0];
  for (const { member, past } of memberBaskets(histories)) {
    if (num(isOpen, member) === 0) continue;
    const best = bestOf(guessesFor(past));
    if (best === null) continue;
    if (best.worth !== null && best.worth <= 0) {
      unprofitable++;
      continue;
    }
    const name = at(names, best.item);
    appender.appendInteger(member);
    appender.appendVarchar(name);
    appendDouble(best.chance);
    appendDouble(best.worth);
    appender.appendVarchar(reasonOf(chosen.how, timesBought(past, best.item)));
    appender.endRow();
    counts.set(name, (counts.get(name) ?? 0) + 1);
    total += best.worth ?? 0;
    members++;
  }
  appender.closeSync();
  return {
    tests,
    chosen,
    members,
    worth: model.margin === undefined ? null : total,
    left: { ineligible, tired, unprofitable },
    offered: [...counts]
      .sort((x, y) => y[1] - x[1] || x[0].localeCompare(y[0]))
      .slice(0, SHOWN)
      .map(([item, n]) => ({ item, members: n })),
  };
}

/** 1 for members who may get an offer now, in the order of their keys. */
async function readOpen({ connection }: MiningContext<NextOfferModel>): Promise<Int32Array> {
  const [open] = await readIntegers(
    connection,
    `SELECT (o.key IS NOT NULL)::INTEGER
     FROM (SELECT DISTINCT key FROM offer_rows) AS k LEFT JOIN offer_open AS o USING (key) ORDER BY k.key`,
  );
  return present(open, "column");
}

/** The baskets of each member, oldest first. */
function* memberBaskets(histories: Histories): Generator<{ readonly member: number; readonly past: Int32Array[] }> {
  let past: Int32Array[] = [];
  for (const [basket, member] of histories.member.entries()) {
    past.push(basketAt(histories, basket));
    if (histories.member[basket + 1] === member) continue;
    yield { member, past };
    past = [];
  }
}

/** The guess worth most, the first of equals; the first guess where no worth is known. */
const bestOf = (guesses: readonly Guess[]): Guess | null =>
  guesses.reduce<Guess | null>(
    (a, g) => (a === null || (g.worth ?? Number.NEGATIVE_INFINITY) > (a.worth ?? Number.NEGATIVE_INFINITY) ? g : a),
    null,
  );

function reasonOf(how: Recommender, before: number): string {
  if (before > 0) return `bought ${before === 1 ? "once" : `${before} times`} before`;
  return how === "popularity" ? "popular" : "goes with what was bought";
}

const score = (): string =>
  `SELECT k.key, n.offer, n.chance, n.worth, n.reason
   FROM (
     SELECT key, (row_number() OVER (ORDER BY key) - 1)::INTEGER AS m FROM (SELECT DISTINCT key FROM offer_rows)
   ) AS k JOIN offer_numbers AS n USING (m)`;

/** The technique `next_offer`. */
export const nextOffer = defineTechnique<NextOfferModel>()({ ...OUTPUTS.next_offer, fit, score, report: offerReport });
