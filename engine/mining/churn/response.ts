/** Who answers a campaign: learnt from contacts of earlier months with what was known before each, judged on the latest months, which it has not seen. */
import { TesseraError, phrase } from "../../errors/index.ts";
import { toIso, type Day } from "../../model/time/calendar.ts";
import { cubeOf, dateRoleOf, factRows, parametersOf } from "../fact-rows.ts";
import { featureTable, readMatrix, roleOver } from "../features.ts";
import { defineTechnique, type MiningContext, type ModelSpec } from "../technique.ts";
import { OUTPUTS } from "../outputs.ts";
import { scoreMembers, tellClassified, type Action, type Classified, type Words } from "./classified.ts";
import { BOOSTING, LOGISTIC } from "./classifier.ts";
import { auc, brier } from "./logistic.ts";
import { eventsOf, stack, titlesOf, type Population } from "./population.ts";

/**
 * `contacts`: the cube with one row a contact; `treated` its truth value, where it holds those held out too; `outcome` a plain sum, which counts as an answer where it is
 * above zero; `window` days after which an answer is known (30); `events` the purchases that recency and purchase days come from.
 */
export interface ResponseModel extends ModelSpec {
  readonly technique: "response";
  readonly contacts: string;
  readonly treated?: string;
  readonly outcome: string;
  readonly window?: number;
  readonly events: string;
  readonly features: readonly string[];
  readonly learner?: "boosting" | "logistic";
  /** what a contact costs and an answer is worth; gives the profit curve */
  readonly action?: Action;
}

const FEWEST = 100;
const MOST_MONTHS = 18;
const JUDGED_SHARE = 0.25;
const WORDS: Words = {
  came: "answered",
  those: "Answers",
  doing: "answering",
  advice: "Some of them would have bought without it: what a contact brings, a hold-out has to tell.",
};

async function fit(context: MiningContext<ResponseModel>): Promise<Classified> {
  const { engine, connection, model, asOf } = context;
  const place = `model ${model.name}`;
  const classifier = model.learner === "logistic" ? LOGISTIC : BOOSTING;
  context.onProgress("reading contacts");
  await eventsOf(context);
  const date = dateRoleOf(cubeOf(engine, place, model.contacts), place);
  const printed = factRows(engine, place, {
    cube: model.contacts,
    until: asOf - (model.window ?? 30),
    columns: {
      key: { key: roleOver(context, model.over).name },
      day: { day: date },
      outcome: { amount: model.outcome },
      ...(model.treated !== undefined && { treated: { attribute: model.treated } }),
    },
  });
  await connection.run(
    `CREATE OR REPLACE TEMP TABLE response_rows AS SELECT key, day, outcome, date_trunc('month', day)::DATE AS month FROM (${printed.sql}) WHERE key IS NOT NULL${model.treated === undefined ? "" : " AND treated"}`,
    parametersOf(printed),
  );
  const read = await connection.runAndReadAll(
    "SELECT date_diff('day', DATE '1970-01-01', month)::INTEGER FROM response_rows GROUP BY month ORDER BY month",
  );
  const months = read
    .getRows()
    .map(([month]) => Number(month))
    .slice(-MOST_MONTHS);
  if (months.length < 3)
    throw new TesseraError("too-little-data", phrase`${place} has contacts of ${months.length} months`, {
      place,
      remedy: "it needs three: earlier ones to learn from, a later one to judge on",
    });
  const all: { readonly month: Day; readonly rows: Population }[] = [];
  for (const month of months) {
    context.onProgress(`what was known before ${toIso(month)}`);
    all.push({
      month,
      rows: await snapshot(
        context,
        month - 1,
        `JOIN response_rows AS c ON c.key = p.key AND c.month = DATE '${toIso(month)}'`,
        "(c.outcome > 0)::INTEGER::DOUBLE",
      ),
    });
  }
  const border = Math.min(months.length - 1, Math.ceil(months.length * (1 - JUDGED_SHARE)));
  const train = stack(all.slice(0, border).map((m) => m.rows)),
    unseen = stack(all.slice(border).map((m) => m.rows));
  for (const [of, what] of [
    [train, "learn from"],
    [unseen, "judge on"],
  ] as const) {
    const came = of.y.reduce((a, b) => a + b, 0);
    if (came < FEWEST || of.n - came < FEWEST)
      throw new TesseraError(
        "too-little-data",
        phrase`${place}: ${came} of ${of.n} contacts to ${what} were answered`,
        {
          place,
          remedy: phrase`it needs ${FEWEST} that were and ${FEWEST} that were not`,
        },
      );
  }
  const titles = titlesOf(context);
  context.onProgress("learning who answers");
  const learnt = classifier.learn(train.columns, train.y, titles);
  const naive = LOGISTIC.learn([train.columns[0]!], train.y, titles);
  const judge = (of: Population) => [learnt.score(of.columns), naive.score([of.columns[0]!])] as const;
  const [judged, rival] = judge(unseen);
  const backtests = all
    .slice(border)
    .filter(({ rows }) => rows.y.some((v) => v > 0) && rows.y.some((v) => v === 0))
    .map(({ month, rows }) => {
      const [own, other] = judge(rows);
      return {
        on: month,
        cutoffs: border,
        members: rows.n,
        came: rows.y.reduce((a, b) => a + b, 0) / rows.n,
        auc: auc(own, rows.y),
        rival: auc(other, rows.y),
        brier: brier(own, rows.y),
      };
    });
  context.onProgress("scoring members");
  const today = await snapshot(context, asOf, "", "0::DOUBLE");
  const keys = await engine.serving.run("SELECT key::VARCHAR FROM response_population ORDER BY key");
  return {
    titles,
    learnt,
    train,
    unseen,
    today,
    judged,
    rival,
    keys: keys.columns[0]!.map(String),
    backtests: [...backtests].reverse(),
  };
}

