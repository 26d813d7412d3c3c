/** What to do about a problem, as an action that each door names in its own words: a command, a route, a button. */

/** Actions with their parameters, for example the run whose log to read. */
export interface Actions {
  "check-model": Record<never, never>;
  "list-members": Record<never, never>;
  load: { readonly jobs?: string };
  "load-rollups": Record<never, never>;
  "list-runs": Record<never, never>;
  "show-run": { readonly run: string };
  mine: { readonly models?: string };
  "show-progress": Record<never, never>;
  "list-lists": Record<never, never>;
  "list-jobs": Record<never, never>;
  "list-campaigns": Record<never, never>;
  "list-versions": Record<never, never>;
  "draw-campaign": { readonly campaign: string };
  "find-customer": Record<never, never>;
  "make-plan": Record<never, never>;
  "make-backup": Record<never, never>;
  "make-project": Record<never, never>;
}

/** One of the actions. */
export type Action = { readonly [name in keyof Actions]: { readonly action: name } & Actions[name] }[keyof Actions];

/** The words of one door for every action. */
export type ActionWords = { readonly [name in keyof Actions]: (of: Actions[name]) => string };

/** Words for callers who catch an error in TypeScript; the doors of `api/` have their own in `api/i18n`. */
export const PLAIN_ACTIONS: ActionWords = {
  "check-model": () => "check the project: that lists every problem of its model",
  "list-members": () => "list the members of the catalog",
  load: ({ jobs }) => (jobs === undefined ? "run a load first" : `load ${jobs} first`),
  "load-rollups": () => "build the rollups again",
  "list-runs": () => "list the runs",
  "show-run": ({ run }) => `read the log of run ${run}`,
  mine: ({ models }) => (models === undefined ? "mine the models first" : `mine ${models} first`),
  "show-progress": () => "wait until the other run ends, or cancel it",
  "list-lists": () => "list the lists",
  "list-jobs": () => "list the jobs",
  "list-campaigns": () => "list the campaigns",
  "list-versions": () => "list the versions that are kept",
  "draw-campaign": ({ campaign }) => `draw campaign ${campaign} first`,
  "find-customer": () => "search the customers",
  "make-plan": () => "make a plan first",
  "make-backup": () => "make a backup first",
  "make-project": () => "create a project first",
};

/** An action in a door's words. */
export function describeAction(action: Action, words: ActionWords = PLAIN_ACTIONS): string {
  const describe = words[action.action] as (of: Action) => string;
  return describe(action);
}
