/** English. Each page family has a file of its own. */
import { actions } from "./en/actions.ts";
import { campaigns } from "./en/campaigns.ts";
import { channels } from "./en/channels.ts";
import { charts } from "./en/charts.ts";
import { customers } from "./en/customers.ts";
import { dashboard } from "./en/dashboard.ts";
import { data } from "./en/data.ts";
import { docs } from "./en/docs.ts";
import { explore } from "./en/explore.ts";
import { frame } from "./en/frame.ts";
import { lists } from "./en/lists.ts";
import { model } from "./en/model.ts";
import { programme } from "./en/programme.ts";
import { segments } from "./en/segments.ts";
import { shared } from "./en/shared.ts";
import { why } from "./en/why.ts";

/** Translations of error messages and remedies by their English template. English needs none. */
const messages: { readonly [template: string]: string } = {};

export const en = {
  /** BCP 47, for the pages' `lang` */
  language: "en",
  actions,
  messages,
  shared,
  frame,
  charts,
  dashboard,
  explore,
  why,
  customers,
  segments,
  campaigns,
  channels,
  programme,
  lists,
  data,
  model,
  docs,
};
