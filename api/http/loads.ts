/** Starting loads from the server, each in a process of its own, and following them while they run. */
import { TesseraError } from "../../engine/errors/index.ts";
import { openState, type State } from "../../engine/warehouse/index.ts";
import { runLoad, type Progress, type RunSummary } from "../../etl/index.ts";
import type { OpenProject } from "../../etl/project/open-project.ts";

export interface LoadRequest {
  /** names; all jobs without them */
  readonly jobs?: readonly string[];
  readonly full?: boolean;
  readonly dryRun?: boolean;
}

type Settings = { readonly [name: string]: string | undefined };

/** What a load's sources read their settings from, for as long as it runs. */
export interface LoadEnvironment {
  readonly environment: Settings;
  close(): Promise<void>;
}

/** Settings as they are, or made ready for each load: source systems that live only while something reads them. */
export type Environments = Settings | (() => Promise<LoadEnvironment>);

export interface Loads {
  /** Starts a load and answers its run's id as soon as it has one. @throws TesseraError of a load that could not start, such as `lease-held` */
  start(request: LoadRequest): Promise<string>;
  /** Loads and answers when it is done. @throws TesseraError of a load that published nothing */
  run(request: LoadRequest, startedBy: string, signal: AbortSignal): Promise<RunSummary>;
  /** the last word of a run that this server started */
  progress(run: string): Progress | undefined;
  /** asks a run that this server started to stop; false where it is not running */
  cancel(run: string): boolean;
  /** stops what runs; nothing is published then */
  close(): void;
}

/** @param environments what the sources' settings are read from */
export const loadManager = (project: OpenProject, environments: Environments | undefined): Loads => {
  const latest = new Map<string, Progress>();
  const running = new Map<string, AbortController>();
  const starting = new Set<AbortController>();
  const launch = async (
    request: LoadRequest,
    startedBy: string,
    stop: AbortController,
    onId?: (id: string) => void,
  ): Promise<RunSummary> => {
    starting.add(stop);
    let id: string | undefined;
    let opened: LoadEnvironment | undefined;
    try {
      opened = typeof environments === "function" ? await environments() : undefined;
      const environment = typeof environments === "function" ? opened?.environment : environments;
      const run = await runLoad({
        folder: project.folder,
        ...request,
        startedBy,
        signal: stop.signal,
        ...(environment && { environment }),
        onProgress: (progress) => {
          latest.set(progress.run, progress);
          if (id !== undefined) return;
          id = progress.run;
          running.set(id, stop);
          starting.delete(stop);
          onId?.(id);
        },
      });
      await project.refresh();
      return run;
    } finally {
      starting.delete(stop);
      if (id !== undefined) running.delete(id);
      await opened?.close();
    }
  };
  return {
    start: (request) =>
      new Promise((resolve, reject) => {
        launch(request, "page", new AbortController(), resolve).then((run) => resolve(run.id), reject);
      }),
    run: (request, startedBy, signal) => {
      const stop = new AbortController();
      if (signal.aborted) stop.abort(signal.reason);
      signal.addEventListener("abort", () => stop.abort(signal.reason), { once: true });
      return launch(request, startedBy, stop);
    },
    progress: (run) => latest.get(run),
    cancel(run) {
      running.get(run)?.abort(new TesseraError("cancelled", "the load was cancelled"));
      return running.has(run);
    },
    close() {
      for (const stop of [...running.values(), ...starting])
        stop.abort(new TesseraError("cancelled", "the server ended"));
    },
  };
};

/** Reads the state of the project's warehouse; it is opened for the moment only, as other processes write it. */
export const withState = async <T>(project: OpenProject, work: (state: State) => T | Promise<T>): Promise<T> => {
  const state = openState(project.warehouse);
  try {
    return await work(state);
  } finally {
    state.close();
  }
};
