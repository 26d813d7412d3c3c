/** `/assets/*`: style sheet, typeface and scripts under names that contain their hash. */
import { TesseraError } from "../../engine/errors/index.ts";
import { assets } from "../assets/assets.ts";
import type { App } from "../http/environment.ts";

const square = (x: number, y: number, colour: string): string =>
  `<rect x="${x}" y="${y}" width="9" height="9" rx="2" fill="${colour}"/>`;

const FAVICON = [
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 22 22">',
  square(1, 1, "#3358d4"),
  square(12, 1, "#62b4ec"),
  square(1, 12, "#0a9b83"),
  square(12, 12, "#e38a00"),
  "</svg>",
].join("");

export const assetRoutes = (app: App): void => {
  // the bundle is built while the first page is being requested
  assets().catch(() => undefined);
  app.get("/favicon.svg", (c) =>
    c.body(FAVICON, 200, { "Content-Type": "image/svg+xml", "Cache-Control": "public, max-age=86400" }),
  );
  app.get("/assets/:name", async (c) => {
    const asset = (await assets()).files.get(`/assets/${c.req.param("name")}`);
    if (!asset)
      throw new TesseraError("not-found", "this asset belongs to another release", { remedy: "reload the page" });
    const acceptsGzip = (c.req.header("accept-encoding") ?? "").includes("gzip");
    const gzipped = acceptsGzip ? asset.gzipped : null;
    return c.body(gzipped ?? asset.body, 200, {
      "Content-Type": asset.type,
      "Cache-Control": "public, max-age=31536000, immutable",
      Vary: "Accept-Encoding",
      ...(gzipped && { "Content-Encoding": "gzip" }),
    });
  });
};
