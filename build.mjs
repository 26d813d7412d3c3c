/**
 * Makes `dist/` from the sources: `npm run build`. JavaScript, files for the browser, declarations; each only where the
 * sources changed.
 * The launcher calls it in a clone, so that what runs is never older than the sources.
 */
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const require = createRequire(import.meta.url);
const { isFresh, markFresh, sourcesNow } = require("./build-stamp.cjs");
const ROOT = dirname(fileURLToPath(import.meta.url));
const DIST = join(ROOT, "dist");
const ENTRIES = ["index.ts", "mining.ts"];
const FOLDERS = ["engine", "cubes", "etl", "api", "notebooks"];

/** Files are replaced one by one, and only where they differ: a process that runs from `dist/` goes on. */
export function writeChanged(path, contents) {
  const bytes = Buffer.from(contents);
  const old = statSync(path, { throwIfNoEntry: false });
  if (old?.size === bytes.length && readFileSync(path).equals(bytes)) return;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.${process.pid}`, bytes);
  renameSync(`${path}.${process.pid}`, path);
}

/** Removes what an earlier build left. */
export function removeOthers(folder, kept, matching) {
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile() && matching.test(relative(folder, path)) && !kept.has(path)) rmSync(path, { force: true });
  }
}

async function writeCode(bundle) {
  const sources = FOLDERS.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { withFileTypes: true, recursive: true })
      .filter((entry) => entry.isFile() && /(?<!\.d)\.tsx?$/.test(entry.name))
      .map((entry) => relative(ROOT, join(entry.parentPath, entry.name))),
  ).filter((path) => !path.startsWith(join("api", "islands")));
  const outputFiles = await modulesOf(bundle, [...ENTRIES, ...sources]);
  const duckdb = join(DIST, "duckdb.js");
  for (const { path, contents } of outputFiles) writeChanged(path, contents);
  writeChanged(duckdb, duckdbNames());
  removeOthers(DIST, new Set([duckdb, ...outputFiles.map(({ path }) => path)]), /^(?!assets[\\/]).*\.js$/);
}

/** Every module by itself, under its own path, so that messages and `import.meta.url` say where it is from. */
async function modulesOf(bundle, entryPoints) {
  const { outputFiles } = await bundle({
    absWorkingDir: ROOT,
    entryPoints,
    outdir: DIST,
    outbase: ROOT,
    bundle: true,
    write: false,
    packages: "external",
    platform: "node",
    format: "esm",
    target: "node20.19",
    jsx: "automatic",
    logLevel: "error",
    plugins: [
      {
        name: "modules stay apart",
        setup: ({ onResolve }) => {
          onResolve({ filter: /^\./ }, ({ path, kind }) =>
            kind === "entry-point" ? undefined : { path: path.replace(/\.tsx?$/, ".js"), external: true },
          );
          // notebooks name the package as users do; tsconfig.json leads that name to the sources
          onResolve({ filter: /^tessera(?:\/|$)/ }, ({ path }) => ({ path, external: true }));
          onResolve({ filter: /^duckdb$/ }, ({ resolveDir }) => ({
            path: `${relative(resolveDir, ROOT).replaceAll("\\", "/") || "."}/duckdb.js`,
            external: true,
          }));
        },
      },
    ],
  });
  return outputFiles;
}

/**
 * DuckDB's package is CommonJS in 180 files: `import` would search each for its exports before it runs them, in 40 ms
 * that `require` saves.
 */
const duckdbNames = () => `import { createRequire } from "node:module";

const duckdb = createRequire(import.meta.url)("duckdb");
export default duckdb;
export const {
${Object.keys(require("duckdb"))
  .filter((name) => name !== "default")
  .map((name) => `  ${name},`)
  .join("\n")}
} = duckdb;
`;

/** Licences of the packages whose code is a part of the scripts, and of the typeface. */
const licences = (inputs) => {
  const packages = new Set(
    inputs.flatMap((path) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? []),
  );
  return [...packages, "node_modules/@fontsource-variable/inter"]
    .sort((a, b) => (a < b ? -1 : 1))
    .map((folder) => {
      const file = readdirSync(join(ROOT, folder)).find((name) => /^licen[cs]e/i.test(name));
      const text = file === undefined ? "see its package" : readFileSync(join(ROOT, folder, file), "utf8").trim();
      return `${folder.replace(/^.*node_modules\//, "")}\n\n${text}\n`;
    })
    .join(`\n${"-".repeat(80)}\n\n`);
};

async function writeAssets(bundle) {
  const { outputFiles, metafile } = await bundle({
    absWorkingDir: ROOT,
    entryPoints: { tessera: "api/islands/main.ts" },
    bundle: true,
    splitting: true,
    format: "esm",
    target: "es2022",
    minify: true,
    write: false,
    metafile: true,
    outdir: "assets",
    entryNames: "[name]-[hash]",
    chunkNames: "[name]-[hash]",
    jsx: "automatic",
    jsxImportSource: "hono/jsx/dom",
    logLevel: "error",
    legalComments: "none",
  });
  const { prepareAssets } = await import(pathToFileURL(join(DIST, "api/assets/prepare-assets.js")).href);
  const { list, files } = prepareAssets({
    fonts: dirname(require.resolve("@fontsource-variable/inter/package.json")),
    styles: join(ROOT, "api/pages/style"),
    scripts: new Map(outputFiles.map(({ path, contents }) => [path.split(/[\\/]/).at(-1), contents])),
  });
  const folder = join(DIST, "assets");
  const all = new Map([
    ...files,
    ["assets.json", JSON.stringify(list, null, 1)],
    ["LICENSES.txt", licences(Object.keys(metafile.inputs))],
  ]);
  for (const [name, contents] of all) writeChanged(join(folder, name), contents);
  removeOthers(folder, new Set([...all.keys()].map((name) => join(folder, name))), /./);
}

/** One process builds; others that find the build stale wait for it. */
async function alone(work) {
  const lock = join(DIST, ".lock");
  mkdirSync(DIST, { recursive: true });
  for (;;) {
    try {
      writeFileSync(lock, String(process.pid), { flag: "wx" });
      break;
    } catch (error) {
      if (error.code !== "EEXIST") throw error;
      if (!isAlive(lock)) rmSync(lock, { force: true });
      else await new Promise((done) => setTimeout(done, 50));
    }
  }
  try {
    await work();
  } finally {
    rmSync(lock, { force: true });
  }
}

function isAlive(lock) {
  try {
    process.kill(Number(readFileSync(lock, "utf8")) || process.pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

/** @param {{ types?: boolean }} options declarations take two seconds more; only compilers read them */
export async function build({ types = false } = {}) {
  await alone(async () => {
    const now = sourcesNow();
    if (!isFresh("code", now)) {
      const { build: bundle } = await import("esbuild");
      await writeCode(bundle);
      await writeAssets(bundle);
      markFresh("code", now);
    }
    if (types && !isFresh("types", now)) {
      const { writeTypes } = await import("./build-types.mjs");
      writeTypes(ROOT, { writeChanged, removeOthers });
      markFresh("types", now);
    }
  });
}

/** Builds one changed module into a `dist/` that is otherwise fresh; declarations stay. */
export async function buildModule(path) {
  const { build: bundle } = await import("esbuild");
  for (const file of await modulesOf(bundle, [path])) writeChanged(file.path, file.contents);
  const now = sourcesNow();
  for (const part of ["code", "types"]) markFresh(part, now);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const started = performance.now();
  await build({ types: true });
  console.log(`dist/ is built (${((performance.now() - started) / 1000).toFixed(1)} s)`);
}
