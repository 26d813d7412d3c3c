/** Runs the jobs' schedules: one scheduler a warehouse, one load at a time, what is due together as one load. */
import { TesseraError, phrase } from "../../engine/errors/index.ts";
import type { ProjectSpec } from "../../engine/model/project.ts";
import { leaseHolder, openState, takeLease, type LeaseHolder, type State } from "../../engine/warehouse/index.ts";
import { pausedJobs } from "../runs/control.ts";
import { listRuns } from "../runs/read-runs.ts";
import { jobsOf } from "../declare/project-parts.ts";
import { backoff, worthRetrying } from "./backoff.ts";
import { milliseconds } from "../declare/duration.ts";
import { loadsDue, type Scheduled } from "./catch-up.ts";
import { scheduleProblem } from "../declare/schedule.ts";

export type SchedulerEvent =
  | { readonly kind: "start"; readonly jobs: readonly string[]; readonly attempt: number }
  | { readonly kind: "done"; readonly jobs: readonly string[] }
  | {
      readonly kind: "failed";
      readonly jobs: readonly string[];
      readonly error: unknown /** milliseconds until the next try; null: there is none */;
      readonly again: number | null;
    }
  | { readonly kind: "skipped"; readonly jobs: readonly string[]; readonly because: string };

export interface SchedulerOptions {
  readonly spec: ProjectSpec;
  readonly warehouse: string;
  /** loads and publishes; resolves when it is done, rejects when nothing was published */
  readonly load: (jobs: readonly string[], signal: AbortSignal) => Promise<unknown>;
  readonly clock?: () => Date;
  readonly random?: () => number;
  /** resolves after so many milliseconds, or earlier when the signal is aborted */
  readonly pause?: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  readonly onEvent?: (event: SchedulerEvent) => void;
}

export interface Scheduler {
  /** Looks at the clock and starts what is due; resolves when nothing of it is left to do. */
  tick(): Promise<void>;
  /** Stops what runs, lets the lease go. */
  close(): Promise<void>;
}

export const SCHEDULER_LEASE = "scheduler";

/** Who runs the schedules of a warehouse; undefined when nobody does. */
export const schedulerHolder = (state: State): LeaseHolder | undefined => leaseHolder(state, SCHEDULER_LEASE);

const wait = (length: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, length);
    signal.addEventListener(
      "abort",
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
  });

/** @throws TesseraError `lease-held` where another process runs this warehouse's schedules */
export const openScheduler = (options: SchedulerOptions): Scheduler => {
  const { spec, warehouse, load, clock = () => new Date(), random = Math.random, pause = wait, onEvent } = options;
  const jobs: Scheduled[] = jobsOf(spec).flatMap((job) =>
    job.schedule && scheduleProblem(job.schedule, spec.timeZone) === null
      ? [{ name: job.name, schedule: job.schedule }]
      : [],
  );
  const scheduleOf = new Map(jobs.map((job) => [job.name, job.schedule]));
  const state = openState(warehouse);
  let lease;
  const seen = new Map<string, Date>();
  try {
    const holder = schedulerHolder(state);
    if (holder)
      throw new TesseraError(
        "lease-held",
        phrase`process ${holder.pid} runs this warehouse's schedules since ${holder.since}`,
        {
          place: SCHEDULER_LEASE,
          remedy: "one scheduler is enough: this process serves without; end the other one to take over",
        },
      );
    lease = takeLease(state, `scheduler-${process.pid}`, SCHEDULER_LEASE);
    // what was due since a job's last run, by whomever it was started, was missed; a job that never ran has missed nothing
    for (const { name } of jobs)
      seen.set(name, new Date(listRuns(state, { job: name, limit: 1 })[0]?.startedAt ?? clock()));
  } catch (error) {
    state.close();
    throw error;
  }
  const stop = new AbortController();
  const waiting: string[][] = [];
  let running: ReadonlySet<string> = new Set();
  let work: Promise<void> | null = null;

  const attempt = async (names: readonly string[], number: number): Promise<void> => {
    const limits = names.map((name) => scheduleOf.get(name)!.timeout);
    const limit = limits.every((l) => l !== undefined) ? limits.reduce((sum, l) => sum + milliseconds(l!), 0) : null;
    const own = new AbortController();
    const timer =
      limit === null
        ? null
        : setTimeout(
            () =>
              own.abort(
                new TesseraError(
                  "timeout",
                  phrase`the load took longer than its jobs' timeouts together, ${limit / 1000} s`,
                ),
              ),
            limit,
          );
    onEvent?.({ kind: "start", jobs: names, attempt: number });
    try {
      await load(names, AbortSignal.any([stop.signal, own.signal]));
      onEvent?.({ kind: "done", jobs: names });
    } catch (thrown) {
      const error: unknown = own.signal.aborted ? own.signal.reason : thrown;
      const left =
        stop.signal.aborted || !worthRetrying(error)
          ? []
          : names.filter((name) => (scheduleOf.get(name)!.retries ?? 0) > number);
      const again =
        left.length === 0 ? null : backoff(scheduleOf.get(left[0]!)!.backoff ?? "exponential", number, random);
      onEvent?.({ kind: "failed", jobs: names, error, again });
      if (again === null) return;
      await pause(again, stop.signal);
      if (!stop.signal.aborted) await attempt(left, number + 1);
    } finally {
      if (timer) clearTimeout(timer);
    }
  };

  const drain = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined && !stop.signal.aborted; next = waiting.shift()) {
      running = new Set(next);
      await attempt(next, 0);
      running = new Set();
    }
  };

  return {
    async tick() {
      if (stop.signal.aborted) return;
      const now = clock();
      const paused = pausedJobs(state);
      const awake = jobs.filter(({ name }) => !paused.has(name));
      const due = loadsDue(awake, (name) => seen.get(name)!, now, spec.timeZone);
      // what a paused job misses is missed until it is resumed
      for (const { name } of awake) seen.set(name, now);
      for (const names of due) {
        const busy = names.filter(
          (name) =>
            (running.has(name) || (work !== null && waiting.some((w) => w.includes(name)))) &&
            (scheduleOf.get(name)!.overlap ?? "skip") === "skip",
        );
        if (busy.length > 0) onEvent?.({ kind: "skipped", jobs: busy, because: "its last run is still at work" });
        const rest = names.filter((name) => !busy.includes(name));
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

/** How often the clock is looked at: often enough for minutes, and soon after a machine wakes. */
const LOOK_EVERY = 15_000;

/** The scheduler with its timer. */
export const startScheduler = (options: SchedulerOptions): Scheduler => {
  const scheduler = openScheduler(options);
  const look = (): void =>
    void scheduler
      .tick()
      .catch((error: unknown) => options.onEvent?.({ kind: "failed", jobs: [], error, again: null }));
  const timer = setInterval(look, LOOK_EVERY);
  look();
  return {
    tick: scheduler.tick,
    close: () => {
      clearInterval(timer);
      return scheduler.close();
    },
  };
};
