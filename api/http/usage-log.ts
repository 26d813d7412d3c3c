/** The query log: who asked what and how long it took. Written together after a moment, so that no answer waits for it. */
import { logUsage, openState, type UsageEntry } from "../../engine/warehouse/index.ts";

export interface UsageLog {
  add(entry: UsageEntry): void;
  /** writes what is waiting */
  flush(): void;
}

/** Entries wait this long, and at most this many. */
const WAIT_MS = 2000;
const MOST_WAITING = 500;

/** @param onError told where the state cannot be written; answers go on */
export const usageLog = (warehouse: string, onError: (error: unknown) => void): UsageLog => {
  let waiting: UsageEntry[] = [];
  let timer: NodeJS.Timeout | undefined;
  const flush = (): void => {
    clearTimeout(timer);
    timer = undefined;
    const entries = waiting;
    waiting = [];
    if (entries.length === 0) return;
    try {
      const state = openState(warehouse);
      try {
        state.transaction(() => { for (const entry of entries) logUsage(state, entry); })();
      } finally {
        state.close();
      }
    } catch (error) {
      onError(error);
    }
  };
  return {
    add(entry) {
      waiting.push(entry);
      if (waiting.length >= MOST_WAITING) flush();
      else if (timer === undefined) { timer = setTimeout(flush, WAIT_MS); timer.unref(); }
    },
    flush,
  };
};
