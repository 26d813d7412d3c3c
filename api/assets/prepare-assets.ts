/** What the build makes for the browser: style sheet, typeface and scripts under names that hold their hash. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { plotStyleSheet } from "../charts/chart-svg.ts";
import { paletteCss } from "../charts/palette.ts";
import type { AssetList } from "./assets.ts";

export interface AssetSources {
  /** folder of the package `@fontsource-variable/inter` */
  readonly fonts: string;
  /** folder of the style sheets */
  readonly styles: string;
  /** the scripts, as the bundler made them: file name -> text */
  readonly scripts: ReadonlyMap<string, Uint8Array>;
}

export interface PreparedAssets {
  readonly list: AssetList;
  /** file name -> contents; a file that is also sent compressed has a second one with `.gz` */
  readonly files: ReadonlyMap<string, Uint8Array>;
}

const STYLES = ["base.css", "controls.css", "data.css", "explore.css", "special.css"];
const FONT = "font/woff2";

const hashOf = (body: string | Uint8Array): string =>
  createHash("sha256").update(body).digest("base64url").slice(0, 10);

export function prepareAssets({ fonts, styles, scripts }: AssetSources): PreparedAssets {
  const files = new Map<string, Uint8Array>();
  const types: { [name: string]: string } = {};
  const add = (name: string, body: string | Uint8Array, type: string): string => {
    types[name] = type;
    files.set(name, Buffer.from(body));
    if (type !== FONT) files.set(`${name}.gz`, gzipSync(body));
    return name;
  };
  let font = "";
  const faces = readFileSync(join(fonts, "index.css"), "utf8").replace(
    /url\(\.\/files\/([^)]+)\)/g,
    (_whole, file: string) => {
      const body = readFileSync(join(fonts, "files", file));
      const name = add(`${file.replace(/\.woff2$/, "")}-${hashOf(body)}.woff2`, body, FONT);
      if (file.startsWith("inter-latin-wght")) font = name;
      return `url(/assets/${name})`;
    },
  );
  const css = [
    faces,
    paletteCss(),
    ...STYLES.map((name) => readFileSync(join(styles, name), "utf8")),
    plotStyleSheet(),
  ].join("\n");
  const sheet = add(`tessera-${hashOf(css)}.css`, css, "text/css; charset=utf-8");
  let script = "";
  for (const [name, body] of scripts) {
    add(name, body, "text/javascript; charset=utf-8");
    if (name.startsWith("tessera-")) script = name;
  }
  return { list: { styles: sheet, script, font, types }, files };
}
