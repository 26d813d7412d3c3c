/** The last answers. A key holds all that decides an answer: data version, definition, day, role and question. */
import { LRUCache } from "lru-cache";

export interface ResultCache {
  get(key: string): Promise<unknown> | undefined;
  set(key: string, answer: Promise<unknown>): void;
  readonly size: number;
}

/** Larger answers are not kept. */
const MOST_ROWS = 5_000;

const rowsOf = (answer: unknown): number => {
  const rows = typeof answer === "object" && answer !== null && "rows" in answer ? answer.rows : null;
  return Array.isArray(rows) ? rows.length : 0;
};

/**
 * Keeps promises, so the same question asked twice at once is computed once. Failed answers are dropped.
 * @param entries answers kept; the least recently used goes first
 */
export const resultCache = (entries = 400): ResultCache => {
  const kept = new LRUCache<string, Promise<unknown>>({ max: entries });
  const drop = (key: string, answer: Promise<unknown>): void => {
    if (kept.peek(key) === answer) kept.delete(key);
  };
  return {
    get: (key) => kept.get(key),
    set(key, answer) {
      kept.set(key, answer);
      answer.then(
        (value) => {
          if (rowsOf(value) > MOST_ROWS) drop(key, answer);
        },
        () => drop(key, answer),
      );
    },
    get size() {
      return kept.size;
    },
  };
};