/** Members who had bought by a day, with what was known of them then. */
async function snapshot(context: MiningContext<ResponseModel>, day: Day, join: string, y: string): Promise<Population> {
  const { connection, model } = context;
  await featureTable(context, "response_known", model.features, day);
  const iso = `DATE '${toIso(day)}'`;
  await connection.run(`CREATE OR REPLACE TEMP TABLE response_population AS
    SELECT p.key, date_diff('day', p.last, ${iso})::DOUBLE AS recency, p.days::DOUBLE AS days, ${model.features.map((_, i) => `k.f${i} AS g${i}, `).join("")}${y} AS y
    FROM (SELECT key, max(day) AS last, count(*) AS days FROM churn_days WHERE day <= ${iso} GROUP BY key) AS p ${join} LEFT JOIN response_known AS k ON k.key = p.key`);
  const columns = await readMatrix(
    context,
    "response_population",
    ["recency", "days", ...model.features.map((_, i) => `g${i}`), "y"],
    "key, y",
  );
  const own = columns.pop()!;
  return { columns, y: own, n: own.length };
}

export const response = defineTechnique<ResponseModel>()({
  ...OUTPUTS.response,
  fit,
  score: ({ connection }, found) => scoreMembers(connection, found, "response_population"),
  report: ({ engine, model, asOf }, found) =>
    tellClassified(
      engine,
      {
        over: model.over,
        action: model.action,
        against: "days since the last purchase alone",
        parameters: {
          learner: (model.learner === "logistic" ? LOGISTIC : BOOSTING).title,
          contacts: model.contacts,
          outcome: model.outcome,
          window: `${model.window ?? 30} days`,
          judgedFrom: toIso(found.backtests.at(-1)?.on ?? asOf),
          scoredOn: toIso(asOf),
        },
        unseenNote: `${found.unseen.n.toLocaleString("en")} contacts of ${found.backtests.length} later months`,
        notes: [
          `An answer is ${engine.catalog.measures.get(model.outcome)?.title.toLowerCase() ?? model.outcome} above zero; contacts of the last ${model.window ?? 30} days are not known yet and are left out.`,
          "Answering is not the same as being moved: who would have bought anyway answers too. Uplift tells them apart where there is a hold-out.",
        ],
      },
      WORDS,
      found,
    ),
});
