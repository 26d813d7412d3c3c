/** `/lists` and `/lists/{id}`. */
import { TesseraError } from "../../../engine/errors/index.ts";
import { exportList } from "../../../etl/index.ts";
import type { App } from "../../http/environment.ts";
import { listPage } from "./list-page.tsx";
import { listsPage } from "./lists-page.tsx";

export const listPageRoutes = (app: App): void => {
  app.get("/lists", async (c) => c.html(await listsPage(c.var.services)));
  app.post("/lists", async (c) => {
    const { project, clock } = c.var.services;
    const { segment, to } = await c.req.parseBody();
    if (typeof segment !== "string" || typeof to !== "string")
      throw new TesseraError("bad-request", "the segment or the destination is missing", { remedy: "choose both" });
    const list = await exportList(project, { audience: segment, to, by: "page", now: clock });
    return c.redirect(`/lists/${encodeURIComponent(list.id)}`, 303);
  });
  app.get("/lists/:id", async (c) => c.html(await listPage(c.req.param("id"), c.var.services)));
};
