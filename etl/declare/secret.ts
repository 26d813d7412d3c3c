/** Values that stand in the environment and nowhere else: they are read when a load runs, and never stored or printed. */
import { TesseraError, phrase } from "../../engine/errors/index.ts";

export interface Secret {
  readonly kind: "env";
  readonly name: string;
}

/** A text, or the name of the environment variable that holds it. */
export type Setting = string | Secret;

/** Names only: whatever is said in this process can be cleared of the values that stand behind them. */
const declared = new Set<string>();
export const declaredNames = (): ReadonlySet<string> => declared;

/** Names an environment variable; its value is read at run time only. @example postgres({ name: "erp", url: env("ERP_URL") }) */
export const env = (name: string): Secret => {
  declared.add(name);
  return Object.freeze({ kind: "env" as const, name });
};

export type Environment = { readonly [name: string]: string | undefined };

/** The setting's value. Throws `secret-missing`, naming the variable and never its value. */
export function resolveSetting(setting: Setting, environment: Environment, place: string): string {
  if (typeof setting === "string") return setting;
  const value = environment[setting.name];
  if (value === undefined || value === "") {
    throw new TesseraError("secret-missing", phrase`the environment variable ${setting.name} is not set`, {
      place,
      remedy: phrase`set ${setting.name} before the load starts`,
    });
  }
  return value;
}
