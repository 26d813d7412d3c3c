/** Drivers of change as a model, whose report follows the data. */
import { TesseraError, phrase } from "../../errors/index.ts";
import { toIso } from "../../model/time/calendar.ts";
import { defineTechnique, type MiningContext, type ModelSpec } from "../technique.ts";
import { OUTPUTS } from "../outputs/index.ts";
import { explainMove, usualDimensions, type MoveRequest } from "./explain-move.ts";
import { tellMove } from "./tell-move.ts";

/** Explains a measure's change between two periods; `over` is the date dimension. */
export interface DriversModel extends ModelSpec, MoveRequest {
  readonly technique: "drivers";
}

/** A period up to the day of the model. @throws TesseraError `too-little-data` for one that begins later */
function known({ model, asOf }: MiningContext<DriversModel>, side: "before" | "after"): readonly [string, string] {
  const [from, until] = model[side];
  const last = toIso(asOf);
  if (from > last)
    throw new TesseraError("too-little-data", phrase`model "${model.name}": its period begins after ${last}`, {
      place: `model ${model.name} › ${side}`,
      remedy: "name a period that has begun, or mine a later day",
    });
  return [from, until < last ? until : last];
}

/** The technique `drivers`. */
export const drivers = defineTechnique<DriversModel>()({
  ...OUTPUTS.drivers,
  fit: async (context) => {
    const { engine, model, onProgress } = context;
    onProgress("decomposing the change");
    const place = `model ${model.name}`;
    const dimensions = model.dimensions ?? (await usualDimensions(engine, model.measure, place));
    const request = { ...model, before: known(context, "before"), after: known(context, "after"), dimensions };
    return { request, move: await explainMove(engine, request, place) };
  },
  score: () => null,
  report: ({ engine }, { request, move }) => tellMove(engine, request, move),
});
