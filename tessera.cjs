#!/usr/bin/env node
// DuckDB runs queries on libuv's threads, beside files and crypto: their number must be set before the first of them starts.
process.env.UV_THREADPOOL_SIZE ??= "16";
const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`Tessera needs Node 20.19 or newer; this is ${process.versions.node}.`);
  process.exit(2);
}
const { existsSync } = require("node:fs");
const { enableCompileCache } = require("node:module");
const { homedir } = require("node:os");
const { join } = require("node:path");
const { pathToFileURL } = require("node:url");
const here = (path) => pathToFileURL(join(__dirname, path)).href;

// Node 22 and newer keep compiled code; in the person's own folder, since others could write into a shared one
try {
  enableCompileCache?.(join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "tessera", "node"));
} catch {
  // an account without a home starts a little slower
}

/** A clone runs what its sources say now: it is built first where they have changed. */
async function upToDate() {
  if (!existsSync(join(__dirname, "build.mjs"))) return;
  const { isFresh } = require("./build-stamp.cjs");
  // the compiler of a new project reads the declarations
  const types = process.argv.includes("init");
  if (isFresh("code") && (!types || isFresh("types"))) return;
  const { build } = await import(here("build.mjs"));
  await build({ types });
}

void upToDate()
  .then(() => import(here("dist/api/cli/main.js")))
  .then(({ main }) => main(process.argv))
  .catch((error) => {
    console.error(error);
    process.exitCode = 1;
  });
