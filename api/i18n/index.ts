/** The texts of the pages, the API and the command line, by language. */
import { describeProblem, render, type Problem, type TesseraError, type Text } from "../../engine/errors/index.ts";
import type { Catalogue } from "./catalogue.ts";
import { en } from "./en.ts";

export type { Catalogue } from "./catalogue.ts";
export { en } from "./en.ts";

/** Where a person meets Tessera: the command line, the API or a page. */
export type Door = keyof Catalogue["actions"];

/** All languages. */
export const LANGUAGES: { readonly [language: string]: Catalogue } = { en };

const translator = (catalogue: Catalogue) => (template: string) => catalogue.messages[template] ?? template;

/** A problem in the words of a door. */
export const problemAt = (door: Door, problem: Problem, catalogue: Catalogue = en): Problem =>
  describeProblem(problem, catalogue.actions[door], translator(catalogue));

/** The sentence above an error's problems. */
export const headlineOf = (headline: Text, catalogue: Catalogue = en): string =>
  render(headline, translator(catalogue));

/** An error in the words of a door: its headline, and every problem with its remedy. */
export const errorAt = (door: Door, error: TesseraError, catalogue: Catalogue = en) => ({
  code: error.code,
  message: headlineOf(error.headline, catalogue),
  problems: error.problems.map((each) => problemAt(door, each, catalogue)),
});
