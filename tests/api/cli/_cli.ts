/** The command line as a person starts it: a process of its own, in a folder of his. */
import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const PACKAGE = fileURLToPath(new URL("../../..", import.meta.url));
const BIN = join(PACKAGE, "tessera.cjs");

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
  // npm's own variables would point it back to this package
  const inherited = Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) =>
        name !== "INIT_CWD" && !name.startsWith("TESSERA_") && !name.startsWith("npm_") && !name.startsWith("VITEST"),
    ),
  );
  return spawn(process.execPath, [BIN, ...args], {
    cwd,
    env: { ...inherited, ...env },
    stdio: ["pipe", "pipe", "pipe"],
  });
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
