/** Keeps secrets out of what is stored, shown and thrown. */
import { TesseraError } from "../../engine/errors/index.ts";
import type { ProjectSpec } from "../../engine/model/project.ts";
import { jobsOf } from "./project-parts.ts";
import { declaredNames, type Environment, type Secret } from "./secret.ts";

/** Replaces the values of secrets in a text, for example by `(ERP_URL)`. */
export type Redact = (text: string) => string;

/** Settings that hold a secret even when they are written into the config. */
const SECRET_NAMES = new Set(["secret", "clientSecret", "password", "bearer", "token"]);
/** Shorter values would match ordinary words. */
const SHORTEST = 4;
/** Folders and plain addresses are no secrets, and errors need them. */
const PUBLIC_VALUE = /^[./]|^[A-Za-z]:\\|^https?:\/\/[^@]*$/;

interface FoundSecrets {
  /** names of environment variables */
  readonly names: Set<string>;
  /** secrets that are written into the config */
  readonly literals: Set<string>;
  /** addresses that are written into the config; they may hold a password */
  readonly addresses: Set<string>;
}

const isSecret = (value: object): value is Secret =>
  "kind" in value && value.kind === "env" && "name" in value && typeof value.name === "string";

/** Collects the secrets of a declaration and of everything below it. */
function collectSecrets(value: unknown, found: FoundSecrets, seen: Set<unknown>, key = ""): void {
  if (typeof value === "string") {
    if (SECRET_NAMES.has(key)) found.literals.add(value);
    else if (value.includes("://")) found.addresses.add(value);
    return;
  }
  if (typeof value !== "object" || value === null) return;
  if (isSecret(value)) {
    found.names.add(value.name);
    return;
  }
  if (seen.has(value)) return;
  seen.add(value);
  for (const [name, each] of Object.entries(value)) collectSecrets(each, found, seen, name);
}

/** Redacts what a project's sources, destinations and notices read from the environment, and secrets in the config. */
export function redactor(
  spec: Pick<ProjectSpec, "jobs" | "sources" | "destinations" | "notices">,
  environment: Environment,
): Redact {
  const found: FoundSecrets = { names: new Set(declaredNames()), literals: new Set(), addresses: new Set() };
  const sources = jobsOf(spec).map((job) => job.source);
  for (const part of [sources, spec.sources, spec.destinations, spec.notices]) collectSecrets(part, found, new Set());
  return redacting(found, environment);
}

/** Redacts every variable that this process named with `env(…)`: for places where no project is at hand. */
export const declaredRedactor = (environment: Environment): Redact =>
  redacting({ names: new Set(declaredNames()), literals: new Set(), addresses: new Set() }, environment);

function redacting({ names, literals, addresses }: FoundSecrets, environment: Environment): Redact {
  const replacements: [secret: string, shown: string][] = [];
  const add = (secret: string, shown: string): void => {
    if (secret.length >= SHORTEST) replacements.push([secret, shown]);
  };
  const addPassword = (address: string, shown: string): void => {
    if (!URL.canParse(address)) return;
    const { password } = new URL(address);
    add(password, shown);
    add(decodeURIComponent(password), shown);
  };
  for (const name of names) {
    const value = environment[name];
    if (value === undefined) continue;
    if (!PUBLIC_VALUE.test(value)) add(value, `(${name})`);
    addPassword(value, `(${name})`);
  }
  for (const value of literals) add(value, "(secret)");
  for (const value of addresses) addPassword(value, "(password)");
  // longest first: a secret may hold another one
  replacements.sort(([a], [b]) => b.length - a.length);
  return (text) => replacements.reduce((clean, [secret, shown]) => clean.replaceAll(secret, shown), text);
}

/** The error with its secrets redacted, and without its cause. What is not an error stays as it is. */
export function redactError(error: unknown, redact: Redact): unknown {
  if (error instanceof TesseraError) return error.rewritten(redact);
  if (!(error instanceof Error)) return error;
  const clean = new Error(redact(error.message));
  clean.stack = redact(error.stack ?? "");
  return clean;
}
