/** Loads that the server starts, each in a process of its own, and their progress. */
import { TesseraError } from "../../engine/errors/index.ts";
import { runLoad, type Progress, type RunSummary } from "../../etl/index.ts";
import type { OpenProject } from "../../etl/project/open-project.ts";

export interface LoadRequest {
  /** names of jobs; default all */
  readonly jobs?: readonly string[];
  /** reads everything again; default false */
  readonly full?: boolean;
  /** does everything but publish; default false */
  readonly dryRun?: boolean;
}

type Settings = { readonly [name: string]: string | undefined };

/** Settings that a load's sources read while it runs. */
export interface LoadEnvironment {
  readonly environment: Settings;
  close(): Promise<void>;
}

/** Fixed settings, or a function that opens them for each load: source systems that live only during a load. */
export type Environments = Settings | (() => Promise<LoadEnvironment>);

export interface Loads {
  /**
   * Starts a load and resolves to its run's id as soon as it has one.
   * @throws TesseraError when the load cannot start, for example `lease-held`
   */
  start(request: LoadRequest): Promise<string>;
  /** Runs a load to its end. @throws TesseraError when nothing was published */
  run(request: LoadRequest, startedBy: string, signal: AbortSignal): Promise<RunSummary>;
  /** the latest progress of a run that this server started */
  progress(run: string): Progress | undefined;
  /** Stops a run that this server started; false when it is not running. */
  cancel(run: string): boolean;
  /** Stops all runs; nothing of them is published. */
  close(): void;
}

/** @param environments settings of the sources; default those of this process */
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
        stop.abort(new TesseraError("cancelled", "the server stopped"));
    },
  };
};
