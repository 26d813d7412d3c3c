/** Remedies that name a command, a route or a button, in English. */
import type { ActionWords } from "../../../engine/errors/index.ts";

/** Words of the command line. */
const cli: ActionWords = {
  "check-model": () => "run `tessera check`",
  "list-members": () => "run `tessera query --members`",
  load: ({ jobs }) => `run \`tessera load${jobs === undefined ? "" : ` ${jobs}`}\``,
  "load-rollups": () => "run `tessera load --rollups`",
  "list-runs": () => "run `tessera loads`",
  "show-run": ({ run }) => `run \`tessera loads ${run}\``,
  mine: ({ models }) => `run \`tessera mine${models === undefined ? "" : ` ${models}`}\``,
  "show-progress": () => "wait until it ends, or run `tessera cancel RUN`",
  "list-lists": () => "run `tessera export --lists`",
  "list-jobs": () => "run `tessera schedule` to see the jobs",
  "list-campaigns": () => "run `tessera campaign list`",
  "list-versions": () => "run `tessera versions`",
  "draw-campaign": ({ campaign }) => `run \`tessera campaign draw ${campaign}\``,
  "find-customer": () => "query the dimension's members",
  "make-plan": () => "run `tessera plan --out FILE` first",
  "make-backup": () => "run `tessera backup FOLDER` first",
  "make-project": () => "run `tessera init`, or name the project's folder with `--project DIR`",
};

/** Words of the API. */
const api: ActionWords = {
  "check-model": () => "ask the project's author to run `tessera check`",
  "list-members": () => "see GET /v1/catalog",
  load: ({ jobs }) => `start a load with POST /v1/jobs/${jobs ?? "NAME"}/runs`,
  "load-rollups": () => "ask the project's author to run `tessera load --rollups`",
  "list-runs": () => "see GET /v1/loads",
  "show-run": ({ run }) => `see GET /v1/loads/${run}`,
  mine: ({ models }) => `run the model with POST /v1/models/${models ?? "NAME"}/runs`,
  "show-progress": () => "wait until it ends, or cancel it",
  "list-lists": () => "see GET /v1/lists",
  "list-jobs": () => "see GET /v1/jobs",
  "list-campaigns": () => "see GET /v1/campaigns",
  "list-versions": () => "ask for the current version",
  "draw-campaign": ({ campaign }) => `draw it with POST /v1/campaigns/${campaign}/assign`,
  "find-customer": () => "search with GET /v1/customers?search=",
  "make-plan": () => "make a plan first",
  "make-backup": () => "make a backup first",
  "make-project": () => "start the server in the folder of a project",
};

/** Words of the pages. */
const page: ActionWords = {
  "check-model": () => "ask the project's author to run `tessera check`",
  "list-members": () => "see Model for every measure and attribute",
  load: ({ jobs }) => `run ${jobs === undefined ? "a load" : jobs} under Data`,
  "load-rollups": () => "ask the project's author to build the rollups again",
  "list-runs": () => "see the loads under Data",
  "show-run": ({ run }) => `see load ${run} under Data`,
  mine: () => "run the models under Segments",
  "show-progress": () => "wait until it ends, or cancel it under Data",
  "list-lists": () => "see Lists",
  "list-jobs": () => "see the jobs under Data",
  "list-campaigns": () => "see Campaigns",
  "list-versions": () => "open the page without a version",
  "draw-campaign": () => "use Draw control group on the campaign's page",
  "find-customer": () => "search under Customers",
  "make-plan": () => "make a plan first",
  "make-backup": () => "make a backup first",
  "make-project": () => "start the server in the folder of a project",
};

export const actions = { cli, api, page };
