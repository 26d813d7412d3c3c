/** What to offer each member next: the recommender that names most of what came in the next baskets. */
import { TesseraError, phrase } from "../../errors/index.ts";
import { dimension, measure, pairedInterval } from "../columns.ts";
import { cubeOf, dateRoleOf, factRows, memberNames, parametersOf } from "../fact-rows.ts";
import { roleOver } from "../features.ts";
import { readTyped } from "../read-typed.ts";
import { defineTechnique, type Findings, type MiningContext, type ModelSpec } from "../technique.ts";
import { OUTPUTS } from "../outputs.ts";
import { chanceOf, marginsOf, openMembers, type OfferRules } from "./worth.ts";
import {
  judgeOffers,
  learnOffers,
  recommend,
  timesBought,
  type Histories,
  type OfferTest,
  type Recommender,
} from "./recommend.ts";

/** `item` is the role of what is bought, `basket` the attribute that lines of one basket share; `fresh` offers only what the member has not bought yet; `guesses` (10) are judged, and with `margin` the one of them worth most is offered. */
export interface NextOfferModel extends ModelSpec, OfferRules {
  readonly technique: "next_offer";
  readonly events: string;
  readonly basket: string;
  readonly item: string;
  readonly guesses?: number;
  readonly fresh?: boolean;
}

export interface NextOfferFit {
  readonly worth: number | null;
  readonly left: { readonly ineligible: number; readonly tired: number; readonly unprofitable: number };
  readonly tests: readonly OfferTest[];
  readonly chosen: OfferTest;
  readonly members: number;
  readonly offered: readonly { readonly item: string; readonly members: number }[];
}

const FEWEST = 100;
const TITLES: Readonly<Record<Recommender, string>> = {
  popularity: "The most bought",
  again: "What the member bought before",
  together: "What goes with it",
  blend: "Bought before and what goes with it",
};

