/** What a language has to bring: the words of every door. A language is one file like `en.ts`. */
import type { ActionWords } from "../../engine/errors/index.ts";

export interface Catalogue {
  /** BCP 47, for the pages' `lang` */
  readonly language: string;
  /** what to do about a problem, in the words of the door that a person came through */
  readonly actions: { readonly cli: ActionWords; readonly api: ActionWords; readonly page: ActionWords };
  /** translations of error messages and remedies by their English template; what is missing is shown in English */
  readonly messages: { readonly [template: string]: string };
}
