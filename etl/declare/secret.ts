/** Settings from the environment: read when a load runs, never stored or printed. */
import { TesseraError, phrase } from "../../engine/errors/index.ts";

/** The name of an environment variable; made by `env`. */
export interface Secret {
  readonly kind: "env";
  readonly name: string;
}

/** A text, or the environment variable that holds it. */
export type Setting = string | Secret;

const declared = new Set<string>();

/** Names of all variables that this process named with `env`, so that their values can be redacted. */
export const declaredNames = (): ReadonlySet<string> => declared;

/**
 * Names an environment variable; its value is read at run time.
 * @example postgres({ name: "erp", url: env("ERP_URL") })
 */
export const env = (name: string): Secret => {
  declared.add(name);
  return Object.freeze({ kind: "env" as const, name });
};

/** Environment variables by name. */
export type Environment = { readonly [name: string]: string | undefined };

/** The setting's value. @throws TesseraError `secret-missing`, which names the variable and never its value */
export function resolveSetting(setting: Setting, environment: Environment, place: string): string {
  if (typeof setting === "string") return setting;
  const value = environment[setting.name];
  if (value === undefined || value === "") {
    throw new TesseraError("secret-missing", phrase`environment variable ${setting.name} is not set`, {
      place,
      remedy: phrase`set ${setting.name} in the environment`,
    });
  }
  return value;
}
