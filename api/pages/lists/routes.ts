/** `/lists` and `/lists/{id}`. */
import { TesseraError } from "../../../engine/errors/index.ts";
import type { ProjectSpec } from "../../../engine/model/project.ts";
import { exportList } from "../../../etl/index.ts";
import type { App } from "../../http/environment.ts";
import { irreversible } from "../parts/consent.tsx";
import { destinationTitle } from "./destination-title.ts";
import { listPage } from "./list-page.tsx";
import { listsPage } from "./lists-page.tsx";

/** @throws TesseraError `bad-request` unless both are chosen */
const chosenIn = (form: URLSearchParams): { readonly segment: string; readonly to: string } => {
  const segment = form.get("segment");
  const to = form.get("to");
  if (segment === null || to === null)
    throw new TesseraError("bad-request", "the segment or the destination is missing", { remedy: "choose both" });
  return { segment, to };
};

const segmentTitle = (spec: ProjectSpec, name: string): string =>
  spec.segments?.find((segment) => segment.name === name)?.title ?? name;

export const listPageRoutes = (app: App): void => {
  app.get("/lists", async (c) => c.html(await listsPage(c.var.services)));
  irreversible(app, {
    path: "/lists",
    active: "/lists",
    question: (c, form) => {
      const { project, words } = c.var.services;
      const { segment, to } = chosenIn(form);
      return {
        title: words.lists.createQuestion(segmentTitle(project.spec, segment), destinationTitle(project.spec, to)),
        effect: words.lists.createEffect,
        confirm: words.lists.create,
        back: "/lists",
      };
    },
    change: async (c, form) => {
      const { project, clock } = c.var.services;
      const { segment, to } = chosenIn(form);
      const list = await exportList(project, { audience: segment, to, by: "page", now: clock });
      return `/lists/${encodeURIComponent(list.id)}`;
    },
  });
  app.get("/lists/:id", async (c) => c.html(await listPage(c.req.param("id"), c.var.services)));
};
