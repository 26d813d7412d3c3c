/** Who responds to campaigns: learnt from contacts of earlier months, judged on the latest, which it has not seen. */
import { TesseraError, phrase } from "../../errors/index.ts";
import { toIso, type Day } from "../../model/time/calendar.ts";
import { cubeOf, dateRoleOf, factRows, parametersOf } from "../fact-rows.ts";
import { featureTable, roleOver } from "../features.ts";
import { sum } from "../numeric/summary.ts";
import { OUTPUTS } from "../outputs/index.ts";
import { defineTechnique, type MiningContext, type ModelSpec } from "../technique.ts";
import { classifiedReport } from "./classified-report.ts";
import { backtestedOn, keysOf, learnBoth, type Action, type Classified, type Words } from "./classified.ts";
import { BOOSTING, LOGISTIC, type Classifier } from "./classifier.ts";
import { eventsOf, readPopulation, stack, titlesOf, type Population } from "./population.ts";
import { scoreMembers } from "./score-members.ts";

/** Predicts responses to contacts. */
export interface ResponseModel extends ModelSpec {
  readonly technique: "response";
  /** the cube with one row a contact */
  readonly contacts: string;
  /** its attribute that is true for contacts and false for the held out, where the cube has both */
  readonly treated?: string;
  /** a plain sum of the cube; above zero it counts as a response */
  readonly outcome: string;
  /** days after which a response is known; 30 by default */
  readonly window?: number;
  /** the cube of purchases, for recency and purchase days */
  readonly events: string;
  /** measures and attributes known before the contact; at least one measure */
  readonly features: readonly string[];
  /** `boosting` by default */
  readonly learner?: "boosting" | "logistic";
  /** what a contact costs and a response is worth; gives the profit curve */
  readonly action?: Action;
}

const FEWEST = 100;
const FEWEST_MONTHS = 3;
const MOST_MONTHS = 18;
const JUDGED_SHARE = 0.25;
const WINDOW = 30;

const WORDS: Words = {
  came: "responded",
  those: "Responses",
  doing: "responding",
  advice: "Some of them would have bought without it: only a control group shows what a contact brings.",
};

const classifierOf = (model: ResponseModel): Classifier => (model.learner === "logistic" ? LOGISTIC : BOOSTING);

async function fit(context: MiningContext<ResponseModel>): Promise<Classified> {
  const { model, asOf } = context;
  context.onProgress("reading contacts");
  await eventsOf(context);
  const months = await monthsOfContacts(context);
  const all: { readonly month: Day; readonly rows: Population }[] = [];
  for (const month of months) {
    context.onProgress(`reading what was known before ${toIso(month)}`);
    const join = `JOIN response_rows AS c ON c.key = p.key AND c.month = DATE '${toIso(month)}'`;
    all.push({ month, rows: await snapshot(context, month - 1, join, "(c.outcome > 0)::INTEGER::DOUBLE") });
  }
  const border = Math.min(months.length - 1, Math.ceil(months.length * (1 - JUDGED_SHARE)));
  const train = stack(all.slice(0, border).map((m) => m.rows));
  const unseen = stack(all.slice(border).map((m) => m.rows));
  requireBothClasses(context, train, "training");
  requireBothClasses(context, unseen, "test");
  const titles = titlesOf(context);
  context.onProgress("learning who responds");
  const { learnt, judge } = learnBoth(classifierOf(model), LOGISTIC, train, titles);
  const [judged, rival] = judge(unseen);
  const backtests = all
    .slice(border)
    .filter(({ rows }) => rows.y.some((v) => v > 0) && rows.y.some((v) => v === 0))
    .map(({ month, rows }) => backtestedOn(month, border, rows, ...judge(rows)))
    .reverse();
  context.onProgress("scoring members");
  const today = await snapshot(context, asOf, "", "0::DOUBLE");
  const keys = await keysOf(context, "response_population");
  return { titles, learnt, train, unseen, today, judged, rival, keys, backtests };
}

