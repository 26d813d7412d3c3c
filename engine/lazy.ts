/** A function whose module is loaded at its first call, so that declaring a project does not load everything. */
export const lazy = <F extends (...of: never[]) => Promise<unknown>>(from: () => Promise<F>): F =>
  (async (...of: Parameters<F>) => (await from())(...of)) as unknown as F;