async function fit(context: MiningContext<NextOfferModel>): Promise<NextOfferFit> {
  const { engine, connection, model, asOf } = context;
  const place = `model ${model.name}`;
  const item = engine.catalog.roles.get(model.item);
  if (!item)
    throw new TesseraError("mining-invalid", phrase`unknown role ${model.item}`, {
      place: `${place} › item`,
      remedy: "`item` names the role of what is bought",
    });
  context.onProgress("reading baskets");
  const date = dateRoleOf(cubeOf(engine, place, model.events), place);
  const printed = factRows(engine, place, {
    cube: model.events,
    until: asOf,
    columns: {
      key: { key: roleOver(context, model.over).name },
      basket: { attribute: model.basket },
      item: { key: model.item },
      day: { day: date },
    },
  });
  await connection.run(
    `CREATE OR REPLACE TEMP TABLE offer_rows AS SELECT key, basket, item, min(day) AS day FROM (${printed.sql}) WHERE key IS NOT NULL AND basket IS NOT NULL AND item IS NOT NULL GROUP BY key, basket, item`,
    parametersOf(printed),
  );
  await connection.run(
    "CREATE OR REPLACE TEMP TABLE offer_items AS SELECT item, (row_number() OVER (ORDER BY item) - 1)::INTEGER AS i FROM (SELECT DISTINCT item FROM offer_rows)",
  );
  const [m, b, i] = (await readTyped(
    connection,
    `SELECT (dense_rank() OVER (ORDER BY key) - 1)::INTEGER AS m, (dense_rank() OVER (ORDER BY key, d, basket) - 1)::INTEGER AS b, i
    FROM (SELECT *, min(day) OVER (PARTITION BY key, basket) AS d FROM offer_rows) JOIN offer_items USING (item) ORDER BY b, i`,
  )) as [Int32Array, Int32Array, Int32Array];
  const keys = (await connection.runAndReadAll("SELECT item::VARCHAR FROM offer_items ORDER BY i"))
    .getRows()
    .map(([key]) => String(key));
  const labels = await memberNames(engine, item);
  const names = keys.map((key) => labels.get(key) ?? key);
  const histories = compress(m, b, i, names.length);
  context.onProgress("judging on the last basket of each member");
  const { tests } = judgeOffers(histories, model.guesses ?? 10);
  if ((tests[0]?.members ?? 0) < FEWEST)
    throw new TesseraError(
      "too-little-data",
      phrase`model ${model.name}: ${tests[0]?.members ?? 0} members bought twice`,
      {
        place,
        remedy: phrase`it needs ${FEWEST}`,
      },
    );
  const chosen = tests.reduce((a, t) => (t.hits > a.hits ? t : a));

  context.onProgress("choosing offers");
  const learnt = learnOffers(histories, () => true);
  const baskets = new Map<string, number>();
  for (const at of histories.items) baskets.set(keys[at]!, (baskets.get(keys[at]!) ?? 0) + 1);
  const margins = await marginsOf(context, model.item, baskets);
  const { ineligible, tired } = await openMembers(context);
  const [open] = (await readTyped(
    connection,
    "SELECT (o.key IS NOT NULL)::INTEGER FROM (SELECT DISTINCT key FROM offer_rows) AS k LEFT JOIN offer_open AS o USING (key) ORDER BY k.key",
  )) as [Int32Array];
  await connection.run(
    "CREATE OR REPLACE TEMP TABLE offer_numbers (m INTEGER, offer VARCHAR, chance DOUBLE, worth DOUBLE, reason VARCHAR)",
  );
  const appender = await connection.createAppender("offer_numbers", "main", "temp");
  const counts = new Map<string, number>();
  let past: Int32Array[] = [];
  let [members, unprofitable, worth] = [0, 0, 0];
  for (let k = 0; k < histories.member.length; k++) {
    past.push(histories.items.subarray(histories.offsets[k]!, histories.offsets[k + 1]!));
    if (k + 1 < histories.member.length && histories.member[k + 1] === histories.member[k]) continue;
    const own = past;
    past = [];
    if (open[histories.member[k]!] === 0) continue;
    const guesses = recommend(
      chosen.how,
      learnt,
      own,
      model.margin === undefined ? 1 : (model.guesses ?? 10),
      model.fresh,
    ).map((item, at) => {
      const chance = chanceOf(chosen, at, timesBought(own, item));
      return {
        item,
        chance,
        worth:
          model.margin === undefined || chance === null
            ? null
            : chance * (margins.get(keys[item]!) ?? 0) - (model.cost ?? 0),
      };
    });
    const best =
      model.margin === undefined
        ? guesses[0]
        : guesses.reduce(
            (a, g) => ((g.worth ?? Number.NEGATIVE_INFINITY) > (a.worth ?? Number.NEGATIVE_INFINITY) ? g : a),
            guesses[0]!,
          );
    if (best === undefined) continue;
    if (best.worth !== null && best.worth <= 0) {
      unprofitable++;
      continue;
    }
    const before = timesBought(own, best.item);
    appender.appendInteger(histories.member[k]!);
    appender.appendVarchar(names[best.item]!);
    if (best.chance === null) appender.appendNull();
    else appender.appendDouble(best.chance);
    if (best.worth === null) appender.appendNull();
    else appender.appendDouble(best.worth);
    appender.appendVarchar(
      before > 0
        ? `bought ${before === 1 ? "once" : `${before} times`} before`
        : chosen.how === "popularity"
          ? "much bought"
          : "goes with what was bought",
    );
    appender.endRow();
    counts.set(names[best.item]!, (counts.get(names[best.item]!) ?? 0) + 1);
    worth += best.worth ?? 0;
    members++;
  }
  appender.closeSync();
  return {
    tests,
    chosen,
    members,
    worth: model.margin === undefined ? null : worth,
    left: { ineligible, tired, unprofitable },
    offered: [...counts]
      .sort((x, y) => y[1] - x[1] || x[0].localeCompare(y[0]))
      .slice(0, 15)
      .map(([name, n]) => ({ item: name, members: n })),
  };
}

