/** What conversions owe to the channels that were touched before them: every rule side by side, with cost, and how sure it is. */
import { TesseraError, phrase } from "../../errors/index.ts";
import { parseDay, toIso, type Day } from "../../model/time/calendar.ts";
import type { AttributionRequest } from "../../model/declarations.ts";
import { keyAttribute } from "../../query/binding/member.ts";
import { wholeAnswer } from "../../query/plan/whole-answer.ts";
import type { Engine } from "../../query/answer/engine.ts";
import { cubeOf, dateRoleOf, factRows, memberNames, parametersOf } from "../fact-rows.ts";
import { seeded } from "../random.ts";
import { readTyped } from "../read-typed.ts";
import { buildPaths } from "./build-paths.ts";
import { markov } from "./markov.ts";
import { RULES, stateCount, summed, walk, type RuleName, type Walked } from "./paths.ts";
import { at as item, first, required } from "../../lookup.ts";
import { f64, num, add } from "../numeric/index.ts";

export type { AttributionRequest };
export type AttributionRule = RuleName | "markov";
export const ATTRIBUTION_RULES: readonly AttributionRule[] = [...RULES, "markov"];

export interface ChannelCredit {
  readonly key: string;
  readonly channel: string;
  /** conversions by each rule */
  readonly conversions: Readonly<Record<AttributionRule, number>>;
  readonly value: Readonly<Record<AttributionRule, number>>;
  /** share of all conversions that would be lost without the channel, by the chain, with its 95 % interval over resampled units */
  readonly removal: number;
  readonly removalInterval: readonly [number, number];
  /** of the conversions that the chain gives */
  readonly interval: readonly [number, number];
  readonly touches: number;
  readonly cost: number | null;
  /** cost and value by the chain's conversions; null without cost or credit */
  readonly cpa: number | null;
  readonly roas: number | null;
}

export interface Attribution {
  readonly channels: readonly ChannelCredit[];
  readonly conversions: number;
  readonly value: number;
  /** conversions that no touch came before within the lookback: no channel's */
  readonly untouched: { readonly conversions: number; readonly value: number };
  /** paths that ended without a conversion */
  readonly nulls: number;
  readonly chance: number;
  readonly order: number;
  readonly lookback: number;
  /** log loss a path on units that the chain has not seen, beside always saying the mean */
  readonly judged: { readonly loss: number; readonly rival: number; readonly lead: readonly [number, number] };
  readonly asOf: string;
  readonly notes: readonly string[];
}

export const BLOCKS = 100;
const REPETITIONS = 200;