/** Creates the temporary table `response_rows`. @returns the first days of the latest months with contacts */
async function monthsOfContacts(context: MiningContext<ResponseModel>): Promise<Day[]> {
  const { engine, connection, model, asOf } = context;
  const place = `model ${model.name}`;
  const printed = factRows(engine, place, {
    cube: model.contacts,
    until: asOf - (model.window ?? WINDOW),
    columns: {
      key: { key: roleOver(context, model.over).name },
      day: { day: dateRoleOf(cubeOf(engine, place, model.contacts), place) },
      outcome: { amount: model.outcome },
      ...(model.treated !== undefined && { treated: { attribute: model.treated } }),
    },
  });
  await connection.run(
    `CREATE OR REPLACE TEMP TABLE response_rows AS
     SELECT key, day, outcome, date_trunc('month', day)::DATE AS month FROM (${printed.sql})
     WHERE key IS NOT NULL${model.treated === undefined ? "" : " AND treated"}`,
    parametersOf(printed),
  );
  const read = await connection.runAndReadAll(
    `SELECT date_diff('day', DATE '1970-01-01', month)::INTEGER
     FROM response_rows GROUP BY month ORDER BY month`,
  );
  const months = read.getRows().map(([month]) => Number(month));
  if (months.length < FEWEST_MONTHS)
    throw new TesseraError("too-little-data", phrase`${model.contacts} has contacts of ${months.length} months`, {
      place,
      remedy: phrase`load at least ${FEWEST_MONTHS} months: earlier ones to learn from and a later one to judge on`,
    });
  return months.slice(-MOST_MONTHS);
}

function requireBothClasses({ model }: MiningContext<ResponseModel>, { y, n }: Population, part: string): void {
  const came = sum(y);
  if (came >= FEWEST && n - came >= FEWEST) return;
  throw new TesseraError(
    "too-little-data",
    phrase`model "${model.name}": ${came} of ${n} ${part} contacts have a response`,
    {
      place: `model ${model.name}`,
      remedy: phrase`load more contacts: ${FEWEST} with a response and ${FEWEST} without are needed`,
    },
  );
}

/** Members who had bought by a day, with what was known about them then. */
async function snapshot(context: MiningContext<ResponseModel>, day: Day, join: string, y: string): Promise<Population> {
  const { connection, model } = context;
  await featureTable(context, "response_known", model.features, day);
  const iso = `DATE '${toIso(day)}'`;
  const features = model.features.map((_, i) => `k.f${i} AS g${i}, `).join("");
  await connection.run(
    `CREATE OR REPLACE TEMP TABLE response_population AS
     SELECT p.key, date_diff('day', p.last, ${iso})::DOUBLE AS recency, p.days::DOUBLE AS days, ${features}${y} AS y
     FROM (SELECT key, max(day) AS last, count(*) AS days FROM churn_days WHERE day <= ${iso} GROUP BY key) AS p
     ${join} LEFT JOIN response_known AS k ON k.key = p.key`,
  );
  return readPopulation(context, "response_population", "key, y");
}

/** The technique `response`. */
export const response = defineTechnique<ResponseModel>()({
  ...OUTPUTS.response,
  fit,
  score: ({ connection }, found) => scoreMembers(connection, found, "response_population"),
  report: ({ engine, model, asOf }, found) => {
    const window = model.window ?? WINDOW;
    const outcome = engine.catalog.measures.get(model.outcome)?.title.toLowerCase() ?? model.outcome;
    return classifiedReport(
      engine,
      {
        over: model.over,
        action: model.action,
        parameters: {
          learner: classifierOf(model).title,
          contacts: model.contacts,
          outcome: model.outcome,
          window: `${window} days`,
          judgedFrom: toIso(found.backtests.at(-1)?.on ?? asOf),
          scoredOn: toIso(asOf),
        },
        unseenNote: `${found.unseen.n.toLocaleString("en")} contacts of ${found.backtests.length} later months`,
        notes: [
          `A response is ${outcome} above zero; contacts of the last ${window} days are left out, since ` +
            "their outcome is not known yet.",
          "A response is not uplift: customers who would have bought anyway respond too. With a control " +
            "group, uplift separates them.",
        ],
      },
      WORDS,
      found,
    );
  },
});
