/** `tessera notebook`: runs a notebook in a process of its own and writes its page. */
import { fork } from "node:child_process";
import { readdirSync } from "node:fs";
import type { Command } from "commander";
import { didYouMean, TesseraError, type ErrorCode, type Problem, phrase } from "../../engine/errors/index.ts";
import { ownProgram } from "../../engine/package.ts";
import { fromHere, type CommandContext } from "./context.ts";

const NOTEBOOKS = new URL("../../notebooks/", import.meta.url);
/** Files of the folder that are not notebooks. */
const PARTS = new Set(["frame", "page", "run", "words"]);
const PROGRAM = ownProgram("run", NOTEBOOKS.href);

interface Failure {
  readonly code: ErrorCode;
  readonly message: string;
  readonly problems: readonly Problem[];
}

export function register(program: Command, context: CommandContext): void {
  program
    .command("notebook")
    .description("run a notebook and write its page; without a name, list the notebooks")
    .argument("[name]", "a notebook")
    .option("--out <file>", "the HTML file; default the notebook's name in this folder")
    .action(async (name: string | undefined, flags: { readonly out?: string }) => {
      const known = readdirSync(NOTEBOOKS)
        .flatMap((file) => /^([\w-]+)\.[jt]s$/.exec(file)?.[1] ?? [])
        .filter((file) => !PARTS.has(file));
      if (name === undefined) return void process.stdout.write(`${known.join("\n")}\n`);
      if (!known.includes(name))
        throw new TesseraError("usage", phrase`notebook "${name}" not found${didYouMean(name, known)}`, {
          remedy: phrase`use one of ${known.join(", ")}`,
        });
      const out = fromHere(flags.out ?? `${name}.html`);
      await runNotebook(name, context.folder, out);
      process.stdout.write(`${out}\n`);
    });
}

function runNotebook(name: string, folder: string, out: string): Promise<void> {
  return new Promise((resolve, reject) => {
    // danfojs prints TensorFlow hints on standard output, which is reserved for the command's result
    const child = fork(PROGRAM.path, [name, folder, out], {
      stdio: ["ignore", "ignore", "inherit", "ipc"],
      execArgv: [...PROGRAM.execArgv],
    });
    let failure: Failure | null = null;
    child.on("message", (message) => {
      failure = message as Failure | null;
    });
    child.once("error", reject);
    child.once("close", (code) => {
      if (code === 0) resolve();
      else if (failure) reject(new TesseraError(failure.code, failure.message, { problems: failure.problems }));
      else reject(new Error(`the notebook ${name} ended with ${code}`));
    });
  });
}
