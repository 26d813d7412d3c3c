/** Schedules and notices that a server runs, and their lines in its log. */
import { TesseraError } from "../engine/errors/index.ts";
import { noticesOf, sendNotices, startScheduler, type Scheduler, type SchedulerEvent } from "../etl/index.ts";
import type { OpenProject } from "../etl/project/open-project.ts";
import type { Loads } from "./services/loads.ts";
import { withProjectState } from "./services/project-state.ts";
import type { Log } from "./services/services.ts";

/** How often failed jobs and stale data are looked for. */
const NOTICE_EVERY_MS = 60_000;

export interface SchedulingOptions {
  readonly project: OpenProject;
  readonly loads: Loads;
  readonly log: Log;
  readonly clock?: (() => Date) | undefined;
}

export interface Scheduling {
  /** why another process runs the schedules; null when this one does */
  readonly refused: TesseraError | null;
  /** Stops the schedules; running loads end by themselves. */
  close(): void;
}

const eventText = (event: SchedulerEvent): string => {
  const jobs = event.jobs.join(", ");
  switch (event.kind) {
    case "start":
      return `scheduled: ${jobs}${event.attempt > 0 ? `, try ${event.attempt + 1}` : ""}`;
    case "done":
      return `scheduled load done: ${jobs}`;
    case "skipped":
      return `skipped ${jobs}: ${event.because}`;
    case "failed":
      return event.again === null
        ? `scheduled load failed: ${jobs}; no further try`
        : `scheduled load failed: ${jobs}; next try in ${Math.round(event.again / 1000)} s`;
  }
};

const logEvent = (event: SchedulerEvent, log: Log): void =>
  event.kind === "failed"
    ? log({ level: "error", message: eventText(event), error: event.error })
    : log({ level: "info", message: eventText(event) });

/** Sends the project's notices about failed jobs and stale data. */
const sendAll = async ({ project, log, clock }: SchedulingOptions): Promise<void> => {
  try {
    const sent = await withProjectState(project, (state) =>
      sendNotices({ spec: project.spec, state, warehouse: project.warehouse, ...(clock && { now: clock }) }),
    );
    for (const { notice, trouble, how, error } of sent) {
      const reason = error === undefined ? "" : `: ${error}`;
      const message = `notice ${notice}: ${trouble.job} ${trouble.kind}, ${how}${reason}`;
      log({ level: how === "failed" ? "error" : "info", message });
    }
  } catch (error) {
    log({ level: "error", message: "notices cannot be sent", error });
  }
};

/** Runs the schedules here, each load in a process of its own, unless another process runs them already. */
export const startScheduling = (options: SchedulingOptions): Scheduling => {
  const { project, loads, log, clock } = options;
  const hasNotices = noticesOf(project.spec).length > 0;
  const notify = (): void => {
    if (hasNotices) void sendAll(options);
  };
  let scheduler: Scheduler;
  try {
    scheduler = startScheduler({
      spec: project.spec,
      warehouse: project.warehouse,
      load: (jobs, signal) => loads.run({ jobs }, "schedule", signal),
      onEvent(event) {
        logEvent(event, log);
        // a failure without a further try is reported at once, all else within the minute
        if (event.kind === "failed" && event.again === null) notify();
      },
      ...(clock && { clock }),
    });
  } catch (error) {
    if (error instanceof TesseraError && error.code === "lease-held") return { refused: error, close: () => undefined };
    throw error;
  }
  const timer = hasNotices ? setInterval(notify, NOTICE_EVERY_MS) : null;
  return {
    refused: null,
    close() {
      if (timer) clearInterval(timer);
      scheduler
        .close()
        .catch((error: unknown) => log({ level: "error", message: "the scheduler did not stop cleanly", error }));
    },
  };
};
