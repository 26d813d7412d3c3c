/**
 * Runs test files on a mutant. One Vitest stays open in a process of its own, so that a mutant costs its tests and not a
 * start; where it hangs, it is killed and another one started.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

export interface Judgement {
  /** the first test that failed, or why there is none; undefined when all passed */
  readonly by: string | undefined;
}

export interface Judge {
  /** @param changed the mutated file, absolute; @param most milliseconds after which it counts as hanging */
  run(changed: string, tests: readonly string[], most: number): Promise<Judgement>;
  close(): void;
}

/** @param root a copy of the sources, whose files the caller changes */
export function openJudge(root: string): Judge {
  let child: ChildProcess | undefined;
  const stop = (): void => {
    // its test processes are in its group
    if (child?.pid !== undefined && child.exitCode === null) process.kill(-child.pid, "SIGKILL");
    child = undefined;
  };
  return {
    async run(changed, tests, most) {
      if (child === undefined || child.exitCode !== null) {
        child = spawn(
          process.execPath,
          [fileURLToPath(new URL("judge-process.ts", import.meta.url)), root].toSpliced(0, 0, ...process.execArgv),
          { cwd: root, stdio: ["ignore", "ignore", "ignore", "ipc"], detached: true },
        );
      }
      const running = child;
      running.send({ changed, tests });
      const waiting = new AbortController();
      const timer = setTimeout(() => waiting.abort(), most);
      try {
        const answer = await Promise.race([
          once(running, "message", { signal: waiting.signal }).then(([told]) => told as Judgement),
          once(running, "exit", { signal: waiting.signal }).then(() => ({ by: "the test process ended" })),
        ]);
        return answer;
      } catch (error) {
        if (!waiting.signal.aborted) throw error;
        stop();
        return { by: `no end within ${Math.round(most / 1000)} s` };
      } finally {
        clearTimeout(timer);
        waiting.abort();
      }
    },
    close: stop,
  };
}
