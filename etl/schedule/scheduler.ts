/**
 * Runs the jobs' schedules: one scheduler for a warehouse, one load at a time, jobs that are due together in one load.
 */
import { phrase, TesseraError } from "../../engine/errors/index.ts";
import { required } from "../../engine/lookup.ts";
import type { ProjectSpec } from "../../engine/model/project.ts";
import {
  leaseHolder,
  openState,
  takeLease,
  type Lease,
  type LeaseHolder,
  type State,
} from "../../engine/warehouse/index.ts";
import { milliseconds } from "../declare/duration.ts";
import type { Schedule } from "../declare/job.ts";
import { jobsOf } from "../declare/project-parts.ts";
import { scheduleProblem } from "../declare/schedule.ts";
import { pausedJobs } from "../runs/control.ts";
import { listRuns } from "../runs/read-runs.ts";
import { backoff, worthRetrying } from "./backoff.ts";
import { loadsDue, type Scheduled } from "./catch-up.ts";

/** What the scheduler does. */
export type SchedulerEvent =
  | { readonly kind: "start"; readonly jobs: readonly string[]; readonly attempt: number }
  | { readonly kind: "done"; readonly jobs: readonly string[] }
  | {
      readonly kind: "failed";
      readonly jobs: readonly string[];
      readonly error: unknown;
      /** milliseconds until the next try; null for none */
      readonly again: number | null;
    }
  | { readonly kind: "skipped"; readonly jobs: readonly string[]; readonly because: string };

/** What the scheduler needs. */
export interface SchedulerOptions {
  readonly spec: ProjectSpec;
  /** folder of the warehouse */
  readonly warehouse: string;
  /** loads and publishes; rejects when nothing was published */
  readonly load: (jobs: readonly string[], signal: AbortSignal) => Promise<unknown>;
  /** the clock; tests fix it */
  readonly clock?: () => Date;
  /** in [0, 1); tests fix it */
  readonly random?: () => number;
  /** resolves after so many milliseconds, or when the signal is aborted */
  readonly pause?: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  readonly onEvent?: (event: SchedulerEvent) => void;
}

/** A running scheduler. */
export interface Scheduler {
  /** starts what is due now; resolves when all of it has ended */
  tick(): Promise<void>;
  /** stops the running load and releases the lease */
  close(): Promise<void>;
}

/** Name of the scheduler's lease. */
export const SCHEDULER_LEASE = "scheduler";

/** The process that runs the schedules of a warehouse; undefined if none does. */
export const schedulerHolder = (state: State): LeaseHolder | undefined => leaseHolder(state, SCHEDULER_LEASE);

const wait = (length: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, length);
    const stop = (): void => {
      clearTimeout(timer);
      resolve();
    };
    signal.addEventListener("abort", stop, { once: true });
  });

/** Opens a scheduler without a timer. @throws TesseraError `lease-held` if another process runs the schedules */
export const openScheduler = (options: SchedulerOptions): Scheduler => {
  const { spec, warehouse, clock = () => new Date(), onEvent } = options;
  const jobs: Scheduled[] = jobsOf(spec).flatMap(({ name, schedule }) =>
    schedule && scheduleProblem(schedule, spec.timeZone) === null ? [{ name, schedule }] : [],
  );
  const scheduleOf = new Map(jobs.map((job) => [job.name, job.schedule]));
  const state = openState(warehouse);
  const handledUntil = new Map<string, Date>();
  let lease: Lease;
  try {
    lease = takeSchedulerLease(state);
    // everything due since a job's last run was missed; a job that never ran has missed nothing
    for (const { name } of jobs) {
      const [last] = listRuns(state, { job: name, limit: 1 });
      handledUntil.set(name, new Date(last?.startedAt ?? clock()));
    }
  } catch (error) {
    state.close();
    throw error;
  }
  const stop = new AbortController();
  const waiting: string[][] = [];
  let running: ReadonlySet<string> = new Set();
  let work: Promise<void> | null = null;

  const drain = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined && !stop.signal.aborted; next = waiting.shift()) {
      running = new Set(next);
      await loadWithRetries(options, scheduleOf, stop.signal, next, 0);
      running = new Set();
    }
  };
  const isBusy = (name: string): boolean =>
    running.has(name) || (work !== null && waiting.some((names) => names.includes(name)));

  return {
    async tick() {
      if (stop.signal.aborted) return;
      const now = clock();
      const paused = pausedJobs(state);
      const active = jobs.filter(({ name }) => !paused.has(name));
      const due = loadsDue(active, (name) => required(handledUntil, name, "job"), now, spec.timeZone);
      // runs of a paused job stay missed until it is resumed
      for (const { name } of active) handledUntil.set(name, now);
      for (const names of due) {
        const skipped = names.filter((name) => isBusy(name) && (scheduleOf.get(name)?.overlap ?? "skip") === "skip");
        if (skipped.length > 0) onEvent?.({ kind: "skipped", jobs: skipped, because: "its last run is still at work" });
        const rest = names.filter((name) => !skipped.includes(name));
        if (rest.length > 0) waiting.push(rest);
      }
      work ??= drain().finally(() => {
        work = null;
      });
      await work;
    },
    async close() {
      stop.abort(new TesseraError("cancelled", "the scheduler ended"));
      await work;
      lease.release();
      state.close();
    },
  };
};

