/** `/assets/*`: style sheet, typeface and scripts under names that hold their hash. */
import { TesseraError } from "../../engine/errors/index.ts";
import { assets } from "../assets/assets.ts";
import type { App } from "../routes/environment.ts";

const FAVICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 22 22"><rect x="1" y="1" width="9" height="9" rx="2" fill="#3358d4"/><rect x="12" y="1" width="9" height="9" rx="2" fill="#62b4ec"/><rect x="1" y="12" width="9" height="9" rx="2" fill="#0a9b83"/><rect x="12" y="12" width="9" height="9" rx="2" fill="#e38a00"/></svg>`;

export const assetRoutes = (app: App): void => {
  // the bundle is made while the first page is on its way
  assets().catch(() => undefined);
  app.get("/favicon.svg", (c) =>
    c.body(FAVICON, 200, { "Content-Type": "image/svg+xml", "Cache-Control": "public, max-age=86400" }),
  );
  app.get("/assets/:name", async (c) => {
    const asset = (await assets()).files.get(`/assets/${c.req.param("name")}`);
    if (!asset) throw new TesseraError("not-found", "this asset is of another release", { remedy: "reload the page" });
    const zip = asset.gzipped !== null && (c.req.header("accept-encoding") ?? "").includes("gzip");
    return c.body(zip ? asset.gzipped! : asset.body, 200, {
      "Content-Type": asset.type,
      "Cache-Control": "public, max-age=31536000, immutable",
      Vary: "Accept-Encoding",
      ...(zip && { "Content-Encoding": "gzip" }),
    });
  });
};
