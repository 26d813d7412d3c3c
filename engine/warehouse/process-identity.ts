/** A process, told apart from a later one that was given the same number. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

export interface ProcessIdentity {
  readonly pid: number;
  /** the moment it started, in the system's own words; empty where the system does not tell */
  readonly started: string;
}

/** Identity of a live process; undefined when there is none with this number. */
export function identify(pid: number): ProcessIdentity | undefined {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EPERM") return undefined;
  }
  return { pid, started: startOf(pid) };
}

export const isAlive = (identity: ProcessIdentity): boolean => {
  const now = identify(identity.pid);
  return now !== undefined && (identity.started === "" || now.started === "" || now.started === identity.started);
};

export const thisProcess = (): ProcessIdentity => ({ pid: process.pid, started: startOf(process.pid) });

function startOf(pid: number): string {
  try {
    if (process.platform === "linux") {
      // the command's name may hold blanks and brackets, so fields are counted from its last closing bracket
      const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
      const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      // a zombie holds a number but does no work
      return fields[0] === "Z" ? "gone" : (fields[19] ?? "");
    }
    return execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8" }).trim();
  } catch {
    return "";
  }
}
