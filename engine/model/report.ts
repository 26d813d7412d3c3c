/** How a check reports what it finds. */
import type { ErrorCode, Sentence } from "../errors/index.ts";

export type Report = (place: string, message: Sentence, remedy?: Sentence, code?: ErrorCode) => void;
