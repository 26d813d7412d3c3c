/** Questions that mining answers at once; its modules are loaded for the first one. */
import type { RoleSpec } from "../../engine/model/project.ts";
import type { Engine } from "../../engine/query/answer/engine.ts";
import type { RunOptions } from "../../engine/warehouse/serving.ts";
import { translated } from "./noted-answers.ts";
import type { OpenProject, QueryOptions } from "./opened-project.ts";

type Mining = typeof import("../../engine/mining/index.ts");

/** The methods of an open project that mining answers. */
type MinedAnswers = Pick<
  OpenProject,
  "experiment" | "allocation" | "attribution" | "outlook" | "move" | "bands" | "ruleAudience" | "drawCampaign"
>;

const mined = <T>(work: (mining: Mining) => Promise<T>): Promise<T> =>
  translated(import("../../engine/mining/index.ts").then(work));

/** The methods. @param engineFor the engine with the rights of the caller's role */
export const minedAnswers = (
  engineFor: (options: QueryOptions, right: NonNullable<RoleSpec["may"]>[number]) => Engine,
  run: (options: QueryOptions) => RunOptions,
): MinedAnswers => ({
  experiment: async (request, options = {}) =>
    mined(async ({ evaluateExperiment }) => evaluateExperiment(engineFor(options, "query"), request, run(options))),
  allocation: async (request, options = {}) =>
    mined(async ({ allocate }) => allocate(engineFor(options, "query"), request, run(options))),
  attribution: async (request, options = {}) =>
    mined(async ({ attribute }) => attribute(engineFor(options, "query"), request)),
  outlook: async (request, options = {}) =>
    mined(async ({ goalOutlook }) => goalOutlook(engineFor(options, "query"), request, run(options))),
  move: async (request, options = {}) =>
    mined(async ({ explainMove, tellMove, usualDimensions }) => {
      const engine = engineFor(options, "query");
      const dimensions = request.dimensions ?? (await usualDimensions(engine, request.measure, "$", run(options)));
      const complete = { ...request, dimensions };
      const move = await explainMove(engine, complete, "$", run(options));
      return { ...move, told: tellMove(engine, complete, move) };
    }),
  bands: async (request, options = {}) =>
    mined(async ({ expectedBands }) => expectedBands(engineFor(options, "query"), request, run(options))),
  ruleAudience: async (request, options = {}) =>
    mined(async ({ ruleAudience }) => ruleAudience(engineFor(options, "segment"), request)),
  drawCampaign: async (plan, options = {}) =>
    mined(async ({ drawCampaign }) => drawCampaign(engineFor(options, "segment"), plan, run(options))),
});
