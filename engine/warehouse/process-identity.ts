/** A process, distinguished from a later one with the same number. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** A process and when it started. */
export interface ProcessIdentity {
  readonly pid: number;
  /** when it started, as the system writes it; empty where the system does not report it */
  readonly started: string;
}

/** The identity of a running process; undefined where none has this number. */
export function identify(pid: number): ProcessIdentity | undefined {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EPERM") return undefined;
  }
  return { pid, started: startOf(pid) };
}

/** Whether a process still runs. */
export const isAlive = (identity: ProcessIdentity): boolean => {
  const now = identify(identity.pid);
  return now !== undefined && (identity.started === "" || now.started === "" || now.started === identity.started);
};

/** The identity of this process. */
export const thisProcess = (): ProcessIdentity => ({ pid: process.pid, started: startOf(process.pid) });

function startOf(pid: number): string {
  try {
    if (process.platform === "linux") {
      // the command's name may contain blanks and brackets: fields are counted from its last closing bracket
      const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
      const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      // a zombie has a number but does no work
      return fields[0] === "Z" ? "gone" : (fields[19] ?? "");
    }
    return execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8" }).trim();
  } catch {
    return "";
  }
}
