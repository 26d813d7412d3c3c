/** The paths of members through touchpoints: a funnel, flows from stage to stage, and frequent orders. */
import type { JourneyFit, JourneyModel } from "./journey-model.ts";
import { TesseraError, didYouMean, phrase } from "../../errors/index.ts";
import { at } from "../../lookup.ts";
import { cubeOf, dateRoleOf, factRows, parametersOf } from "../fact-rows.ts";
import { roleOver } from "../features.ts";
import { count, i32 } from "../numeric/vector.ts";
import { startsOf } from "../numeric/summary.ts";
import { OUTPUTS } from "../outputs/index.ts";
import { doubles, integers, readTyped } from "../read-typed.ts";
import { defineTechnique, type MiningContext } from "../technique.ts";
import { journeyReport } from "./journey-report.ts";
import { flows, frequentSequences, funnel, type Journeys } from "./sequences.ts";

const FEWEST = 50;
const MOST_STAGES = 40;
/** Orders that fewer members share are left out. */
const LEAST_SHARE = 0.01;

async function fit(context: MiningContext<JourneyModel>): Promise<JourneyFit> {
  const { connection, model } = context;
  context.onProgress("reading events");
  const { journeys, names } = await readJourneys(context);
  const units = journeys.offsets.length - 1;
  if (units < FEWEST)
    throw new TesseraError("too-little-data", phrase`model "${model.name}": ${units} members have events`, {
      place: `model ${model.name}`,
      remedy: phrase`load events of at least ${FEWEST} members`,
    });
  const { steps, days } = model.funnel;
  const numbers = steps.map((step, i) => {
    const found = names.indexOf(step);
    if (found < 0)
      throw new TesseraError("mining-invalid", phrase`stage "${step}" not found${didYouMean(step, names)}`, {
        place: `model ${model.name} › funnel.steps[${i}]`,
        remedy: phrase`choose among ${names.join(", ")}`,
      });
    return found;
  });
  context.onProgress("following members");
  const strict = funnel(journeys, numbers, days, true);
  const loose = funnel(journeys, numbers, days, false);
  const { depth } = model.funnel.ordered === false ? loose : strict;
  await connection.run("CREATE OR REPLACE TEMP TABLE journey_depth (u INTEGER, depth INTEGER, step VARCHAR)");
  const appender = await connection.createAppender("journey_depth", "main", "temp");
  for (const [unit, reached] of depth.entries()) {
    appender.appendInteger(unit);
    appender.appendInteger(reached);
    appender.appendVarchar(reached === 0 ? "(none)" : `${reached} ${at(steps, reached - 1)}`);
    appender.endRow();
  }
  appender.closeSync();
  return {
    names,
    units,
    ordered: strict.reached,
    unordered: loose.reached,
    flows: flows(journeys),
    sequences: frequentSequences(journeys, Math.ceil(units * LEAST_SHARE)),
  };
}

/** Creates the temporary tables `journey_rows`, `journey_stages` and `journey_units`. */
async function readJourneys(
  context: MiningContext<JourneyModel>,
): Promise<{ readonly journeys: Journeys; readonly names: string[] }> {
  const { engine, connection, model, asOf } = context;
  const place = `model ${model.name}`;
  const printed = factRows(engine, place, {
    cube: model.events,
    until: asOf,
    columns: {
      key: { key: roleOver(context, model.over).name },
      day: { day: dateRoleOf(cubeOf(engine, place, model.events), place) },
      stage: { attribute: model.stage },
      ...(model.time !== undefined && { moment: { attribute: model.time } }),
    },
    ...(model.filters && { filters: model.filters }),
  });
  const time =
    model.time === undefined ? "date_diff('day', DATE '1970-01-01', day)::DOUBLE" : "epoch(moment) / 86400.0";
  await connection.run(
    `CREATE OR REPLACE TEMP TABLE journey_rows AS
     SELECT key, stage::VARCHAR AS stage, ${time} AS t0
     FROM (${printed.sql}) WHERE key IS NOT NULL AND stage IS NOT NULL`,
    parametersOf(printed),
  );
  await connection.run(
    `CREATE OR REPLACE TEMP TABLE journey_stages AS
     SELECT stage, (row_number() OVER (ORDER BY stage) - 1)::INTEGER AS s
     FROM (SELECT DISTINCT stage FROM journey_rows)`,
  );
  await connection.run(
    `CREATE OR REPLACE TEMP TABLE journey_units AS
     SELECT key, (row_number() OVER (ORDER BY key) - 1)::INTEGER AS u FROM (SELECT DISTINCT key FROM journey_rows)`,
  );
  const read = await connection.runAndReadAll("SELECT stage FROM journey_stages ORDER BY s");
  const names = read.getRows().map(([name]) => String(name));
  if (names.length > MOST_STAGES)
    throw new TesseraError("mining-invalid", phrase`stage "${model.stage}" has ${names.length} members`, {
      place: `${place} › stage`,
      remedy: phrase`use an attribute with at most ${MOST_STAGES} members`,
    });
  const [u, s, t] = await readTyped(
    connection,
    `SELECT u, s, t0
     FROM journey_rows JOIN journey_units USING (key) JOIN journey_stages USING (stage) ORDER BY u, t0, s`,
  );
  const units = integers(u, 0);
  const sizes = new Int32Array(units.length === 0 ? 0 : i32(units, units.length - 1) + 1);
  for (const unit of units) count(sizes, unit);
  const journeys = { offsets: startsOf(sizes), stage: integers(s, 1), at: doubles(t, 2), stageCount: names.length };
  return { journeys, names };
}

/** The technique `journey`. */
export const journey = defineTechnique<JourneyModel>()({
  ...OUTPUTS.journey,
  fit,
  score: () => "SELECT key, step, depth FROM journey_units JOIN journey_depth USING (u)",
  report: journeyReport,
});
