/** Limits how many queries run at once, first come first served, so that heavy ones leave threads to the others. */
export interface QueryGate {
  /** Runs `work` when its turn comes. @throws the signal's reason when the caller gives up waiting */
  run<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T>;
  readonly running: number;
  readonly waiting: number;
}

/** @param atOnce queries that run at the same time */
export const queryGate = (atOnce: number): QueryGate => {
  let running = 0;
  const queue: (() => void)[] = [];
  const turn = (signal: AbortSignal | undefined): Promise<void> =>
    new Promise((resolve, reject) => {
      const enter = (): void => {
        signal?.removeEventListener("abort", abandon);
        resolve();
      };
      const abandon = (): void => {
        const place = queue.indexOf(enter);
        if (place >= 0) queue.splice(place, 1);
        reject(signal?.reason ?? new Error("aborted"));
      };
      if (signal?.aborted) return abandon();
      signal?.addEventListener("abort", abandon, { once: true });
      queue.push(enter);
    });
  return {
    async run(work, signal) {
      if (running >= atOnce) await turn(signal);
      running++;
      try {
        return await work();
      } finally {
        running--;
        queue.shift()?.();
      }
    },
    get running() {
      return running;
    },
    get waiting() {
      return queue.length;
    },
  };
};
