/** `tessera serve`. */
import { InvalidArgumentError, type Command } from "commander";
import type { TesseraError } from "../../engine/errors/index.ts";
import { openProject } from "../../etl/project/open-project.ts";
import { repairWarehouse } from "../../etl/run/repair.ts";
import type { Environments } from "../services/loads.ts";
import { startServer } from "../server.ts";
import type { CommandContext } from "./context.ts";

export interface ServeFlags {
  readonly port: number;
  readonly host: string;
  readonly schedule?: boolean;
  readonly shadow?: number;
}

const DEFAULT_PORT = 4100;

export function servingOptions(command: Command): Command {
  return command
    .option(
      "--port <n>",
      "port to listen on; default PORT in the environment",
      port,
      port(process.env["PORT"] ?? String(DEFAULT_PORT)),
    )
    .option("--host <name>", "a loopback name; other hosts need users", "127.0.0.1")
    .option("--shadow <n>", "answer one query in n again without rollups, and report differences", oneIn)
    .option("--schedule", "also run the jobs' schedules, unless another process does");
}

function port(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0 || value > 65_535)
    throw new InvalidArgumentError("use a whole number from 0 to 65535");
  return value;
}

function oneIn(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1)
    throw new InvalidArgumentError("use a whole number from 1; 100 checks one query in a hundred");
  return value;
}

export function register(program: Command, context: CommandContext): void {
  servingOptions(program.command("serve").description("serve the API and the web pages")).action((flags: ServeFlags) =>
    serveProject(
      context.folder,
      flags,
      context.isDemo ? async () => (await import("./demo-systems.ts")).openDemoSystems() : undefined,
    ),
  );
}

const scheduleText = (refused: TesseraError | null): string =>
  refused ? `schedules do not run here: ${refused.message}` : "the jobs' schedules run in this process";

/** Serves until SIGINT or SIGTERM; running answers are finished first. */
export async function serveProject(
  folder: string,
  { port, host, schedule = false, shadow }: ServeFlags,
  environment?: Environments,
): Promise<void> {
  const project = await openProject(
    folder,
    shadow === undefined
      ? {}
      : {
          shadow: {
            oneIn: shadow,
            onDifference: (query, differences) =>
              process.stderr.write(
                `warning: the answer without rollups differs in ${differences.length} cells, ` +
                  `first ${JSON.stringify(differences[0])}, for ${JSON.stringify(query)}: report it\n`,
              ),
          },
        },
  );
  if (Object.keys(project.spec.roles ?? {}).length > 0)
    process.stderr.write(
      "note: roles apply to callers in TypeScript; without users, everyone on this machine is the owner " +
        "and sees all data\n",
    );
  repairWarehouse(project.warehouse);
  for (const warning of project.warnings)
    process.stderr.write(`warning: ${warning.message}${warning.remedy ? ` — ${warning.remedy}` : ""}\n`);
  let server;
  try {
    server = await startServer({ project, port, host, schedule, warm: true, ...(environment && { environment }) });
  } catch (error) {
    await project.close();
    throw error;
  }
  const lines = [
    `${project.spec.title ?? project.spec.name} is served at ${server.url} (this machine only: no users ` +
      "are configured)",
    ...(schedule ? [scheduleText(server.notScheduled)] : []),
    "press Ctrl-C to stop",
  ];
  process.stdout.write(`${lines.join("\n")}\n`);
  await new Promise<void>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
  });
  await server.close();
  await project.close();
}
