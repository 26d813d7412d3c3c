/** `/openapi.json`, and `/docs`: the same for people. */
import type { App } from "./environment.ts";
import { docsPage, type OpenApiDocument } from "../pages/docs-page.tsx";

export const docsRoutes = (app: App): void => {
  let text: string | undefined;
  const openApi = (): string =>
    (text ??= JSON.stringify(
      app.getOpenAPI31Document({
        openapi: "3.1.0",
        info: {
          title: "Tessera",
          version: "1",
          description:
            "Questions to the cubes, the loads that fill them and the models that label them. Errors are problem documents (RFC 9457) with a stable code, the place and what to do next.",
          license: { name: "Apache-2.0", url: "https://www.apache.org/licenses/LICENSE-2.0" },
        },
        servers: [{ url: "/" }],
      }),
    ));
  app.get("/openapi.json", (c) => c.body(openApi(), 200, { "Content-Type": "application/json; charset=utf-8" }));
  app.get("/docs", async (c) => c.html(await docsPage(JSON.parse(openApi()) as OpenApiDocument, c.var.services)));
};
