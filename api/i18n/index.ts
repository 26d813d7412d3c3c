/** The words of the pages, the API and the command line. */
import { describeProblem, render, TesseraError, type Problem, type Text } from "../../engine/errors/index.ts";
import type { Catalogue } from "./catalogue.ts";
import { en } from "./en.ts";

export type { Catalogue } from "./catalogue.ts";

export type Door = keyof Catalogue["actions"];

/** The languages there are. */
export const LANGUAGES = { en } as const satisfies { readonly [language: string]: Catalogue };

const translator = (catalogue: Catalogue) => (template: string) => catalogue.messages[template] ?? template;

/** A problem as a door says it. */
export const problemAt = (door: Door, problem: Problem, catalogue: Catalogue = en): Problem =>
  describeProblem(problem, catalogue.actions[door], translator(catalogue));

/** The sentence above an error's problems. */
export const headlineOf = (headline: Text, catalogue: Catalogue = en): string =>
  render(headline, translator(catalogue));

/** An error as a door says it: its headline, and every problem with the door's words for what to do. */
export function errorAt(door: Door, error: TesseraError, catalogue: Catalogue = en) {
  return {
    code: error.code,
    message: headlineOf(error.headline, catalogue),
    problems: error.problems.map((each) => problemAt(door, each, catalogue)),
  };
}
