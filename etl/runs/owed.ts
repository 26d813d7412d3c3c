/**
 * Notes to the state that a full disk did not take: how a run ended, that its lease is free. They must not hide how the load went, and
 * are made good when this process next writes there; when it ends before, the next process settles the run as one that died.
 */
import type { State } from "../../engine/warehouse/index.ts";

type Note = (state: State) => void;
const owed = new Map<string, readonly Note[]>();

/** Writes the note, or keeps it for later where there is no space; false then. Other errors are thrown. */
export function noteOrOwe(warehouse: string, state: State, note: Note): boolean {
  try {
    note(state);
    return true;
  } catch (error) {
    if (
      !/disk is full|SQLITE_FULL|SQLITE_IOERR|ENOSPC|disk I\/O error/i.test(
        `${(error as { readonly code?: string }).code ?? ""} ${error instanceof Error ? error.message : String(error)}`,
      )
    )
      throw error;
    owed.set(warehouse, [...(owed.get(warehouse) ?? []), note]);
    return false;
  }
}

/** Writes what is owed, in order; throws when there is still no space. */
export function payOwed(warehouse: string, state: State): void {
  for (const note of owed.get(warehouse) ?? []) {
    note(state);
    owed.set(warehouse, owed.get(warehouse)!.slice(1));
  }
}