function takeSchedulerLease(state: State): Lease {
  const holder = schedulerHolder(state);
  if (holder)
    throw new TesseraError("lease-held", phrase`process ${holder.pid} has run the schedules since ${holder.since}`, {
      place: SCHEDULER_LEASE,
      remedy: "end that process to run the schedules here; one scheduler is enough",
    });
  return takeLease(state, `scheduler-${process.pid}`, SCHEDULER_LEASE);
}

/** Loads the jobs, and tries those again whose schedule allows it. @param number of the try, from 0 */
async function loadWithRetries(
  options: SchedulerOptions,
  scheduleOf: ReadonlyMap<string, Schedule>,
  stop: AbortSignal,
  names: readonly string[],
  number: number,
): Promise<void> {
  const { load, random = Math.random, pause = wait, onEvent } = options;
  const limit = timeoutOf(names.map((name) => scheduleOf.get(name)));
  const own = new AbortController();
  const timer = limit === null ? undefined : setTimeout(() => own.abort(tooLong(limit)), limit);
  onEvent?.({ kind: "start", jobs: names, attempt: number });
  try {
    await load(names, AbortSignal.any([stop, own.signal]));
    onEvent?.({ kind: "done", jobs: names });
  } catch (thrown) {
    const error: unknown = own.signal.aborted ? own.signal.reason : thrown;
    const left =
      stop.aborted || !worthRetrying(error)
        ? []
        : names.filter((name) => (scheduleOf.get(name)?.retries ?? 0) > number);
    const [next] = left;
    const again = next === undefined ? null : backoff(scheduleOf.get(next)?.backoff ?? "exponential", number, random);
    onEvent?.({ kind: "failed", jobs: names, error, again });
    if (again === null) return;
    await pause(again, stop);
    if (!stop.aborted) await loadWithRetries(options, scheduleOf, stop, left, number + 1);
  } finally {
    clearTimeout(timer);
  }
}

/** The sum of the jobs' timeouts; null if one of them has none. */
function timeoutOf(schedules: readonly (Schedule | undefined)[]): number | null {
  let sum = 0;
  for (const schedule of schedules) {
    if (schedule?.timeout === undefined) return null;
    sum += milliseconds(schedule.timeout);
  }
  return sum;
}

const tooLong = (limit: number): TesseraError =>
  new TesseraError("timeout", phrase`the load took longer than the timeouts of its jobs, ${limit / 1000} s`, {
    remedy: "raise the timeout of the jobs' schedules",
  });

/** Milliseconds between two ticks: often enough for minutes, and soon after a machine wakes. */
const TICK_EVERY = 15_000;

/** Starts a scheduler with its timer. @throws TesseraError `lease-held` if another process runs the schedules */
export const startScheduler = (options: SchedulerOptions): Scheduler => {
  const scheduler = openScheduler(options);
  const tick = (): void =>
    void scheduler
      .tick()
      .catch((error: unknown) => options.onEvent?.({ kind: "failed", jobs: [], error, again: null }));
  const timer = setInterval(tick, TICK_EVERY);
  tick();
  return {
    tick: scheduler.tick,
    close: () => {
      clearInterval(timer);
      return scheduler.close();
    },
  };
};
