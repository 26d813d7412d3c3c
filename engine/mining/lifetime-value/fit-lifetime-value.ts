/** What customers will be worth: a model of how often they buy, Gamma-Gamma for how much, judged on unseen weeks. */
import type { LifetimeModel, ParetoModel } from "./lifetime-models.ts";
import { TesseraError, phrase } from "../../errors/index.ts";
import { num } from "../numeric/vector.ts";
import { OUTPUTS } from "../outputs/index.ts";
import { defineTechnique, type Fitted, type MiningContext, type ModelSpec } from "../technique.ts";
import { fitGammaGamma } from "./gamma-gamma.ts";
import type { Customers } from "./histories.ts";
import { judge, track } from "./judge.ts";
import { lifetimeReport } from "./lifetime-report.ts";
import { BG_NBD, PARETO_NBD, type Process, type ProcessKind } from "./process.ts";
import { purchaseDays, readHistories, WEEK } from "./read-histories.ts";
import { score } from "./score.ts";
import { totalInterval } from "./total.ts";

const HORIZON = 52;
const DISCOUNT = 0.1;
const FEWEST_REPEAT = 100;
const FEWEST_WEEKS = 12;

async function fitLifetimeValue(
  context: MiningContext<LifetimeModel | ParetoModel>,
  kind: ProcessKind,
): Promise<Fitted> {
  const { connection, model, asOf } = context;
  const horizon = model.horizon?.weeks ?? HORIZON;
  const rate = model.discountRate ?? DISCOUNT;
  context.onProgress("reading purchases");
  const span = (asOf - (await purchaseDays(context))) / WEEK;
  if (!(span > FEWEST_WEEKS))
    throw new TesseraError(
      "too-little-data",
      phrase`model "${model.name}": purchases of ${Math.max(0, Math.round(span))} weeks`,
      { place: `model ${model.name}`, remedy: phrase`load more than ${FEWEST_WEEKS} weeks` },
    );

  context.onProgress("fitting frequency and value");
  const all = await readHistories(context, asOf, 0);
  requireRepeatBuyers(model, all);
  const process = kind.fit(all);
  requireClearMaximum(model, kind, process);
  const spend = fitSpend(all);

  context.onProgress("judging on unseen weeks");
  const weeksHeld = Math.min(horizon, Math.floor(span / 3));
  const cut = asOf - weeksHeld * WEEK;
  const held = await readHistories(context, cut, weeksHeld);
  const learnt = kind.fit(held);
  const judged = judge(held, learnt, weeksHeld);
  const tracked = await track(connection, held, learnt, cut, weeksHeld);

  context.onProgress("scoring customers");
  await score(connection, all, process, spend, horizon, rate);
  const interval = totalInterval(process, all, horizon, model.seed ?? 1);
  return {
    labels: `SELECT key, alive, purchases, purchases_low, purchases_high, value, value_low, value_high, value_band
      FROM lifetime_scores`,
    report: await lifetimeReport(context, {
      kind,
      horizon,
      rate,
      all,
      process,
      spend,
      weeksHeld,
      judged,
      tracked,
      interval,
    }),
  };
}

function requireRepeatBuyers(model: ModelSpec, { x }: Customers): void {
  const repeat = x.reduce((n, purchases) => n + (purchases > 0 ? 1 : 0), 0);
  if (repeat >= FEWEST_REPEAT) return;
  throw new TesseraError("too-little-data", phrase`model "${model.name}": ${repeat} customers bought twice`, {
    place: `model ${model.name}`,
    remedy: phrase`load more purchases: ${FEWEST_REPEAT} such customers are needed`,
  });
}

function requireClearMaximum(model: ModelSpec, kind: ProcessKind, { maximum, names }: Process): void {
  if (maximum.clear) return;
  const parameters = names.map((name, i) => `${name} ${num(maximum.x, i).toPrecision(2)}`).join(", ");
  throw new TesseraError(
    "too-little-data",
    phrase`model "${model.name}": the likelihood of ${kind.title} has no clear maximum (${parameters})`,
    {
      place: `model ${model.name} › technique`,
      remedy:
        kind === PARETO_NBD
          ? "use the technique bg_nbd, or load more weeks: these purchases do not show how customers differ"
          : "load more weeks, or use the technique rfm: these purchases do not show how customers differ",
    },
  );
}

/** Above this many customers every nth is enough. */
const MOST_SPENDERS = 60_000;

function fitSpend({ x, mean }: Customers): ReturnType<typeof fitGammaGamma> {
  const step = Math.ceil(x.length / MOST_SPENDERS);
  const thin = (values: Float64Array): Float64Array => (step <= 1 ? values : values.filter((_, i) => i % step === 0));
  return fitGammaGamma(thin(x), thin(mean));
}

/** The technique `bg_nbd`. */
export const lifetimeValue = defineTechnique<LifetimeModel>()({
  ...OUTPUTS.bg_nbd,
  fit: (context) => fitLifetimeValue(context, BG_NBD),
  score: (_, fitted) => fitted.labels,
  report: (_, fitted) => fitted.report,
});

/** The technique `pareto_nbd`. */
export const paretoValue = defineTechnique<ParetoModel>()({
  ...OUTPUTS.pareto_nbd,
  fit: (context) => fitLifetimeValue(context, PARETO_NBD),
  score: (_, fitted) => fitted.labels,
  report: (_, fitted) => fitted.report,
});
