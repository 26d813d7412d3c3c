/** `/model`. */
import { readerFor, type App } from "../../http/environment.ts";
import { modelPage } from "./model-page.tsx";

export const modelRoutes = (app: App): void => {
  app.get("/model", async (c) => c.html(await modelPage(readerFor(c), c.var.services)));
};
