import { describeAction, PLAIN_ACTIONS, type Action, type ActionWords } from "./action.ts";
import { Message, render, withParameters, type Text } from "./message.ts";

/**
 * Every error that a person can cause or cure has a stable code, a place, and what to do next. A plain `Error` is a bug
 * in Tessera, and is reported as one.
 */
export type ErrorCode =
  // model and project
  | "project-not-found"
  | "project-invalid"
  | "model-invalid"
  // queries
  | "query-invalid"
  | "unknown-member"
  | "unrelated-dimension"
  | "filter-invalid"
  | "formula-invalid"
  | "too-large"
  | "timeout"
  // warehouse
  | "no-version"
  | "version-gone"
  | "version-damaged"
  | "file-busy"
  | "lease-held"
  | "disk-full"
  // loads
  | "job-invalid"
  | "source-unavailable"
  | "source-refused"
  | "schema-changed"
  | "check-failed"
  | "too-many-rejects"
  | "too-few-rows"
  | "load-failed"
  | "secret-missing"
  | "not-found"
  | "cancelled"
  // mining
  | "mining-invalid"
  | "too-little-data"
  // serving
  | "port-in-use"
  | "bad-request"
  | "unauthorized"
  | "forbidden"
  | "method-not-allowed"
  | "usage";

/** What to do about a problem: a text that fits every door, or an action that each door names in its own words. */
export type Remedy = string | Message | Action;

/**
 * One thing that is wrong, its place, and what to do about it; `message` and `remedy` are English and fit no particular
 * door.
 */
export interface Problem {
  readonly code: ErrorCode;
  readonly message: string;
  /** file, member, row or JSON path, for example `cubes/sales.cube.ts › sales.margin` or `$.filters[0].member` */
  readonly place?: string;
  /** what to do next, as a sentence */
  readonly remedy?: string;
  /** `message` with its parameters apart, for other languages */
  readonly text?: Text;
  /** `remedy` with its parameters apart, or the action that each door names in its own words */
  readonly cure?: Text | Action;
}

/** A problem from its parts. */
export function problem(
  code: ErrorCode,
  message: string | Message,
  more: { readonly place?: string; readonly remedy?: Remedy } = {},
): Problem {
  const { place, remedy } = more;
  return {
    code,
    message: String(message),
    ...(place && { place }),
    ...(remedy && { remedy: describeRemedy(remedy) }),
    ...(message instanceof Message && { text: message }),
    ...(remedy && typeof remedy !== "string" && { cure: remedy }),
  };
}

const isAction = (cure: Text | Action): cure is Action => typeof cure === "object" && "action" in cure;

/** A remedy in English. @param words how the door names its actions */
export function describeRemedy(
  remedy: Text | Action,
  words: ActionWords = PLAIN_ACTIONS,
  translate?: Translate,
): string {
  return isAction(remedy) ? describeAction(remedy, words) : render(remedy, translate);
}

type Translate = (template: string) => string;

/** A problem as a door prints it: with its words for the action, in its reader's language. */
export function describeProblem(told: Problem, words: ActionWords, translate?: Translate): Problem {
  const remedy = told.cure ?? told.remedy;
  return {
    code: told.code,
    message: render(told.text ?? told.message, translate),
    ...(told.place && { place: told.place }),
    ...(remedy && { remedy: describeRemedy(remedy, words, translate) }),
  };
}

function rewriteProblem(told: Problem, change: (value: string) => string): Problem {
  const { cure } = told;
  return {
    code: told.code,
    message: change(told.message),
    ...(told.place && { place: change(told.place) }),
    ...(told.remedy && { remedy: change(told.remedy) }),
    ...(told.text && { text: withParameters(told.text, change) }),
    ...(cure && { cure: isAction(cure) ? cure : withParameters(cure, change) }),
  };
}

/** An error that a person can cause or cure. */
export class TesseraError extends Error {
  readonly code: ErrorCode;
  readonly place: string | undefined;
  readonly remedy: string | undefined;
  /** all problems found; at least one */
  readonly problems: readonly Problem[];
  /** the message above the problems; by default that of the first */
  readonly headline: Text;

  constructor(
    code: ErrorCode,
    message: string | Message,
    more: { place?: string; remedy?: Remedy; problems?: readonly Problem[]; cause?: unknown } = {},
  ) {
    super(String(message), more.cause === undefined ? undefined : { cause: more.cause });
    this.name = "TesseraError";
    const first = problem(code, message, more);
    this.code = code;
    this.place = more.place;
    this.remedy = first.remedy;
    this.headline = message;
    this.problems = more.problems ?? [first];
  }

  /** The same error with every string parameter changed, for example to redact secrets; its cause is dropped. */
  rewritten(change: (value: string) => string): TesseraError {
    return new TesseraError(this.code, withParameters(this.headline, change), {
      problems: this.problems.map((each) => rewriteProblem(each, change)),
      ...(this.place && { place: change(this.place) }),
      ...(this.remedy && { remedy: change(this.remedy) }),
    });
  }

  /** One error from all problems found; the first decides the code. */
  static of(problems: readonly Problem[], headline?: string | Message): TesseraError {
    const [first] = problems;
    if (!first) throw new Error("an error needs a problem");
    const text = first.text === undefined || typeof first.text === "string" ? first.message : messageOf(first.text);
    const several = new Message("{0} problems, the first: {1}", [problems.length, text]);
    return new TesseraError(first.code, headline ?? (problems.length === 1 ? text : several), {
      problems,
      ...(first.place && { place: first.place }),
      ...(first.cure ? { remedy: asRemedy(first.cure) } : first.remedy && { remedy: first.remedy }),
    });
  }
}

const messageOf = (text: Exclude<Text, string>): Message =>
  text instanceof Message ? text : new Message(text.template, text.parameters);

const asRemedy = (cure: Text | Action): Remedy => (typeof cure === "string" || isAction(cure) ? cure : messageOf(cure));
