import type { MiningModelSpec, Techniques } from "./techniques.ts";
import { OUTPUTS } from "./outputs.ts";

export type DefinedModel<S extends MiningModelSpec> = S & {
  readonly kind: "model";
  readonly outputs: Techniques[S["technique"]]["outputs"];
  readonly main: Techniques[S["technique"]]["main"];
};

/** A mining model, with what its technique says of its outputs. @example defineModel({ name: "rfm", technique: "rfm", over: "customer", events: "sales", value: "sales.revenue" }) */
export function defineModel<const S extends MiningModelSpec>(spec: S): DefinedModel<S> {
  const { outputs, main } = OUTPUTS[spec.technique];
  return Object.freeze(Object.assign({ kind: "model" as const, outputs, main }, spec)) as DefinedModel<S>;
}
