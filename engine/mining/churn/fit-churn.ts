/** Who will stop buying: learnt on what was known at earlier days, judged on the next period, which it has not seen. */
import { TesseraError, phrase } from "../../errors/index.ts";
import { toIso, type Day } from "../../model/time/calendar.ts";
import { defineTechnique, type Findings, type MiningContext } from "../technique.ts";
import { OUTPUTS } from "../outputs.ts";
import { BOOSTING, LOGISTIC, logistic, type Classifier } from "./classifier.ts";
import { scoreMembers, tellClassified, type Backtested, type Classified, type Words } from "./classified.ts";
import { auc, brier } from "./logistic.ts";
import {
  eventsOf,
  monthsBefore,
  population,
  stack,
  titlesOf,
  type LeavingModel,
  type Population,
} from "./population.ts";

/** Logistic regression: odds that can be read. */
export interface ChurnModel extends LeavingModel {
  readonly technique: "logistic" /** penalty on the sizes of coefficients, which leaves features out; none by default */;
  readonly l1?: number /** penalty on their squares, 1 by default */;
  readonly l2?: number;
}
/** Gradient-boosted trees: bends and combinations that a straight line does not see. */
export interface BoostingModel extends LeavingModel {
  readonly technique: "boosting";
}

const FEWEST = 200;
/** Cut-offs that are learnt from, and that are judged, where they are monthly. */
const MOST_CUTOFFS = 6;
const JUDGED = 3;

const WORDS: Words = {
  came: "left",
  those: "Leavers",
  doing: "leaving",
  advice: "Whether it works, a hold-out has to tell.",
};

async function fit(context: MiningContext<LeavingModel>, classifier: Classifier): Promise<Classified> {
  const { model, asOf, engine } = context;
  const days = model.label.inactive.days;
  const titles = titlesOf(context);
  const monthly = model.cutoffs === "monthly";
  const first = await eventsOf(context);
  const known = new Map<Day, Population>();
  const at = async (day: Day, ahead: number): Promise<Population> => {
    const found = known.get(day) ?? (await population(context, day, ahead));
    known.set(day, found);
    return found;
  };
  // what a cut-off teaches is over when the next one is judged, and that is over today: no fact is used on both sides
  const teaching = (judgedOn: Day): Day[] =>
    Array.from({ length: monthly ? MOST_CUTOFFS : 1 }, (_, k) => monthsBefore(judgedOn - days, k)).filter(
      (day, k) => k === 0 || day > first + days,
    );
  context.onProgress("learning from earlier days");
  const learn = async (judgedOn: Day): Promise<{ readonly train: Population; readonly cutoffs: number }> => {
    const list = teaching(judgedOn);
    const all: Population[] = [];
    for (const day of list) all.push(await at(day, days));
    return { train: stack(all), cutoffs: list.length };
  };
  const { train, cutoffs } = await learn(asOf - days);
  const lost = train.y.reduce((a, b) => a + b, 0);
  if (lost < FEWEST || train.n - lost < FEWEST)
    throw new TesseraError(
      "too-little-data",
      phrase`model ${model.name}: of ${train.n} active customers on ${toIso(asOf - 2 * days)}, ${lost} left`,
      {
        place: `model ${model.name}`,
        remedy: phrase`it needs ${FEWEST} who left and ${FEWEST} who stayed; load more, or change label.inactive.days`,
      },
    );
  const learnt = classifier.learn(train.columns, train.y, titles);
  const naive = LOGISTIC.learn([train.columns[0]!], train.y, titles);
  context.onProgress("judging on the next period");
  const unseen = await at(asOf - days, days);
  const [judged, rival] = [learnt.score(unseen.columns), naive.score([unseen.columns[0]!])];
  const told = (on: Day, n: number, of: Population, own: Float64Array, other: Float64Array): Backtested => ({
    on,
    cutoffs: n,
    members: of.n,
    came: of.y.reduce((a, b) => a + b, 0) / of.n,
    auc: auc(own, of.y),
    rival: auc(other, of.y),
    brier: brier(own, of.y),
  });
  const backtests = [told(asOf - days, cutoffs, unseen, judged, rival)];
  for (let k = 1; monthly && k < JUDGED; k++) {
    const on = monthsBefore(asOf - days, k);
    if (on - 2 * days <= first) break;
    context.onProgress(`judging on ${toIso(on)}`);
    const earlier = await learn(on);
    const then = await at(on, days);
    if (earlier.train.y.every((v) => v === earlier.train.y[0]) || then.y.every((v) => v === then.y[0])) break;
    backtests.push(
      told(
        on,
        earlier.cutoffs,
        then,
        classifier.learn(earlier.train.columns, earlier.train.y, titles).score(then.columns),
        LOGISTIC.learn([earlier.train.columns[0]!], earlier.train.y, titles).score([then.columns[0]!]),
      ),
    );
  }
  context.onProgress("scoring today's customers");
  const today = await population(context, asOf, 0);
  const read = await engine.serving.run("SELECT key::VARCHAR FROM churn_population ORDER BY key");
  return {
    titles,
    learnt,
    train,
    unseen,
    today,
    judged,
    rival,
    keys: read.columns[0]!.map(String),
    backtests: monthly ? backtests : [],
  };
}

function report(
  { model, asOf, engine }: MiningContext<LeavingModel>,
  found: Classified,
  classifier: Classifier,
): Findings {
  const days = model.label.inactive.days;
  return tellClassified(
    engine,
    {
      over: model.over,
      action: model.action,
      against: "days since the last purchase alone",
      parameters: {
        learner: classifier.title,
        inactive: `${days} days`,
        learntOn:
          model.cutoffs === "monthly"
            ? `${found.backtests[0]!.cutoffs} monthly cut-offs up to ${toIso(asOf - 2 * days)}`
            : toIso(asOf - 2 * days),
        judgedOn: toIso(asOf - days),
        scoredOn: toIso(asOf),
      },
      unseenNote: `${found.unseen.n.toLocaleString("en")} active customers on ${toIso(asOf - days)}`,
      notes: [
        `A customer counts as active who bought within ${days} days before, and as gone who did not buy within ${days} days after.`,
      ],
    },
    WORDS,
    found,
  );
}

const score = ({ connection }: MiningContext<LeavingModel>, found: Classified): Promise<string> =>
  scoreMembers(connection, found, "churn_population");

export const churn = defineTechnique<ChurnModel>()({
  ...OUTPUTS.logistic,
  fit: (context) => fit(context, logistic(context.model)),
  score,
  report: (context, fitted) => report(context, fitted, logistic(context.model)),
});
export const boosting = defineTechnique<BoostingModel>()({
  ...OUTPUTS.boosting,
  fit: (context) => fit(context, BOOSTING),
  score,
  report: (context, fitted) => report(context, fitted, BOOSTING),
});
