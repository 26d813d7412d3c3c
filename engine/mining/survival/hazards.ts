/** Which attributes are associated with leaving sooner: Cox's model, judged on members it has not seen. */
import type { Hazards } from "./survival-model.ts";
import { at } from "../../lookup.ts";
import { resolveAttribute } from "../../query/binding/member.ts";
import { dot, mean, pick, sampleDeviation, squaresAround } from "../numeric/summary.ts";
import { f64, u8 } from "../numeric/vector.ts";
import { seeded } from "../random.ts";
import type { MiningContext } from "../technique.ts";
import { concordance, fitCox } from "./cox.ts";
import type { Members, SurvivalModel } from "./survival-model.ts";

const MOST_GROUPS = 8;
const SAMPLED = 2000;
const REPETITIONS = 200;
/** Members of one bootstrap draw: the pairs of members are what takes the time. */
const DRAWN = 400;

/** @param wanted attributes in the order of `members.attributes`; @returns null without a usable feature */
export function fitHazards(
  context: MiningContext<SurvivalModel>,
  members: Members,
  wanted: readonly string[],
): Hazards | null {
  const columns = (context.model.features ?? []).flatMap((feature) =>
    columnsOf(context, feature, at(members.attributes, wanted.indexOf(feature))),
  );
  if (columns.length === 0) return null;
  const { times, events } = members;
  const side = (odd: number): number[] => [...times.keys()].filter((i) => i % 2 === odd);
  const part = (rows: readonly number[]) => ({
    times: pick(times, rows),
    events: Uint8Array.from(rows, (i) => u8(events, i)),
    columns: columns.map((c) => pick(c.values, rows)),
  });
  // learnt from every second member, judged on a sample of the others
  const learnt = part(side(0));
  const { coefficients } = fitCox(learnt.times, learnt.events, learnt.columns);
  const odd = side(1);
  const step = Math.max(1, Math.floor(odd.length / SAMPLED));
  const held = part(odd.filter((_, i) => i % step === 0));
  const risk = held.times.map((_, i) =>
    dot(
      coefficients,
      held.columns.map((c) => f64(c, i)),
    ),
  );
  const unseen = concordance(risk, held.times, held.events);
  const random = seeded(context.model.seed ?? 1);
  const size = Math.min(held.times.length, DRAWN);
  const draws = Array.from({ length: REPETITIONS }, () => {
    const rows = Int32Array.from({ length: size }, () => random.below(held.times.length));
    const drawnEvents = Uint8Array.from(rows, (i) => u8(held.events, i));
    return concordance(pick(risk, rows), pick(held.times, rows), drawnEvents);
  });
  const error = sampleDeviation(draws) * Math.sqrt(size / held.times.length);
  return {
    fitted: fitCox(
      times,
      events,
      columns.map((c) => c.values),
    ),
    names: columns.map((c) => c.name),
    unseen,
    interval: [unseen - 1.96 * error, unseen + 1.96 * error],
  };
}

interface Column {
  readonly name: string;
  readonly values: Float64Array;
}

/** A number in standard deviations; groups as one column each, compared with the most frequent group. */
function columnsOf(
  { engine, model }: MiningContext<SurvivalModel>,
  feature: string,
  values: Members["attributes"][number],
): Column[] {
  const ref = resolveAttribute(engine.catalog, engine.binding, feature, `model ${model.name} › features`);
  if (ref.type === "integer" || ref.type === "number") {
    const known = values.filter((v) => v !== null).map(Number);
    if (known.length === 0) return [];
    const centre = mean(known);
    const spread = Math.sqrt(squaresAround(known, centre) / known.length);
    if (!(spread > 0)) return [];
    const scaled = Float64Array.from(values, (v) => (v === null ? 0 : (Number(v) - centre) / spread));
    return [{ name: `${ref.title} (one standard deviation more)`, values: scaled }];
  }
  const [base, ...others] = groupsBySize(values);
  // rare groups are not separated
  return others.slice(0, MOST_GROUPS - 1).map((name) => ({
    name: `${ref.title}: ${name} (vs. ${base})`,
    values: Float64Array.from(values, (v) => (String(v) === name ? 1 : 0)),
  }));
}

/** Names of the groups, the largest first; null has none. */
export function groupsBySize(values: Iterable<string | number | boolean | null>): string[] {
  const sizes = new Map<string, number>();
  for (const v of values) if (v !== null) sizes.set(String(v), (sizes.get(String(v)) ?? 0) + 1);
  return [...sizes].sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0])).map(([name]) => name);
}
