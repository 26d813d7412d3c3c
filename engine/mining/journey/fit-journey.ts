/** The ways that members take through touchpoints: a funnel, the flow from step to step, and orders of steps that many share. */
import { TesseraError, didYouMean, phrase } from "../../errors/index.ts";
import type { Filter } from "../../model/filter.ts";
import { dimension, measure } from "../columns.ts";
import { cubeOf, dateRoleOf, factRows, parametersOf } from "../fact-rows.ts";
import { roleOver } from "../features.ts";
import { readTyped } from "../read-typed.ts";
import { defineTechnique, type Findings, type MiningContext, type ModelSpec } from "../technique.ts";
import { OUTPUTS } from "../outputs/index.ts";
import { flows, frequentSequences, funnel, type Flow, type Journeys, type Sequence } from "./sequences.ts";
import { at as item, first } from "../../lookup.ts";
import { i32, num, count } from "../numeric/index.ts";

/** `stage` names what an event is (an attribute); `time` its moment, by default the day; `funnel` the steps to be done within some days, `ordered` unless false. */
export interface JourneyModel extends ModelSpec {
  readonly technique: "journey";
  readonly events: string;
  readonly stage: string;
  readonly time?: string;
  readonly filters?: readonly Filter[];
  readonly funnel: { readonly steps: readonly string[]; readonly days: number; readonly ordered?: boolean };
}

export interface JourneyFit {
  readonly names: readonly string[];
  readonly units: number;
  readonly ordered: readonly number[];
  readonly unordered: readonly number[];
  readonly flows: readonly Flow[];
  readonly sequences: readonly Sequence[];
}

const FEWEST = 50;
const MOST_STAGES = 40;

async function fit(context: MiningContext<JourneyModel>): Promise<JourneyFit> {
  const { engine, connection, model, asOf } = context;
  const place = `model ${model.name}`;
  context.onProgress("reading events");
  const date = dateRoleOf(cubeOf(engine, place, model.events), place);
  const printed = factRows(engine, place, {
    cube: model.events,
    until: asOf,
    columns: {
      key: { key: roleOver(context, model.over).name },
      day: { day: date },
      stage: { attribute: model.stage },
      ...(model.time !== undefined && { moment: { attribute: model.time } }),
    },
    ...(model.filters && { filters: model.filters }),
  });
  const time =
    model.time === undefined ? "date_diff('day', DATE '1970-01-01', day)::DOUBLE" : "epoch(moment) / 86400.0";
  await connection.run(
    `CREATE OR REPLACE TEMP TABLE journey_rows AS SELECT key, stage::VARCHAR AS stage, ${time} AS t0 FROM (${printed.sql}) WHERE key IS NOT NULL AND stage IS NOT NULL`,
    parametersOf(printed),
  );
  await connection.run(
    "CREATE OR REPLACE TEMP TABLE journey_stages AS SELECT stage, (row_number() OVER (ORDER BY stage) - 1)::INTEGER AS s FROM (SELECT DISTINCT stage FROM journey_rows)",
  );
  await connection.run(
    "CREATE OR REPLACE TEMP TABLE journey_units AS SELECT key, (row_number() OVER (ORDER BY key) - 1)::INTEGER AS u FROM (SELECT DISTINCT key FROM journey_rows)",
  );
  const names = (await connection.runAndReadAll("SELECT stage FROM journey_stages ORDER BY s"))
    .getRows()
    .map(([name]) => String(name));
  if (names.length > MOST_STAGES)
    throw new TesseraError("mining-invalid", phrase`${model.stage} has ${names.length} members`, {
      place: `${place} › stage`,
      remedy: phrase`use an attribute with at most ${MOST_STAGES}`,
    });
  const [u, s, at] = (await readTyped(
    connection,
    "SELECT u, s, t0 FROM journey_rows JOIN journey_units USING (key) JOIN journey_stages USING (stage) ORDER BY u, t0, s",
  )) as [Int32Array, Int32Array, Float64Array];
  const units = u.length === 0 ? 0 : i32(u, u.length - 1) + 1;
  if (units < FEWEST)
    throw new TesseraError("too-little-data", phrase`model ${model.name}: ${units} members have events`, {
      place,
      remedy: phrase`it needs ${FEWEST}`,
    });
  const steps = model.funnel.steps.map((step, i) => {
    const found = names.indexOf(step);
    if (found < 0)
      throw new TesseraError("mining-invalid", phrase`no event is ${step}${didYouMean(step, names)}`, {
        place: `${place} › funnel.steps[${i}]`,
        remedy: phrase`one of ${names.join(", ")}`,
      });
    return found;
  });
  const offsets = new Int32Array(units + 1);
  for (const unit of u) count(offsets, unit + 1);
  for (let k = 0; k < units; k++) offsets[k + 1] = i32(offsets, k + 1) + i32(offsets, k);
  const journeys: Journeys = { offsets, stage: s, at, stageCount: names.length };
  context.onProgress("following them");
  const strict = funnel(journeys, steps, model.funnel.days, true),
    loose = funnel(journeys, steps, model.funnel.days, false);
  const { depth } = model.funnel.ordered === false ? loose : strict;
  await connection.run("CREATE OR REPLACE TEMP TABLE journey_depth (u INTEGER, depth INTEGER, step VARCHAR)");
  const appender = await connection.createAppender("journey_depth", "main", "temp");
  depth.forEach((d, unit) => {
    appender.appendInteger(unit);
    appender.appendInteger(d);
    appender.appendVarchar(d === 0 ? "(none)" : `${d} ${item(model.funnel.steps, d - 1)}`);
    appender.endRow();
  });
  appender.closeSync();
  return {
    names,
    units,
    ordered: strict.reached,
    unordered: loose.reached,
    flows: flows(journeys),
    sequences: frequentSequences(journeys, Math.ceil(units * 0.01)),
  };
}

