/** Lets only so many queries run at once, in the order they came, so that heavy ones do not take the threads of all others. */
export interface QueryGate {
  run<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T>;
  readonly running: number;
  readonly waiting: number;
}

export const queryGate = (atOnce: number): QueryGate => {
  let running = 0;
  const queue: (() => void)[] = [];
  const leave = (): void => {
    running--;
    queue.shift()?.();
  };
  return {
    async run(work, signal) {
      if (running >= atOnce) {
        await new Promise<void>((resolve, reject) => {
          const enter = (): void => {
            signal?.removeEventListener("abort", abandon);
            resolve();
          };
          const abandon = (): void => {
            queue.splice(queue.indexOf(enter), 1);
            reject(signal?.reason ?? new Error("aborted"));
          };
          if (signal?.aborted) return abandon();
          signal?.addEventListener("abort", abandon, { once: true });
          queue.push(enter);
        });
      }
      running++;
      try {
        return await work();
      } finally {
        leave();
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
