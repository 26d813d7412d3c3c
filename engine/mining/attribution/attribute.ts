/** The credit of channels for the conversions after their touches: every rule, with costs and intervals. */
import { TesseraError, didYouMean, phrase } from "../../errors/index.ts";
import { parseDay, toIso, type Day } from "../../model/time/calendar.ts";
import type { AttributionRequest } from "../../model/declarations.ts";
import type { Engine } from "../../query/answer/engine.ts";
import { memberNames } from "../fact-rows.ts";
import { f64 } from "../numeric/vector.ts";
import { sum } from "../numeric/summary.ts";
import type { Attribution, ByRule, ChannelCredit } from "./attribution-types.ts";
import { buildPaths } from "./build-paths.ts";
import { between, judgeChain, resample } from "./chain-quality.ts";
import { channelCosts } from "./channel-costs.ts";
import { markov } from "./markov.ts";
import { RULES, stateCount, summed, walk, type RuleName, type Walked } from "./paths.ts";
import { BLOCKS, readEvents } from "./read-events.ts";

export type { AttributionRequest };
export {
  ATTRIBUTION_RULES,
  type Attribution,
  type AttributionRule,
  type ChannelCredit,
} from "./attribution-types.ts";

const ORDER = 1;
const LOOKBACK = 30;
const HALF_LIFE = 7;
const MOST_STATES = 100_000;

/**
 * Divides the credit for conversions among channels.
 * @param asOf facts after this day are ignored; today by default
 * @param place where the request was written, for errors
 * @throws TesseraError `mining-invalid`, `too-little-data`
 */
export async function attribute(
  engine: Engine,
  request: AttributionRequest,
  { asOf = engine.now(), place = "$" }: { readonly asOf?: Day; readonly place?: string } = {},
): Promise<Attribution> {
  const order = request.order ?? ORDER;
  const lookback = request.lookback ?? LOOKBACK;
  const role = channelRole(engine, request.channel, place);
  const names = await memberNames(engine, role);
  const from = dayOf(request.from, `${place} › from`);
  const until = Math.min(dayOf(request.until, `${place} › until`) ?? asOf, asOf);
  const { events, keys } = await readEvents(engine, request, { from, until, lookback, place });
  const channels = keys.length;
  if (channels === 0)
    throw new TesseraError("too-little-data", "no touch has a channel", {
      place,
      remedy: "load touches, or widen the filters",
    });
  if (stateCount(channels, order) > MOST_STATES)
    throw new TesseraError("mining-invalid", phrase`order ${order} over ${channels} channels has too many states`, {
      place: `${place} › order`,
      remedy: "use a lower order",
    });
  const built = buildPaths(events, channels, lookback);
  const walked = walk(built.paths, { order, blocks: BLOCKS, halfLife: request.halfLife ?? HALF_LIFE });
  const conversions = sum(built.paths.conversions);
  if (conversions === 0)
    throw new TesseraError("too-little-data", phrase`no conversion has a touch in the ${lookback} days before it`, {
      place,
      remedy: "raise the lookback, or load more",
    });
  const costs =
    request.cost === undefined ? null : await channelCosts(engine, request.cost, request.channel, from, until);
  const { chance, credits } = creditsOf(walked, keys, { order, conversions, seed: request.seed ?? 1 });
  const list = credits
    .map((credit): ChannelCredit => {
      const cost = costs?.get(credit.key) ?? null;
      const { conversions: own, value } = credit;
      return {
        ...credit,
        channel: names.get(credit.key) ?? credit.key,
        touches: f64(built.touches, keys.indexOf(credit.key)),
        cost,
        cpa: cost !== null && own.markov > 0 ? cost / own.markov : null,
        roas: cost !== null && cost > 0 ? value.markov / cost : null,
      };
    })
    .sort((a, b) => b.conversions.markov - a.conversions.markov || a.key.localeCompare(b.key));
  return {
    channels: list,
    conversions,
    value: sum(walked.value),
    untouched: built.untouched,
    nulls: sum(walked.nulls),
    chance,
    order,
    lookback,
    judged: judgeChain(walked, channels),
    asOf: toIso(until),
    notes: [
      "Touches were not randomised: credit shows what preceded conversions, not what caused them. A " +
        "control group does.",
      ...(built.untouched.conversions > 0
        ? [
            `${Math.round(built.untouched.conversions).toLocaleString("en")} conversions have no touch in the ` +
              `${lookback} days before them and are credited to no channel.`,
          ]
        : []),
      ...list.filter((c) => c.removal === 0).map((c) => `No conversion follows a touch of ${c.channel}.`),
    ],
  };
}

type Credit = Pick<ChannelCredit, "key" | "conversions" | "value" | "removal" | "removalInterval" | "interval">;

/** The credit of each channel by every rule, the chain's with intervals. */
function creditsOf(
  walked: Walked,
  keys: readonly string[],
  { order, conversions, seed }: { readonly order: number; readonly conversions: number; readonly seed: number },
): { readonly chance: number; readonly credits: Credit[] } {
  const channels = keys.length;
  const size = walked.states * (channels + 2);
  const ones = new Float64Array(BLOCKS).fill(1);
  const chain = markov(summed(walked.moves, size, ones), channels, order);
  const draws = resample(walked, size, channels, order, seed);
  const value = sum(walked.value);
  const totalOf = (figure: "conversions" | "value"): ((c: number, total: number) => ByRule) => {
    const byRule = new Map(RULES.map((rule) => [rule, summed(walked.credit[rule][figure], channels, ones)] as const));
    const credit = (rule: RuleName, c: number): number => byRule.get(rule)?.[c] ?? 0;
    return (c, total) => ({
      first: credit("first", c),
      last: credit("last", c),
      linear: credit("linear", c),
      position: credit("position", c),
      decay: credit("decay", c),
      shapley: credit("shapley", c),
      markov: f64(chain.share, c) * total,
    });
  };
  const [conversionsOf, valueOf] = [totalOf("conversions"), totalOf("value")];
  const credits = keys.map(
    (key, c): Credit => ({
      key,
      conversions: conversionsOf(c, conversions),
      value: valueOf(c, value),
      removal: f64(chain.removal, c),
      removalInterval: between(draws.map((d) => f64(d.removal, c))),
      interval: between(draws.map((d) => f64(d.share, c) * conversions)),
    }),
  );
  return { chance: chain.chance, credits };
}

function channelRole(engine: Engine, name: string, place: string) {
  const role = engine.catalog.roles.get(name);
  if (role && !role.dimension.calendar) return role;
  throw new TesseraError(
    "mining-invalid",
    phrase`role "${name}" not found${didYouMean(name, [...engine.catalog.roles.keys()])}`,
    { place: `${place} › channel`, remedy: "name the role of the touches whose members get the credit" },
  );
}

function dayOf(text: string | undefined, place: string): Day | null {
  if (text === undefined) return null;
  const day = parseDay(text);
  if (day === null)
    throw new TesseraError("mining-invalid", phrase`"${text}" is not a date`, {
      place,
      remedy: 'write a date such as "2025-07-31"',
    });
  return day;
}
