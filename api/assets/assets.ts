/** The pages' style sheet, typeface and scripts: made once a process, served under names that hold their hash. */
import { build } from "esbuild";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { plotStyleSheet } from "../charts/chart-svg.ts";
import { paletteCss } from "../charts/palette.ts";

export interface Asset {
  readonly body: Uint8Array<ArrayBuffer>;
  readonly gzipped: Uint8Array<ArrayBuffer> | null;
  readonly type: string;
}

export interface Assets {
  /** path -> what is served there */
  readonly files: ReadonlyMap<string, Asset>;
  readonly styles: string;
  readonly script: string;
  /** the typeface's most used part, fetched early */
  readonly font: string;
}

const here = dirname(fileURLToPath(import.meta.url));
const STYLES = ["base.css", "controls.css", "data.css", "explore.css", "special.css"];

const hashOf = (body: string | Uint8Array): string =>
  createHash("sha256").update(body).digest("base64url").slice(0, 10);
const bytes = (body: string | Uint8Array): Uint8Array<ArrayBuffer> => new Uint8Array(Buffer.from(body));

const fonts = (files: Map<string, Asset>): { css: string; first: string } => {
  const folder = dirname(createRequire(import.meta.url).resolve("@fontsource-variable/inter/package.json"));
  let first = "";
  const css = readFileSync(join(folder, "index.css"), "utf8").replace(
    /url\(\.\/files\/([^)]+)\)/g,
    (_whole, name: string) => {
      const body = readFileSync(join(folder, "files", name));
      const path = `/assets/${name.replace(/\.woff2$/, "")}-${hashOf(body)}.woff2`;
      files.set(path, { body: bytes(body), gzipped: null, type: "font/woff2" });
      if (name.startsWith("inter-latin-wght")) first = path;
      return `url(${path})`;
    },
  );
  return { css, first };
};

const make = async (): Promise<Assets> => {
  const files = new Map<string, Asset>();
  const add = (name: string, extension: string, text: string | Uint8Array, type: string): string => {
    const path = `/assets/${name}-${hashOf(text)}.${extension}`;
    files.set(path, { body: bytes(text), gzipped: bytes(gzipSync(text)), type });
    return path;
  };
  const font = fonts(files);
  const css = [
    font.css,
    paletteCss(),
    ...STYLES.map((name) => readFileSync(join(here, "../pages/style", name), "utf8")),
    plotStyleSheet(),
  ].join("\n");
  const styles = add("tessera", "css", css, "text/css; charset=utf-8");
  const built = await build({
    entryPoints: { tessera: join(here, "../islands/main.ts") },
    bundle: true,
    splitting: true,
    format: "esm",
    target: "es2022",
    minify: true,
    write: false,
    outdir: "/assets",
    entryNames: "[name]-[hash]",
    chunkNames: "[name]-[hash]",
    jsx: "automatic",
    jsxImportSource: "hono/jsx/dom",
    logLevel: "silent",
    legalComments: "none",
  });
  let script = "";
  for (const file of built.outputFiles) {
    const path = `/assets/${file.path.split(/[\\/]/).at(-1)}`;
    files.set(path, {
      body: bytes(file.contents),
      gzipped: bytes(gzipSync(file.contents)),
      type: "text/javascript; charset=utf-8",
    });
    if (path.startsWith("/assets/tessera-")) script = path;
  }
  return { files, styles, script, font: font.first };
};

let made: Promise<Assets> | undefined;

/** Bundled once; the first caller waits some 300 ms. */
export const assets = (): Promise<Assets> => {
  made ??= make();
  made.catch(() => {
    made = undefined;
  });
  return made;
};