/** @throws TesseraError `mining-invalid`, `too-little-data` */
export async function attribute(
  engine: Engine,
  request: AttributionRequest,
  { asOf = engine.now(), place = "$" }: { readonly asOf?: Day; readonly place?: string } = {},
): Promise<Attribution> {
  const order = request.order ?? 1;
  const lookback = request.lookback ?? 30;
  const role = engine.catalog.roles.get(request.channel);
  if (!role || role.dimension.calendar)
    throw new TesseraError("mining-invalid", phrase`unknown role ${request.channel}`, {
      place: `${place} › channel`,
      remedy: "`channel` names the role of the touches whose members get the credit",
    });
  const names = await memberNames(engine, role);
  const from = bound(request.from, `${place} › from`);
  const until = Math.min(bound(request.until, `${place} › until`) ?? asOf, asOf);
  const read = await engine.serving.using(async (connection) => {
    const [touchCube, saleCube] = [
      cubeOf(engine, `${place} › touches`, request.touches),
      cubeOf(engine, `${place} › conversions`, request.conversions),
    ];
    // touches reach back by the lookback beyond the first conversion that counts
    const touches = factRows(engine, `${place} › touches`, {
      cube: touchCube.name,
      columns: {
        who: { key: request.unit },
        day: { day: dateRoleOf(touchCube, place) },
        channel: { key: request.channel },
        ...(request.time !== undefined && { moment: { attribute: request.time } }),
      },
      ...(from !== null && { from: from - lookback }),
      until,
      ...(request.filters && { filters: request.filters }),
    });
    const sales = factRows(engine, `${place} › conversions`, {
      cube: saleCube.name,
      columns: {
        who: { key: request.unit },
        day: { day: dateRoleOf(saleCube, place) },
        conversion: { attribute: request.conversion },
        value: { amount: request.value },
      },
      ...(from !== null && { from }),
      until,
      ...(request.conversionFilters && { filters: request.conversionFilters }),
    });
    const shifted = sales.sql.replace(/\$(\d+)/g, (_, n: string) => `$${Number(n) + touches.parameters.length}`);
    const time =
      request.time === undefined ? "date_diff('day', DATE '1970-01-01', day)::DOUBLE" : "epoch(moment) / 86400.0";
    const parameters = [...parametersOf(touches), ...parametersOf(sales)];
    // names of this question alone: several may be asked of one connection, one after another
    const read = (await readTyped(
      connection,
      `
      WITH t AS (${touches.sql}), s AS (SELECT any_value(who) AS who, max(day) AS day, sum(value) AS value FROM (${shifted}) WHERE who IS NOT NULL GROUP BY conversion),
        channels AS (SELECT channel, (row_number() OVER (ORDER BY channel) - 1)::INTEGER AS c FROM (SELECT DISTINCT channel FROM t WHERE channel IS NOT NULL)),
        events AS (SELECT who, ${time} AS t0, c, NULL::DOUBLE AS value FROM t JOIN channels USING (channel) WHERE who IS NOT NULL UNION ALL SELECT who, date_diff('day', DATE '1970-01-01', day) + 0.999999, -1, value FROM s)
      SELECT (hash(who) % ${BLOCKS})::INTEGER, (hash(who) >> 33)::INTEGER, t0, c, value FROM events ORDER BY who, t0, c DESC`,
      parameters,
    )) as [Int32Array, Int32Array, Float64Array, Int32Array, Float64Array];
    const keys = await connection.runAndReadAll(
      `WITH t AS (${touches.sql}) SELECT channel::VARCHAR FROM (SELECT DISTINCT channel FROM t WHERE channel IS NOT NULL) ORDER BY channel`,
      parametersOf(touches),
    );
    return { read, keys: keys.getRows().map(([key]) => String(key)) };
  });
  const [block, unit, at, channel, value] = read.read;
  const channels = read.keys.length;
  if (channels === 0)
    throw new TesseraError("too-little-data", "there is no touch with a channel", {
      place,
      remedy: "load touches, or widen the filters",
    });
  if (stateCount(channels, order) > 100_000)
    throw new TesseraError("mining-invalid", phrase`order ${order} over ${channels} channels is too much to look at`, {
      place: `${place} › order`,
      remedy: "take a lower order",
    });
  const built = buildPaths({ block, unit, at, channel, value }, channels, lookback);
  const walked = walk(built.paths, { order, blocks: BLOCKS, halfLife: request.halfLife ?? 7 });
  const total = built.paths.conversions.reduce((a, b) => a + b, 0);
  if (total === 0)
    throw new TesseraError("too-little-data", phrase`no conversion has a touch within ${lookback} days before it`, {
      place,
      remedy: "raise the lookback, or load more",
    });

  const costs = request.cost === undefined ? null : await costsOf(engine, request.cost, request.channel, from, until);
  const worth = walked.value.reduce((a, b) => a + b, 0);
  const size = walked.states * (channels + 2);
  const ones = new Float64Array(BLOCKS).fill(1);
  const chain = markov(summed(walked.moves, size, ones), channels, order);
  const draws = resample(walked, size, channels, order, request.seed ?? 1);
  const credits = Object.fromEntries(
    RULES.map((rule) => [
      rule,
      {
        conversions: summed(walked.credit[rule].conversions, channels, ones),
        value: summed(walked.credit[rule].value, channels, ones),
      },
    ]),
  ) as Readonly<Record<RuleName, { conversions: Float64Array; value: Float64Array }>>;
  const list = read.keys
    .map((key, c): ChannelCredit => {
      const cost = costs?.get(key) ?? null;
      const conversions = {
        ...(Object.fromEntries(RULES.map((r) => [r, f64(credits[r].conversions, c)])) as Record<RuleName, number>),
        markov: f64(chain.share, c) * total,
      };
      const values = {
        ...(Object.fromEntries(RULES.map((r) => [r, f64(credits[r].value, c)])) as Record<RuleName, number>),
        markov: f64(chain.share, c) * worth,
      };
      return {
        key,
        channel: names.get(key) ?? key,
        conversions,
        value: values,
        removal: f64(chain.removal, c),
        removalInterval: between(draws.map((d) => f64(d.removal, c))),
        interval: between(draws.map((d) => f64(d.share, c) * total)),
        touches: f64(built.touches, c),
        cost,
        cpa: cost !== null && conversions.markov > 0 ? cost / conversions.markov : null,
        roas: cost !== null && cost > 0 ? values.markov / cost : null,
      };
    })
    .sort((a, b) => b.conversions.markov - a.conversions.markov || a.key.localeCompare(b.key));
  return {
    channels: list,
    conversions: total,
    value: worth,
    untouched: built.untouched,
    nulls: walked.nulls.reduce((a, b) => a + b, 0),
    chance: chain.chance,
    order,
    lookback,
    judged: judge(walked, channels),
    asOf: toIso(until),
    notes: [
      "Touches were not randomised: credit says what went before conversions, not what caused them. A hold-out does.",
      ...(built.untouched.conversions > 0
        ? [
            `${Math.round(built.untouched.conversions).toLocaleString("en")} conversions have no touch within ${lookback} days before them and are no channel's.`,
          ]
        : []),
      ...list.filter((c) => c.removal === 0).map((c) => `${c.channel} has no conversion after it.`),
    ],
  };
}

