/** `/customers` and `/customers/{key}`. */
import { readerFor, type App } from "../../http/environment.ts";
import { customerPage } from "./customer-page.tsx";
import { customersPage } from "./customers-page.tsx";

export const customerPageRoutes = (app: App): void => {
  app.get("/customers", async (c) =>
    c.html(await customersPage((c.req.query("search") ?? "").slice(0, 200), readerFor(c), c.var.services)),
  );
  app.get("/customers/:key", async (c) =>
    c.html(await customerPage(c.req.param("key").slice(0, 200), readerFor(c), c.var.services)),
  );
};
