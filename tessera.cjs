#!/usr/bin/env node
// DuckDB runs queries on libuv's threads, beside files and crypto: their number must be set before the first of them starts.
process.env.UV_THREADPOOL_SIZE ??= "16";
const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`Tessera needs Node 20.19 or newer; this is ${process.versions.node}.`);
  process.exit(2);
}
const { pathToFileURL } = require("node:url");
const { join } = require("node:path");
const here = (path) => pathToFileURL(join(__dirname, path)).href;
import(here("register.mjs")).then(() => import(here("api/cli/main.ts"))).then(({ main }) => main(process.argv));