function compress(m: Int32Array, b: Int32Array, items: Int32Array, itemCount: number): Histories {
  const n = b.length === 0 ? 0 : b[b.length - 1]! + 1;
  const offsets = new Int32Array(n + 1);
  const member = new Int32Array(n);
  b.forEach((basket, k) => {
    offsets[basket + 1]!++;
    member[basket] = m[k]!;
  });
  for (let k = 0; k < n; k++) offsets[k + 1]! += offsets[k]!;
  return { member, offsets, items, itemCount };
}

const score = (): string =>
  "SELECT k.key, n.offer, n.chance, n.worth, n.reason FROM (SELECT key, (row_number() OVER (ORDER BY key) - 1)::INTEGER AS m FROM (SELECT DISTINCT key FROM offer_rows)) AS k JOIN offer_numbers AS n USING (m)";

function report(
  { engine, model }: MiningContext<NextOfferModel>,
  { tests, chosen, members, offered, worth, left }: NextOfferFit,
): Findings {
  const naive = tests[0]!;
  const guesses = model.guesses ?? 10;
  const lead = pairedInterval(Float64Array.from(chosen.byMember, (hit, k) => hit - naive.byMember[k]!));
  const beats = chosen !== naive && lead[0] > 0;
  const often = ["never", "once", "twice", "three times or oftener"];
  return {
    members,
    parameters: {
      events: model.events,
      basket: model.basket,
      item: model.item,
      guesses,
      chosen: TITLES[chosen.how],
      offers: model.fresh ? "only what was not bought before" : "all items",
    },
    figures: [
      {
        title: `Next basket holds one of ${guesses} guesses`,
        value: chosen.hits,
        format: "percent",
        note: `${TITLES[chosen.how]}; the most bought: ${(100 * naive.hits).toFixed(1)} %`,
      },
      { title: "Members judged", value: chosen.members, format: "integer", note: "their last basket was hidden" },
      {
        title: "Members with an offer",
        value: members,
        format: "integer",
        ...(left.ineligible + left.tired + left.unprofitable > 0 && {
          note: `${[
            [left.ineligible, "may not be offered anything"],
            [left.tired, "heard from us often enough"],
            [left.unprofitable, "are worth less than the offer costs"],
          ]
            .filter(([n]) => Number(n) > 0)
            .map(([n, why]) => `${Number(n).toLocaleString("en")} ${why}`)
            .join(", ")}`,
        }),
      },
      ...(worth === null
        ? []
        : [
            {
              title: "Expected margin less cost",
              value: worth,
              format: "currency" as const,
              note: `of all offers, at ${model.cost ?? 0} each; who buys anyway is in it`,
            },
          ]),
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
        columns: [dimension("how", "Recommender"), measure("hits", `One of ${guesses} came`, "percent")],
        rows: tests.map((t) => ({ how: t === chosen ? `${TITLES[t.how]} (chosen)` : TITLES[t.how], hits: t.hits })),
      },
      {
        title: "Offered most",
        chart: "bar",
        columns: [
          dimension("item", engine.catalog.roles.get(model.item)!.title),
          measure("members", "Members", "integer"),
        ],
        rows: [...offered],
      },
      {
        title: "The first guess came",
        columns: [dimension("bought", "Bought before"), measure("came", "Came", "percent")],
        rows: chosen.first.map((came, k) => ({ bought: often[k]!, came })),
        note: "What an offer's chance is taken from.",
      },
    ],
    notes: [
      "Who buys anyway needs no offer: the chance is that of buying, not that of being moved. A hold-out tells the difference.",
      ...(beats ? [] : ["No recommender is shown to beat the most bought."]),
    ],
  };
}

export const nextOffer = defineTechnique<NextOfferModel>()({
  ...OUTPUTS.next_offer,
  fit,
  score,
  report,
});