function report(
  { model }: MiningContext<JourneyModel>,
  { names, units, ordered, unordered, flows: moves, sequences }: JourneyFit,
): Findings {
  const { steps, days } = model.funnel;
  const reverse = new Map(sequences.filter((q) => q.stages.length === 2).map((q) => [q.stages.join(), q.units]));
  const told = (stage: number): string => (stage < 0 ? "(nothing more)" : item(names, stage));
  const step = dimension("step", "Step");
  return {
    members: units,
    parameters: {
      events: model.events,
      stage: model.stage,
      steps,
      within: `${days} days`,
      order: model.funnel.ordered === false ? "any" : "as given",
    },
    figures: [
      { title: "Members with events", value: units, format: "integer" },
      {
        title: "Through the whole funnel",
        value: ordered[0] ? num(ordered, steps.length - 1) / ordered[0] : null,
        format: "percent",
        note: `of those who began, within ${days} days, in order`,
      },
      {
        title: "In any order",
        value: unordered[0] ? num(unordered, steps.length - 1) / unordered[0] : null,
        format: "percent",
        note: `within ${days} days`,
      },
    ],
    sections: [
      {
        title: "Funnel",
        chart: "bar",
        columns: [step, measure("ordered", "In order", "integer"), measure("unordered", "In any order", "integer")],
        rows: steps.map((name, k) => ({
          step: `${k + 1} ${name}`,
          ordered: num(ordered, k),
          unordered: num(unordered, k),
        })),
      },
      {
        title: "From step to step",
        columns: [
          step,
          measure("reached", "Reached", "integer"),
          measure("of_previous", "Of the step before", "percent"),
          measure("of_first", "Of the first", "percent"),
        ],
        rows: steps.map((name, k) => ({
          step: `${k + 1} ${name}`,
          reached: num(ordered, k),
          of_previous: k === 0 ? null : num(ordered, k - 1) === 0 ? null : num(ordered, k) / num(ordered, k - 1),
          of_first: first(ordered) === 0 ? null : num(ordered, k) / first(ordered),
        })),
      },
      {
        title: "Ways",
        wide: true,
        plot: { kind: "flow", from: "from", to: "to", value: "units" },
        columns: [dimension("from", "From"), dimension("to", "To"), measure("units", "Members", "integer")],
        rows: moves.map((m) => ({
          from: `${m.position} · ${told(m.from)}`,
          to: `${m.position + 1} · ${told(m.to)}`,
          units: m.units,
        })),
        note: "The first four different stages of each member, repetitions left out. Every stop passes on as many as come in, but for the last.",
      },
      {
        title: "Orders that many share",
        wide: true,
        columns: [
          dimension("sequence", "Order"),
          measure("units", "Members", "integer"),
          measure("share", "Of all", "percent"),
          measure("forward", "This way round", "percent"),
        ],
        rows: sequences.slice(0, 30).map((q) => {
          const back = reverse.get([...q.stages].reverse().join());
          return {
            sequence: q.stages.map(told).join(" → "),
            units: q.units,
            share: q.units / units,
            forward: q.stages.length === 2 ? q.units / (q.units + (back ?? 0)) : null,
          };
        }),
        note: "Gaps allowed; each member counts once. This way round: against the opposite order; members who went both ways count in both.",
      },
    ],
    notes: ["An order says what came first, not what brought the next."],
  };
}

export const journey = defineTechnique<JourneyModel>()({
  ...OUTPUTS.journey,
  fit,
  score: () => "SELECT key, step, depth FROM journey_units JOIN journey_depth USING (u)",
  report,
});
