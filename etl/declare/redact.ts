/** Keeping secrets out of what is stored, shown and thrown. */
import { TesseraError } from "../../engine/errors/index.ts";
import type { ProjectSpec } from "../../engine/model/project.ts";
import type { Job } from "./job.ts";
import { declaredNames, type Environment, type Secret } from "./secret.ts";

/** Takes the values of secrets out of a text. */
export type Scrub = (text: string) => string;

const isSecret = (value: unknown): value is Secret =>
  typeof value === "object" &&
  value !== null &&
  (value as { kind?: unknown }).kind === "env" &&
  typeof (value as { name?: unknown }).name === "string";
/** Settings that are a secret wherever they stand, also when they are written into the config. */
const SECRET_NAMES = new Set(["secret", "clientSecret", "password", "bearer", "token"]);

interface Found {
  readonly names: Set<string>;
  readonly literals: Set<string>;
  readonly addresses: Set<string>;
}

/** Everything below a declaration that came from the environment, or is a secret written out. */
function secretsIn(value: unknown, found: Found, seen: Set<unknown>, key = ""): void {
  if (typeof value === "string") {
    if (SECRET_NAMES.has(key)) found.literals.add(value);
    else if (value.includes("://")) found.addresses.add(value);
  } else if (isSecret(value)) found.names.add(value.name);
  else if (typeof value === "object" && value !== null && !seen.has(value)) {
    seen.add(value);
    for (const [name, each] of Object.entries(value)) secretsIn(each, found, seen, name);
  }
}

/** A scrubber for all that a project's sources, destinations and notices read from the environment, and for passwords written into it. */
export function scrubber(
  spec: Pick<ProjectSpec, "jobs" | "sources" | "destinations" | "notices">,
  environment: Environment,
): Scrub {
  const found: Found = { names: new Set(declaredNames()), literals: new Set(), addresses: new Set() };
  for (const part of [spec.jobs?.map((job) => (job as Job).source), spec.sources, spec.destinations, spec.notices])
    secretsIn(part, found, new Set());
  return hiding(found, environment);
}

/** A scrubber for every variable that anything in this process named with `env(…)`: where no project is at hand. */
export const scrubDeclared = (environment: Environment): Scrub =>
  hiding({ names: declaredNames(), literals: new Set(), addresses: new Set() }, environment);

function hiding(
  {
    names,
    literals,
    addresses,
  }: {
    readonly names: ReadonlySet<string>;
    readonly literals: ReadonlySet<string>;
    readonly addresses: ReadonlySet<string>;
  },
  environment: Environment,
): Scrub {
  const hidden: [string, string][] = [];
  const hide = (value: string, shown: string): void => void (value.length >= 4 && hidden.push([value, shown]));
  const hideAddress = (value: string, shown: string): void => {
    if (!URL.canParse(value)) return;
    const { password } = new URL(value);
    hide(password, shown);
    hide(decodeURIComponent(password), shown);
  };
  for (const name of names) {
    const value = environment[name];
    if (value === undefined) continue;
    // a folder or a plain address is no secret, and errors need it
    if (!/^[./]|^[A-Za-z]:\\|^https?:\/\/[^@]*$/.test(value)) hide(value, `(${name})`);
    hideAddress(value, `(${name})`);
  }
  for (const value of literals) hide(value, "(secret)");
  for (const value of addresses) hideAddress(value, "(password)");
  hidden.sort((a, b) => b[0].length - a[0].length);
  return (text) => hidden.reduce((clean, [value, shown]) => clean.replaceAll(value, shown), text);
}

/** The error without secrets in its words; its cause stays behind. */
export function scrubError(error: unknown, scrub: Scrub): unknown {
  if (!(error instanceof TesseraError)) {
    if (error instanceof Error) {
      const clean = new Error(scrub(error.message));
      clean.stack = scrub(error.stack ?? "");
      return clean;
    }
    return error;
  }
  return error.rewritten(scrub);
}
