/** Declares a mining model: what a project writes, completed with the outputs of its technique. */
import type { Output } from "../model/mining-model.ts";
import { OUTPUTS } from "./outputs/index.ts";
import type { ModelSpec, Technique } from "./technique.ts";
import type { MiningModelSpec, Techniques } from "./techniques.ts";

/** A declared model with the outputs of its technique, which name attributes of the dimension it is `over`. */
export type DefinedModel<S extends MiningModelSpec> = S & {
  readonly kind: "model";
  readonly outputs: Techniques[S["technique"]]["outputs"];
  readonly main: Techniques[S["technique"]]["main"];
};

type Outputs = { readonly [output: string]: Output };

/** A declared model of a technique that the project wrote. */
export type OwnModel<S extends ModelSpec, O extends Outputs> = S & {
  readonly kind: "model";
  readonly outputs: O;
  readonly main: (keyof O & string) | null;
  readonly implementation: Technique<S, O>;
};

/**
 * Declares a mining model.
 * @example
 * defineModel({ name: "rfm", technique: "rfm", over: "customer", events: "sales", value: "sales.revenue" })
 */
export function defineModel<const S extends MiningModelSpec>(spec: S): DefinedModel<S>;
/**
 * Declares a model of a technique made by `defineTechnique`.
 * @example
 * defineModel({ name: "gap", technique: purchaseGap, over: "customer" })
 */
export function defineModel<S extends ModelSpec, O extends Outputs, F, const N extends string>(
  spec: Omit<S, "technique" | "name"> & { readonly name: N; readonly technique: Technique<S, O, F> },
): OwnModel<S & { readonly name: N }, O>;
export function defineModel(spec: { readonly technique: string | Technique }): object {
  const { technique } = spec;
  if (typeof technique === "object") {
    const { name, outputs, main } = technique;
    return Object.freeze({ kind: "model", outputs, main, ...spec, technique: name, implementation: technique });
  }
  return Object.freeze({ kind: "model", ...outputsOf(technique), ...spec });
}

/** Of an unknown technique nothing: opening the project reports it. */
const outputsOf = (technique: string): { readonly outputs: Outputs; readonly main: string | null } => {
  const known: {
    readonly [technique: string]: { readonly outputs: Outputs; readonly main: string | null } | undefined;
  } = OUTPUTS;
  const { outputs, main } = known[technique] ?? { outputs: {}, main: null };
  return { outputs, main };
};
