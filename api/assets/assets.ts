/** The pages' style sheet, typeface and scripts, as the build made them, served under names that hold their hash. */
import { readFile } from "node:fs/promises";
import { PACKAGE_ROOT } from "../../engine/package.ts";

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

/** What `dist/assets/assets.json` holds: names of files in its folder. */
export interface AssetList {
  readonly styles: string;
  readonly script: string;
  readonly font: string;
  /** name -> media type */
  readonly types: { readonly [name: string]: string };
}

const FOLDER = new URL("dist/assets/", PACKAGE_ROOT);

const bytesOf = async (name: string): Promise<Uint8Array<ArrayBuffer>> =>
  new Uint8Array(await readFile(new URL(name, FOLDER)));

const read = async (): Promise<Assets> => {
  const list = JSON.parse(await readFile(new URL("assets.json", FOLDER), "utf8")) as AssetList;
  const files = await Promise.all(
    Object.entries(list.types).map(async ([name, type]): Promise<[string, Asset]> => {
      const gzipped = type.startsWith("text/") ? await bytesOf(`${name}.gz`) : null;
      return [`/assets/${name}`, { body: await bytesOf(name), gzipped, type }];
    }),
  );
  return {
    files: new Map(files),
    styles: `/assets/${list.styles}`,
    script: `/assets/${list.script}`,
    font: `/assets/${list.font}`,
  };
};

let made: Promise<Assets> | undefined;

/** Read once a process. */
export const assets = (): Promise<Assets> => {
  made ??= read();
  made.catch(() => {
    made = undefined;
  });
  return made;
};
