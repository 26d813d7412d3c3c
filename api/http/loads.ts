/** Starting loads from the server, each in a process of its own, and following them while they run. */
import { TesseraError } from "../../engine/errors.ts";
import { openState, type State } from "../../engine/warehouse/index.ts";
import { runLoad, type Progress } from "../../etl/index.ts";
import type { OpenProject } from "../../etl/project.ts";

export interface LoadRequest {
  /** names; all jobs without them */
  readonly jobs?: readonly string[];
  readonly full?: boolean;
  readonly dryRun?: boolean;
}

export interface Loads {
  /** Starts a load and answers its run's id as soon as it has one. @throws TesseraError of a load that could not start, such as `lease-held` */
  start(request: LoadRequest): Promise<string>;
  /** the last word of a run that this server started */
  progress(run: string): Progress | undefined;
  /** asks a run that this server started to stop; false where it is not running */
  cancel(run: string): boolean;
  /** stops what runs; nothing is published then */
  close(): void;
}

/** @param environment what the sources' settings are read from */
export const loadManager = (project: OpenProject, environment: { readonly [name: string]: string | undefined } | undefined): Loads => {
  const latest = new Map<string, Progress>();
  const running = new Map<string, AbortController>();
  const starting = new Set<AbortController>();
  return {
    start: (request) =>
      new Promise((resolve, reject) => {
        const stop = new AbortController();
        starting.add(stop);
        let id: string | undefined;
        runLoad({
          folder: project.folder, ...request, startedBy: "page", signal: stop.signal, ...(environment && { environment }),
          onProgress: (progress) => {
            latest.set(progress.run, progress);
            if (id !== undefined) return;
            id = progress.run;
            running.set(id, stop);
            starting.delete(stop);
            resolve(id);
          },
        })
          .then((run) => { resolve(run.id); return project.refresh(); }, (error: unknown) => reject(error))
          .catch((error: unknown) => reject(error))
          .finally(() => { starting.delete(stop); if (id !== undefined) running.delete(id); });
      }),
    progress: (run) => latest.get(run),
    cancel(run) {
      running.get(run)?.abort(new TesseraError("cancelled", "the load was cancelled"));
      return running.has(run);
    },
    close() { for (const stop of [...running.values(), ...starting]) stop.abort(new TesseraError("cancelled", "the server ended")); },
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
