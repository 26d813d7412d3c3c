/** The last answers, by everything that changes them: data version, definition, day, role and the query itself. */
import type { Result } from "../../engine/query/query.ts";

export interface ResultCache {
  get(key: string): Promise<Result> | undefined;
  set(key: string, result: Promise<Result>): void;
  readonly size: number;
}

/** Rows above which an answer is not worth keeping. */
const MOST_ROWS = 5_000;

/** Least recently used goes first. Failed answers are not kept; the same question asked twice at once is answered once. */
export const resultCache = (entries = 400): ResultCache => {
  const kept = new Map<string, Promise<Result>>();
  return {
    get(key) {
      const found = kept.get(key);
      if (found) { kept.delete(key); kept.set(key, found); }
      return found;
    },
    set(key, result) {
      kept.set(key, result);
      if (kept.size > entries) kept.delete(kept.keys().next().value!);
      result.then((r) => { if (r.rows.length > MOST_ROWS && kept.get(key) === result) kept.delete(key); }, () => { if (kept.get(key) === result) kept.delete(key); });
    },
    get size() { return kept.size; },
  };
};
