/** `/channels`. Empty fields are dropped from the address, so that it stays readable. */
import { readerFor, type App } from "../../http/environment.ts";
import { channelsPage } from "./channels-page.tsx";

export const channelPageRoutes = (app: App): void => {
  app.get("/channels", async (c) => {
    const { searchParams } = new URL(c.req.url);
    const filled = [...searchParams].filter(([, value]) => value !== "");
    if (filled.length < [...searchParams].length) {
      const rest = new URLSearchParams(
        filled.length === 1 && filled.some(([name]) => name === "of") ? [] : filled,
      ).toString();
      return c.redirect(rest ? `/channels?${rest}` : "/channels", 303);
    }
    return c.html(await channelsPage(searchParams, readerFor(c), c.var.services));
  });
};
