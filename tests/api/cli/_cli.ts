/** The command line as a person starts it: a process of its own, in a folder of theirs. */
import { fork, spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const PACKAGE = fileURLToPath(new URL("../../..", import.meta.url));
const BIN = join(PACKAGE, "tessera.cjs");
const SESSION = fileURLToPath(new URL("_session-process.mjs", import.meta.url));

export interface Answer {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Start {
  /** the folder it is started in */
  readonly cwd: string;
  /** beside this process's environment */
  readonly env?: { readonly [name: string]: string };
  /** what is typed into it */
  readonly input?: string;
}

/** Starts `node tessera.cjs …`; the caller ends it. */
export function startTessera(args: readonly string[], { cwd, env = {} }: Start): ChildProcess {
  return spawn(process.execPath, [BIN, ...args], {
    cwd,
    env: { ...inherited(), ...env },
    stdio: ["pipe", "pipe", "pipe"],
  });
}

/** This process's environment without npm's own variables, which would point a command back to this package. */
const inherited = (): { readonly [name: string]: string | undefined } =>
  Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) =>
        name !== "INIT_CWD" && !name.startsWith("TESSERA_") && !name.startsWith("npm_") && !name.startsWith("VITEST"),
    ),
  );

/** Commands that run one after another in a process of their own. */
export interface Session {
  /** as `tessera`, without input */
  readonly tessera: (args: readonly string[], start: Omit<Start, "input">) => Promise<Answer>;
  readonly end: () => void;
}

/**
 * One process for many commands, where a test is about their answers: a start of its own takes a second. `tessera`
 * starts each command as a person does.
 */
export async function startSession(): Promise<Session> {
  const child = fork(SESSION, { env: { ...inherited(), UV_THREADPOOL_SIZE: "16" }, stdio: "inherit" });
  const message = (): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const ended = (code: number | null): void => reject(new Error(`the session ended with ${code}`));
      child.once("exit", ended);
      child.once("message", (said) => {
        child.off("exit", ended);
        resolve(said);
      });
    });
  await message();
  let last: Promise<unknown> = Promise.resolve();
  return {
    tessera: (args, { cwd, env = {} }) => {
      const answer = last.then(() => {
        const said = message();
        child.send({ args, cwd, env });
        return said as Promise<Answer>;
      });
      last = answer.catch(() => {});
      return answer;
    },
    end: () => void child.kill(),
  };
}

/** Runs `node tessera.cjs …` to its end. */
export function tessera(args: readonly string[], start: Start): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const child = startTessera(args, start);
    let [stdout, stderr] = ["", ""];
    child.stdout!.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
    });
    child.stderr!.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
    });
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, stdout, stderr }));
    child.stdin!.end(start.input ?? "");
  });
}

/** A folder outside the package, and its end. */
export function temporaryFolder(): { readonly folder: string; readonly remove: () => void } {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "tessera-cli-")));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
