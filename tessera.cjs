#!/usr/bin/env node
// DuckDB runs queries on libuv's threads, beside files and crypto: their number must be set before the first of them starts.
process.env.UV_THREADPOOL_SIZE ??= "16";
const { register } = require("node:module");
const { pathToFileURL } = require("node:url");
const { join } = require("node:path");
const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`Tessera needs Node 20.19 or newer; this is ${process.versions.node}.`);
  process.exit(2);
}
require("tsx/cjs/api").register();
require("tsx/esm/api").register();
// A project's config anywhere on the disk imports "tessera" and gets the running package.
register(pathToFileURL(join(__dirname, "resolve-tessera.mjs")), { data: { door: pathToFileURL(join(__dirname, "index.ts")).href } });
import(pathToFileURL(join(__dirname, "api/cli/main.ts")).href).then(({ main }) => main(process.argv));
