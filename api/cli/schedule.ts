/** `tessera schedule`. */
import { InvalidArgumentError, type Command } from "commander";
import type { Schedule } from "../../etl/index.ts";
import { clockChanges, listJobs, localTime, MOST_MISSED, nextRun, schedulerHolder, zoneOf } from "../../etl/index.ts";
import { loadConfig, warehouseFolder } from "../../etl/declare/config.ts";
import { openState } from "../../engine/warehouse/index.ts";
import type { CommandContext } from "./context.ts";
import { textTable } from "./run-text.ts";

const count = (text: string): number => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 50) throw new InvalidArgumentError("use a number from 1 to 50");
  return value;
};

export function register(program: Command, context: CommandContext): void {
  program
    .command("schedule")
    .description("list the next runs of each job, with time zone, clock changes and catch-up policy")
    .option("--next <n>", "number of runs per job", count, 3)
    .option("--json", "print JSON")
    .action(async (flags: { readonly next: number; readonly json?: boolean }) => {
      const spec = await loadConfig(context.folder);
      const state = openState(warehouseFolder(spec, context.folder));
      const { jobs, holder } = (() => {
        try {
          return { jobs: listJobs(spec, state), holder: schedulerHolder(state) ?? null };
        } finally {
          state.close();
        }
      })();
      const now = new Date();
      const scheduled = jobs.flatMap((job) =>
        job.schedule
          ? [
              {
                job,
                schedule: job.schedule,
                zone: zoneOf(job.schedule, spec.timeZone),
                runs: runsOf(job.schedule, now, spec.timeZone, flags.next),
              },
            ]
          : [],
      );
      const jobsJson = scheduled.map(({ job, schedule, zone, runs }) => ({
        job: job.name,
        schedule,
        zone,
        next: runs.map((run) => run.toISOString()),
        clockChanges: clockChanges(schedule, now, spec.timeZone),
      }));
      if (flags.json) {
        const scheduler = holder && { pid: holder.pid, since: holder.since };
        return void process.stdout.write(`${JSON.stringify({ scheduler, jobs: jobsJson }, null, 2)}\n`);
      }
      process.stdout.write(
        holder
          ? `process ${holder.pid} has run these schedules since ${holder.since}\n\n`
          : "no scheduler runs: start one with `tessera serve --schedule`\n\n",
      );
      if (scheduled.length === 0) return void process.stdout.write("no jobs have a schedule\n");
      process.stdout.write(
        textTable(
          ["job", "cron", "zone", "next runs", "retries", "overlap", "missed"],
          scheduled.map(({ job, schedule, zone, runs }) => [
            job.name,
            schedule.cron,
            zone,
            runs.length === 0 ? "never" : runs.map((r) => localTime(r, zone)).join(", "),
            `${schedule.retries ?? 0}${schedule.retries ? ` ${schedule.backoff ?? "exponential"}` : ""}`,
            schedule.overlap ?? "skip",
            schedule.catchUp ?? "latest",
          ]),
        ),
      );
      const changes = new Map<string, string>();
      for (const { schedule, zone } of scheduled) {
        for (const change of clockChanges(schedule, now, spec.timeZone)) {
          const runs = runsText(change.runs);
          const direction = change.minutes > 0 ? "forward" : "back";
          const words =
            `  ${zone}, ${localTime(change.at, zone)}: clocks go ${direction} ${Math.abs(change.minutes)} min; ` +
            `${schedule.cron} runs ${runs}\n`;
          changes.set(`${zone} ${schedule.cron} ${change.at.toISOString()}`, words);
        }
      }
      process.stdout.write(
        `\nClock changes of the coming year:\n${changes.size === 0 ? "  none\n" : [...changes.values()].join("")}`,
      );
      process.stdout.write(POLICY);
    });
}

const runsText = (runs: readonly string[]): string => {
  if (runs.length === 0) return "not on that day";
  return runs.length > 4 ? `${runs.length} times on that day` : `at ${runs.map((run) => run.slice(11)).join(", ")}`;
};

const POLICY = `
A time that a clock change skips is due at the first moment after it.
A time that occurs twice is due once, the first time.
Steps such as */30 continue in real time.
Jobs that are due in the same minute run as one load, in dependency order.
overlap: while the job's last run is in progress, a run is skipped, or waits with queue.
retries: after a failure that another try may fix, one minute later, doubling up to half an hour (fixed: every minute),
reduced at random by up to half. The timeout of a load is the sum of its jobs' timeouts, or none if one has none.
missed (no scheduler ran, or the machine slept): latest runs once, all runs every missed time,
at most ${MOST_MISSED}; none waits for the next time. A load by hand counts as a run.
`;

const runsOf = (schedule: Schedule, from: Date, projectZone: string | undefined, most: number): Date[] => {
  const runs: Date[] = [];
  for (
    let at = nextRun(schedule, from, projectZone);
    at !== null && runs.length < most;
    at = nextRun(schedule, at, projectZone)
  )
    runs.push(at);
  return runs;
};
