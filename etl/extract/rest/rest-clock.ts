/** Clock and randomness of requests; tests fix both. */

/** Clock and randomness of requests. */
export interface RestClock {
  /** milliseconds since 1970 */
  readonly now: () => number;
  /** rejects with the signal's reason when it is aborted */
  readonly sleep: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
  /** in [0, 1) */
  readonly random: () => number;
}

const pause = (milliseconds: number, signal?: AbortSignal): Promise<void> =>
  new Promise((done, fail) => {
    const stop = (): void => {
      clearTimeout(timer);
      fail(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", stop);
      done();
    }, milliseconds);
    if (signal?.aborted) stop();
    else signal?.addEventListener("abort", stop, { once: true });
  });

/** The system's clock. */
export const systemClock: RestClock = { now: Date.now, sleep: pause, random: Math.random };
