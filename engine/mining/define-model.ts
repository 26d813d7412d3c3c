/** Declares a mining model: what a project writes, completed with the outputs of its technique. */
import { OUTPUTS } from "./outputs/index.ts";
import type { MiningModelSpec, Techniques } from "./techniques.ts";

/** A declared model with the outputs of its technique, which name attributes of the dimension it is `over`. */
export type DefinedModel<S extends MiningModelSpec> = S & {
  readonly kind: "model";
  readonly outputs: Techniques[S["technique"]]["outputs"];
  readonly main: Techniques[S["technique"]]["main"];
};

/**
 * Declares a mining model.
 * @example
 * defineModel({ name: "rfm", technique: "rfm", over: "customer", events: "sales", value: "sales.revenue" })
 */
export function defineModel<const S extends MiningModelSpec>(spec: S): DefinedModel<S> {
  const { outputs, main } = OUTPUTS[spec.technique];
  return Object.freeze(Object.assign({ kind: "model" as const, outputs, main }, spec)) as DefinedModel<S>;
}
