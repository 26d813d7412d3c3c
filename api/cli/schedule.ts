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
  if (!Number.isInteger(value) || value < 1 || value > 50) throw new InvalidArgumentError("give a number from 1 to 50");
  return value;
};

export function register(program: Command, context: CommandContext): void {
  program
    .command("schedule")
    .description("the next runs of each job, with zone, daylight-saving and catch-up policy spelled out")
    .option("--next <n>", "runs of each job", count, 3)
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
      if (flags.json)
        return void process.stdout.write(
          `${JSON.stringify({ scheduler: holder && { pid: holder.pid, since: holder.since }, jobs: scheduled.map(({ job, schedule, zone, runs }) => ({ job: job.name, schedule, zone, next: runs.map((r) => r.toISOString()), clockChanges: clockChanges(schedule, now, spec.timeZone) })) }, null, 2)}\n`,
        );
      process.stdout.write(
        holder
          ? `process ${holder.pid} runs these schedules since ${holder.since}\n\n`
          : "no scheduler runs: start one with `tessera serve --schedule`\n\n",
      );
      if (scheduled.length === 0) return void process.stdout.write("no job has a schedule\n");
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
          const words = `  ${zone}, ${localTime(change.at, zone)}: clocks go ${change.minutes > 0 ? "forward" : "back"} ${Math.abs(change.minutes)} min; ${schedule.cron} runs ${change.runs.length === 0 ? "not on that day" : change.runs.length > 4 ? `${change.runs.length} times on that day` : `at ${change.runs.map((r) => r.slice(11)).join(", ")}`}\n`;
          changes.set(`${zone} ${schedule.cron} ${change.at.toISOString()}`, words);
        }
      }
      process.stdout.write(
        `\nClock changes of the coming year:\n${changes.size === 0 ? "  none\n" : [...changes.values()].join("")}`,
      );
      process.stdout.write(`
A time that the clock leaves out (the gap) is due at the first moment after it; a time that comes twice (the repeat) is due once, the first time. Steps such as */30 go on in real time.
Jobs that are due in the same minute run as one load, in dependency order. overlap: a run that finds the job's last one still at work is skipped, or with queue waits for it.
retries: after a failure that another try may mend, a minute later, doubling up to half an hour (fixed: each a minute), up to half of it less by chance. A timeout counts for the whole load: its jobs' timeouts together, none where one has none.
missed (no scheduler ran, or the machine slept): latest runs once, all runs each time missed but at most ${MOST_MISSED}, none waits for the next time. A load by hand counts as a run.
`);
    });
}

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
