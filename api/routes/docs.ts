/** `/openapi.json`, and `/docs`: the same as a page. */
import type { App } from "../http/environment.ts";
import { docsPage } from "../pages/docs/docs-page.tsx";
import type { OpenApiDocument } from "../pages/docs/openapi-document.ts";

const description =
  "Queries on the cubes, the loads that fill them and the models that label them. " +
  "Errors are problem documents (RFC 9457) with a stable code, the place and what to do next.";

export const docsRoutes = (app: App): void => {
  let text: string | undefined;
  const openApi = (): string => {
    text ??= JSON.stringify(
      app.getOpenAPI31Document({
        openapi: "3.1.0",
        info: {
          title: "Tessera",
          version: "1",
          description,
          license: { name: "Apache-2.0", url: "https://www.apache.org/licenses/LICENSE-2.0" },
        },
        servers: [{ url: "/" }],
      }),
    );
    return text;
  };
  app.get("/openapi.json", (c) => c.body(openApi(), 200, { "Content-Type": "application/json; charset=utf-8" }));
  app.get("/docs", async (c) => {
    const document: OpenApiDocument = JSON.parse(openApi());
    return c.html(await docsPage(document, c.var.services));
  });
};