function bound(text: string | undefined, place: string): Day | null {
  if (text === undefined) return null;
  const day = parseDay(text);
  if (day === null)
    throw new TesseraError("mining-invalid", phrase`${JSON.stringify(text)} is no date`, {
      place,
      remedy: 'write "2025-07-31"',
    });
  return day;
}

async function costsOf(
  engine: Engine,
  cost: string,
  channel: string,
  from: Day | null,
  until: Day,
): Promise<Map<string, number>> {
  const node = engine.catalog.measures.get(cost);
  const cube = node && engine.catalog.cubes.get(node.cube);
  const role = required(engine.catalog.roles, channel);
  if (!cube || !cube.roles.has(channel))
    throw new TesseraError("mining-invalid", phrase`${cost} is no measure with ${channel}`, {
      place: "$.cost",
      remedy: "name a measure of a cube that joins the channel",
    });
  const filters =
    cube.dateRole === null
      ? []
      : [
          { member: cube.dateRole, operator: "lte" as const, values: [toIso(until)] },
          ...(from === null ? [] : [{ member: cube.dateRole, operator: "gte" as const, values: [toIso(from)] }]),
        ];
  const answer = wholeAnswer(
    { measures: [cost], dimensions: [`${channel}.${keyAttribute(role.dimension)}`], filters },
    engine.context("as_is", null, until),
  );
  const read = await engine.serving.run(
    `SELECT k0::VARCHAR, v0::DOUBLE FROM (${answer.printed.sql}) WHERE k0 IS NOT NULL`,
    answer.printed.parameters,
  );
  return new Map(first(read.columns).map((key, i) => [String(key), Number(item(read.columns, 1)[i] ?? 0)]));
}

/** 95 % of draws lie between. */
export const between = (values: number[]): readonly [number, number] => {
  const sorted = values.sort((a, b) => a - b);
  return [num(sorted, Math.floor(values.length * 0.025)), num(sorted, Math.ceil(values.length * 0.975) - 1)];
};

/** Blocks of units drawn anew with replacement: the chain of each draw. */
export function resample(
  { moves }: Walked,
  size: number,
  channels: number,
  order: number,
  seed: number,
): { readonly removal: Float64Array; readonly share: Float64Array }[] {
  const random = seeded(seed);
  // a long chain is solved as often as some three seconds allow
  const times = size > 20_000 ? 20 : REPETITIONS;
  return Array.from({ length: times }, () => {
    const weights = new Float64Array(BLOCKS);
    for (let b = 0; b < BLOCKS; b++) add(weights, random.below(BLOCKS), 1);
    return markov(summed(moves, size, weights), channels, order);
  });
}

/** Does the last state of a path tell whether it converts? Learnt on half of the blocks, judged on the other half. */
function judge({ moves, states }: Walked, channels: number): Attribution["judged"] {
  const width = channels + 2;
  const size = states * width;
  const learnt = summed(
    moves,
    size,
    Array.from({ length: BLOCKS }, (_, b) => (b % 2 === 0 ? 1 : 0)),
  );
  let [won, lost] = [0, 0];
  for (let s = 0; s < states; s++) {
    won += f64(learnt, s * width + channels);
    lost += f64(learnt, s * width + channels + 1);
  }
  const base = won / (won + lost);
  const differences: number[] = [];
  let [loss, rival, paths] = [0, 0, 0];
  for (let b = 1; b < BLOCKS; b += 2) {
    let [own, other, n] = [0, 0, 0];
    for (let s = 0; s < states; s++) {
      const [w, l] = [f64(moves, b * size + s * width + channels), f64(moves, b * size + s * width + channels + 1)];
      if (w + l === 0) continue;
      const [a, z] = [f64(learnt, s * width + channels), f64(learnt, s * width + channels + 1)];
      const p = (a + base) / (a + z + 1);
      own -= w * Math.log(p) + l * Math.log(1 - p);
      other -= w * Math.log(base) + l * Math.log(1 - base);
      n += w + l;
    }
    if (n > 0) differences.push((other - own) / n);
    loss += own;
    rival += other;
    paths += n;
  }
  const mean = differences.reduce((a, b) => a + b, 0) / differences.length;
  const reach =
    1.96 *
    Math.sqrt(differences.reduce((a, d) => a + (d - mean) ** 2, 0) / (differences.length - 1) / differences.length);
  return { loss: loss / paths, rival: rival / paths, lead: [mean - reach, mean + reach] };
}
