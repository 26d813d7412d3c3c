/** Whether `dist/` is the build of the sources as they are now: told from their paths, sizes and times, in some 20 ms. */
const { createHash } = require("node:crypto");
const { existsSync, readdirSync, readFileSync, statSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");

const FOLDERS = ["engine", "cubes", "etl", "api", "notebooks"];
const FILES = [
  "index.ts",
  "mining.ts",
  "build.mjs",
  "build-types.mjs",
  "build-stamp.cjs",
  "package.json",
  "tsconfig.json",
  "tsconfig.types.json",
  "node_modules/.package-lock.json",
];

/** @param {"code" | "types"} part */
const stampFile = (part) => join(__dirname, "dist", `.${part}-stamp`);

/** One text for the state of the sources. */
function sourcesNow() {
  const hash = createHash("sha256");
  const add = (path) => {
    const found = statSync(join(__dirname, path), { throwIfNoEntry: false });
    hash.update(`${path} ${found?.size} ${found?.mtimeMs}\n`);
  };
  for (const folder of FOLDERS) {
    const files = readdirSync(join(__dirname, folder), { withFileTypes: true, recursive: true })
      .filter((entry) => entry.isFile() && /\.(tsx?|mjs|css)$/.test(entry.name))
      .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(__dirname.length + 1));
    for (const path of files.sort()) add(path);
  }
  for (const path of FILES) add(path);
  return hash.digest("hex");
}

const isFresh = (part, now = sourcesNow()) =>
  existsSync(stampFile(part)) && readFileSync(stampFile(part), "utf8") === now;

const markFresh = (part, now) => writeFileSync(stampFile(part), now);

module.exports = { isFresh, markFresh, sourcesNow };
