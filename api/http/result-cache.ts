/** The last answers, by everything that changes them: data version, definition, day, role and the question itself. */
export interface ResultCache {
  get(key: string): Promise<unknown> | undefined;
  set(key: string, answer: Promise<unknown>): void;
  readonly size: number;
}

/** Rows above which an answer is not worth keeping. */
const MOST_ROWS = 5_000;

const rowsOf = (answer: unknown): number => {
  const rows = typeof answer === "object" && answer !== null && "rows" in answer ? answer.rows : null;
  return Array.isArray(rows) ? rows.length : 0;
};

/** Least recently used goes first. Failed answers are not kept; the same question asked twice at once is answered once. */
export const resultCache = (entries = 400): ResultCache => {
  const kept = new Map<string, Promise<unknown>>();
  const drop = (key: string, answer: Promise<unknown>): void => {
    if (kept.get(key) === answer) kept.delete(key);
  };
  return {
    get(key) {
      const found = kept.get(key);
      if (found) {
        kept.delete(key);
        kept.set(key, found);
      }
      return found;
    },
    set(key, answer) {
      kept.set(key, answer);
      if (kept.size > entries) kept.delete(kept.keys().next().value!);
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
