/** What a technique declares about itself, without the code that fits it. */
import type { Output } from "../../model/mining-model.ts";

/** A technique's name, title and outputs. */
export interface Described {
  readonly name: string;
  readonly title: string;
  /** the output that sorts members into groups; null where none does */
  readonly main: string | null;
  readonly outputs: { readonly [output: string]: Output };
}
