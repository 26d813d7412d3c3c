/** The lease to write the warehouse: one running process at a time. */
import { TesseraError, phrase } from "../errors/index.ts";
import { isAlive, thisProcess } from "./process-identity.ts";
import { immediately, type State } from "./state.ts";

export interface Lease {
  readonly run: string;
  release(): void;
}

export interface LeaseHolder {
  readonly run: string;
  readonly pid: number;
  readonly since: string;
}

interface LeaseRow {
  readonly run: string;
  readonly pid: number;
  readonly process_started: string;
  readonly taken_at: string;
}

/** The process that has the lease; undefined where no running process does. */
export function leaseHolder(state: State, name = "warehouse"): LeaseHolder | undefined {
  const row = state.prepare("SELECT run, pid, process_started, taken_at FROM leases WHERE name = ?").get(name) as
    | LeaseRow
    | undefined;
  if (row === undefined || !isAlive({ pid: row.pid, started: row.process_started })) return undefined;
  return { run: row.run, pid: row.pid, since: row.taken_at };
}

/** Takes the lease; one whose process has ended is taken over. @throws TesseraError `lease-held` with the holder */
export function takeLease(state: State, run: string, name = "warehouse"): Lease {
  const me = thisProcess();
  immediately(state, () => {
    const holder = leaseHolder(state, name);
    if (holder !== undefined) {
      throw new TesseraError(
        "lease-held",
        phrase`run ${holder.run} has been writing the warehouse since ${holder.since} (process ${holder.pid})`,
        {
          place: name,
          remedy: { action: "show-progress" },
        },
      );
    }
    state
      .prepare("INSERT OR REPLACE INTO leases (name, run, pid, process_started, taken_at) VALUES (?, ?, ?, ?, ?)")
      .run(name, run, me.pid, me.started, new Date().toISOString());
  });
  return {
    run,
    release: () =>
      void state.prepare("DELETE FROM leases WHERE name = ? AND run = ? AND pid = ?").run(name, run, me.pid),
  };
}

/** Takes the lease as soon as it is free. @throws TesseraError `lease-held` after `patience` milliseconds */
export async function awaitLease(
  state: State,
  run: string,
  patience: number,
  onWait?: (holder: LeaseHolder | undefined) => void,
): Promise<Lease> {
  const until = Date.now() + patience;
  for (let told = false; ; told = true) {
    try {
      return takeLease(state, run);
    } catch (error) {
      if (!(error instanceof TesseraError) || error.code !== "lease-held" || Date.now() >= until) throw error;
      if (!told) onWait?.(leaseHolder(state));
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
