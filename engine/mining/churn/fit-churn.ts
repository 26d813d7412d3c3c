/** Who will stop buying: learnt from earlier days, judged on the next period, which the model has not seen. */
import { TesseraError, phrase } from "../../errors/index.ts";
import { first } from "../../lookup.ts";
import { toIso, type Day } from "../../model/time/calendar.ts";
import { sum } from "../numeric/summary.ts";
import { OUTPUTS } from "../outputs/index.ts";
import { defineTechnique, type Findings, type MiningContext } from "../technique.ts";
import { classifiedReport } from "./classified-report.ts";
import { backtestedOn, keysOf, learnBoth, type Backtested, type Classified, type Words } from "./classified.ts";
import { BOOSTING, LOGISTIC, logistic, type Classifier } from "./classifier.ts";
import {
  eventsOf,
  monthsBefore,
  population,
  stack,
  titlesOf,
  type LeavingModel,
  type Population,
} from "./population.ts";
import { scoreMembers } from "./score-members.ts";

/** Churn by logistic regression: odds ratios that can be read. */
export interface ChurnModel extends LeavingModel {
  readonly technique: "logistic";
  /** penalty on the sizes of the coefficients, which selects features; 0 by default */
  readonly l1?: number;
  /** penalty on their squares; 1 by default */
  readonly l2?: number;
}

/** Churn by gradient-boosted trees: curves and interactions that a regression line misses. */
export interface BoostingModel extends LeavingModel {
  readonly technique: "boosting";
}

const FEWEST = 200;
/** Monthly cut-offs: how many are learnt from, and how many are judged. */
const MOST_CUTOFFS = 6;
const JUDGED = 3;

const WORDS: Words = {
  came: "left",
  those: "Leavers",
  doing: "leaving",
  advice: "Whether contacts work, only a control group shows.",
};

async function fit(context: MiningContext<LeavingModel>, classifier: Classifier): Promise<Classified> {
  const { model, asOf } = context;
  const days = model.label.inactive.days;
  const titles = titlesOf(context);
  const monthly = model.cutoffs === "monthly";
  const firstDay = await eventsOf(context);
  const known = new Map<Day, Population>();
  const populationOn = async (day: Day): Promise<Population> => {
    const found = known.get(day) ?? (await population(context, day, days));
    known.set(day, found);
    return found;
  };
  // each training outcome is over before the judged day, and each judged outcome before today: no fact is used twice
  const trainingDays = (judgedOn: Day): Day[] =>
    Array.from({ length: monthly ? MOST_CUTOFFS : 1 }, (_, k) => monthsBefore(judgedOn - days, k)).filter(
      (day, k) => k === 0 || day > firstDay + days,
    );
  const trainFor = async (judgedOn: Day): Promise<{ readonly train: Population; readonly cutoffs: number }> => {
    const all: Population[] = [];
    for (const day of trainingDays(judgedOn)) all.push(await populationOn(day));
    return { train: stack(all), cutoffs: all.length };
  };

  context.onProgress("learning from earlier days");
  const { train, cutoffs } = await trainFor(asOf - days);
  requireBothClasses(context, train);
  const { learnt, judge } = learnBoth(classifier, LOGISTIC, train, titles);
  context.onProgress("judging on the next period");
  const unseen = await populationOn(asOf - days);
  const [judged, rival] = judge(unseen);
  const backtests: Backtested[] = [backtestedOn(asOf - days, cutoffs, unseen, judged, rival)];
  for (let k = 1; monthly && k < JUDGED; k++) {
    const on = monthsBefore(asOf - days, k);
    if (on - 2 * days <= firstDay) break;
    context.onProgress(`judging on ${toIso(on)}`);
    const earlier = await trainFor(on);
    const then = await populationOn(on);
    if (isConstant(earlier.train.y) || isConstant(then.y)) break;
    const both = learnBoth(classifier, LOGISTIC, earlier.train, titles);
    backtests.push(backtestedOn(on, earlier.cutoffs, then, ...both.judge(then)));
  }
  context.onProgress("scoring today's customers");
  const today = await population(context, asOf, 0);
  const keys = await keysOf(context, "churn_population");
  return { titles, learnt, train, unseen, today, judged, rival, keys, backtests: monthly ? backtests : [] };
}

const isConstant = (y: Float64Array): boolean => y.every((v) => v === y[0]);

function requireBothClasses({ model, asOf }: MiningContext<LeavingModel>, { y, n }: Population): void {
  const lost = sum(y);
  if (lost >= FEWEST && n - lost >= FEWEST) return;
  const on = toIso(asOf - 2 * model.label.inactive.days);
  throw new TesseraError(
    "too-little-data",
    phrase`model "${model.name}": ${lost} of the ${n} customers active on ${on} left`,
    {
      place: `model ${model.name}`,
      remedy: phrase`load more, or change label.inactive.days: ${FEWEST} who left and ${FEWEST} who stayed are needed`,
    },
  );
}

function report(
  { model, asOf, engine }: MiningContext<LeavingModel>,
  found: Classified,
  classifier: Classifier,
): Findings {
  const days = model.label.inactive.days;
  const learntUntil = toIso(asOf - 2 * days);
  return classifiedReport(
    engine,
    {
      over: model.over,
      action: model.action,
      parameters: {
        learner: classifier.title,
        inactive: `${days} days`,
        learntOn:
          model.cutoffs === "monthly"
            ? `${first(found.backtests).cutoffs} monthly cut-offs up to ${learntUntil}`
            : learntUntil,
        judgedOn: toIso(asOf - days),
        scoredOn: toIso(asOf),
      },
      unseenNote: `${found.unseen.n.toLocaleString("en")} active customers on ${toIso(asOf - days)}`,
      notes: [
        `A customer is active with a purchase in the ${days} days before, and has left without one in the ` +
          `${days} days after.`,
      ],
    },
    WORDS,
    found,
  );
}

const score = ({ connection }: MiningContext<LeavingModel>, found: Classified): Promise<string> =>
  scoreMembers(connection, found, "churn_population");

/** The technique `logistic`. */
export const churn = defineTechnique<ChurnModel>()({
  ...OUTPUTS.logistic,
  fit: (context) => fit(context, logistic(context.model)),
  score,
  report: (context, fitted) => report(context, fitted, logistic(context.model)),
});

/** The technique `boosting`. */
export const boosting = defineTechnique<BoostingModel>()({
  ...OUTPUTS.boosting,
  fit: (context) => fit(context, BOOSTING),
  score,
  report: (context, fitted) => report(context, fitted, BOOSTING),
});
