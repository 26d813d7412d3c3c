/**
 * Records that a full disk prevented, such as how a run ended. They must not hide the load's own result: they are
 * written when this process next writes the state; if it ends before, the next process settles the run as one that
 * died.
 */
import { errorCode } from "../extract/error-code.ts";
import type { State } from "../../engine/warehouse/index.ts";

/** Writes a record. */
type Note = (state: State) => void;
const owed = new Map<string, readonly Note[]>();

/** Writes the record, or keeps it for later on a full disk. @returns whether it was written */
export function noteOrOwe(warehouse: string, state: State, note: Note): boolean {
  try {
    note(state);
    return true;
  } catch (error) {
    const text = `${errorCode(error) ?? ""} ${error instanceof Error ? error.message : String(error)}`;
    if (!/disk is full|SQLITE_FULL|SQLITE_IOERR|ENOSPC|disk I\/O error/i.test(text)) throw error;
    owed.set(warehouse, [...(owed.get(warehouse) ?? []), note]);
    return false;
  }
}

/** Writes the kept records in order. @throws Error when the disk is still full */
export function payOwed(warehouse: string, state: State): void {
  for (let [note, ...rest] = owed.get(warehouse) ?? []; note !== undefined; [note, ...rest] = rest) {
    note(state);
    owed.set(warehouse, rest);
  }
}
