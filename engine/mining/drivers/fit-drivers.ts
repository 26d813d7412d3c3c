/** Drivers of change as a model, whose report follows the data. */
import { defineTechnique, type ModelSpec } from "../technique.ts";
import { OUTPUTS } from "../outputs/index.ts";
import { explainMove, usualDimensions, type MoveRequest } from "./explain-move.ts";
import { tellMove } from "./tell-move.ts";

/** Explains a measure's change between two periods; `over` is the date dimension. */
export interface DriversModel extends ModelSpec, MoveRequest {
  readonly technique: "drivers";
}

/** The technique `drivers`. */
export const drivers = defineTechnique<DriversModel>()({
  ...OUTPUTS.drivers,
  fit: async ({ engine, model, onProgress }) => {
    onProgress("decomposing the change");
    const place = `model ${model.name}`;
    const request = { ...model, dimensions: model.dimensions ?? (await usualDimensions(engine, model.measure, place)) };
    return { request, move: await explainMove(engine, request, place) };
  },
  score: () => null,
  report: ({ engine }, { request, move }) => tellMove(engine, request, move),
});
