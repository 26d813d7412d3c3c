/**
 * A function whose module is read when it is first called: who declares a project does not wait for all that can be
 * done with one.
 */
export const lazy = <F extends (...of: never[]) => Promise<unknown>>(from: () => Promise<F>): F =>
  (async (...of: Parameters<F>) => (await from())(...of)) as unknown as F;
