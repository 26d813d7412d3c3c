/** Mining started from the server: one at a time, its last word kept for pages and callers. */
import { TesseraError, didYouMean, phrase } from "../../engine/errors/index.ts";
import type { OpenProject } from "../../etl/project/open-project.ts";
import { problemOf, type ProblemDocument } from "./problem.ts";

export interface MiningRun {
  readonly model: string;
  readonly state: "running" | "done" | "failed";
  /** what it does now, or did last */
  readonly what: string;
  readonly startedAt: string;
  readonly finishedAt: string | null;
  /** the version that holds the labels */
  readonly version: number | null;
  readonly problem: ProblemDocument | null;
}

export interface MiningRuns {
  /** @throws TesseraError not-found, or lease-held while another model is mined here */
  start(model: string): MiningRun;
  /** the last run of a model that this server started */
  last(model: string): MiningRun | null;
  running(): MiningRun | null;
}

export const miningRuns = (project: OpenProject, clock: () => Date, onBug: (error: unknown) => void): MiningRuns => {
  const runs = new Map<string, MiningRun>();
  const running = (): MiningRun | null => [...runs.values()].find((run) => run.state === "running") ?? null;
  return {
    start(model) {
      const names = (project.spec.models ?? []).map((m) => m.name);
      if (!names.includes(model))
        throw new TesseraError(
          "not-found",
          phrase`there is no model ${model.slice(0, 100)}${didYouMean(model.slice(0, 100), names)}`,
          { remedy: names.length > 0 ? `the models are ${names.join(", ")}` : "declare one in tessera.config.ts" },
        );
      const busy = running();
      if (busy)
        throw new TesseraError("lease-held", phrase`${busy.model} is being mined since ${busy.startedAt}`, {
          remedy: "wait for it to end",
        });
      const note = (change: Partial<MiningRun>): void => void runs.set(model, { ...runs.get(model)!, ...change });
      runs.set(model, {
        model,
        state: "running",
        what: "starting",
        startedAt: clock().toISOString(),
        finishedAt: null,
        version: null,
        problem: null,
      });
      project.mine([model], { startedBy: "page", onProgress: ({ what }) => note({ what }) }).then(
        ({ version }) => note({ state: "done", what: "done", version, finishedAt: clock().toISOString() }),
        (error: unknown) => {
          if (!(error instanceof TesseraError)) onBug(error);
          note({ state: "failed", problem: problemOf(error, "page"), finishedAt: clock().toISOString() });
        },
      );
      return runs.get(model)!;
    },
    last: (model) => runs.get(model) ?? null,
    running,
  };
};
