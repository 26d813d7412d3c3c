/** `tessera cancel`, `pause` and `resume`. */
import type { Command } from "commander";
import { openState, type State } from "../../engine/warehouse/index.ts";
import { cancelRun, pauseJob, resumeJob } from "../../etl/index.ts";
import { loadConfig, warehouseFolder } from "../../etl/declare/config.ts";
import type { ProjectSpec } from "../../engine/model/project.ts";
import type { CommandContext } from "./context.ts";

export function register(program: Command, context: CommandContext): void {
  const open = async <T>(work: (spec: ProjectSpec, state: State) => T): Promise<T> => {
    const spec = await loadConfig(context.folder);
    const state = openState(warehouseFolder(spec, context.folder));
    try {
      return work(spec, state);
    } finally {
      state.close();
    }
  };
  const command = (
    name: string,
    description: string,
    argument: readonly [string, string],
    act: (spec: ProjectSpec, state: State, what: string) => readonly [value: unknown, text: string],
  ): void =>
    void program
      .command(name)
      .description(description)
      .argument(argument[0], argument[1])
      .option("--json", "print JSON")
      .action(async (what: string, flags: { readonly json?: boolean }) => {
        const [value, text] = await open((spec, state) => act(spec, state, what));
        process.stdout.write(flags.json ? `${JSON.stringify(value, null, 2)}\n` : `${text}\n`);
      });
  command(
    "cancel",
    "stop a running load or mining run; nothing of it is published",
    ["<run>", "the run's id, from `tessera loads`"],
    (_, state, run) => {
      const done = cancelRun(state, run);
      return [done, `asked run ${done.run} (process ${done.pid}) to stop`];
    },
  );
  command("pause", "pause a job's schedule", ["<job>", "the job's name"], (spec, state, job) => {
    pauseJob(spec, state, job, "owner", new Date());
    return [{ job, paused: true }, `paused the schedule of ${job}; \`tessera resume ${job}\` resumes it`];
  });
  command("resume", "resume a job's schedule", ["<job>", "the job's name"], (spec, state, job) => {
    resumeJob(spec, state, job);
    return [{ job, paused: false }, `resumed the schedule of ${job}`];
  });
}
