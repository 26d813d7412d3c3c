/** The type of a language's texts, inferred from English: a missing text does not compile. */
import type { en } from "./en.ts";

/** Literal texts become any text, functions keep their parameters. */
type Texts<T> = T extends string
  ? string
  : T extends (...parameters: infer P) => string
    ? (...parameters: P) => string
    : { readonly [key in keyof T]: Texts<T[key]> };

/** All texts of one language: a language is one file like `en.ts`. */
export type Catalogue = Texts<typeof en>;
