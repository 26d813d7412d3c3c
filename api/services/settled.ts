/** Parts of a page that may fail while the rest is shown. Errors that no person can cause are always thrown. */
import { TesseraError } from "../../engine/errors/index.ts";

const ownFault = (error: unknown): TesseraError => {
  if (error instanceof TesseraError && error.code !== "cancelled") return error;
  throw error;
};

/** The value, or the error as a value. @throws all errors but TesseraError, and `cancelled` */
export const settled = <T>(work: Promise<T>): Promise<T | TesseraError> => work.catch(ownFault);

/** The value, or null when it cannot be computed. @throws all errors but TesseraError, and `cancelled` */
export const ignoreErrors = async <T>(work: Promise<T>): Promise<T | null> => {
  const found = await settled(work);
  return found instanceof TesseraError ? null : found;
};
