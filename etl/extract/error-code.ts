import { phrase, type Message } from "../../engine/errors/index.ts";

/** The code of a driver's or Node's error, for example `ECONNREFUSED`; undefined without one. */
export const errorCode = (error: unknown): string | undefined =>
  typeof error === "object" && error !== null && "code" in error && typeof error.code === "string"
    ? error.code
    : undefined;

/** ` (CODE)`, or nothing: the end of a sentence about a failed connection. */
export const inBrackets = (code: string | undefined): Message =>
  code === undefined || code === "" ? phrase`` : phrase` (${code})`;
