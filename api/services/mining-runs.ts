/** Mining runs that the server starts, one at a time. The last run of each model is kept for pages and the API. */
import { TesseraError, didYouMean, phrase } from "../../engine/errors/index.ts";
import type { OpenProject } from "../../etl/project/open-project.ts";

export interface MiningRun {
  readonly model: string;
  readonly state: "running" | "done" | "failed";
  /** the current or last step */
  readonly what: string;
  /** ISO instant */
  readonly startedAt: string;
  /** ISO instant; null while it runs */
  readonly finishedAt: string | null;
  /** the data version that holds the labels; null until it is published */
  readonly version: number | null;
  /** why it failed */
  readonly error: unknown;
}

export interface MiningRuns {
  /** @throws TesseraError `not-found`; `lease-held` while another model runs here */
  start(model: string): MiningRun;
  /** the last run of a model that this server started */
  last(model: string): MiningRun | null;
  running(): MiningRun | null;
}

const startable = (project: OpenProject, model: string, busy: MiningRun | null): void => {
  const names = (project.spec.models ?? []).map((each) => each.name);
  if (!names.includes(model))
    throw new TesseraError("not-found", phrase`model "${model.slice(0, 100)}" not found${didYouMean(model, names)}`, {
      remedy: names.length > 0 ? phrase`use one of ${names.join(", ")}` : "declare a mining model in tessera.config.ts",
    });
  if (busy)
    throw new TesseraError("lease-held", phrase`model ${busy.model} has been running since ${busy.startedAt}`, {
      remedy: "wait until it ends",
    });
};

/** @param onBug receives errors that no person can cause */
export const miningRuns = (project: OpenProject, clock: () => Date, onBug: (error: unknown) => void): MiningRuns => {
  const runs = new Map<string, MiningRun>();
  const running = (): MiningRun | null => [...runs.values()].find((run) => run.state === "running") ?? null;
  return {
    start(model) {
      startable(project, model, running());
      let run: MiningRun = {
        model,
        state: "running",
        what: "starting",
        startedAt: clock().toISOString(),
        finishedAt: null,
        version: null,
        error: null,
      };
      const note = (change: Partial<MiningRun>): void => {
        run = { ...run, ...change };
        runs.set(model, run);
      };
      note({});
      project.mine([model], { startedBy: "page", onProgress: ({ what }) => note({ what }) }).then(
        ({ version }) => note({ state: "done", what: "done", version, finishedAt: clock().toISOString() }),
        (error: unknown) => {
          if (!(error instanceof TesseraError)) onBug(error);
          note({ state: "failed", error, finishedAt: clock().toISOString() });
        },
      );
      return run;
    },
    last: (model) => runs.get(model) ?? null,
    running,
  };
};
