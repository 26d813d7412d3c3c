import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { temporaryFolder } from "../../api/cli/_cli.ts";
import { pack } from "./_install.ts";

const { folder, remove } = temporaryFolder();
afterAll(() => remove());

const env = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^(?:npm_|INIT_CWD|TESSERA_|VITEST)/.test(name)),
);
const run = (cwd: string, program: string, ...args: string[]): string =>
  execFileSync(program, args, { cwd, env, encoding: "utf8" });

it("npm installs the tarball from the registry; a project of npx tessera init installs, checks and answers", () => {
  const tarball = pack(folder);
  writeFileSync(join(folder, "package.json"), '{ "private": true }\n');
  run(folder, "npm", "install", "--no-audit", "--no-fund", tarball);
  run(folder, "npx", "tessera", "init", "shop");
  const shop = join(folder, "shop");
  run(shop, "npm", "install", "--no-audit", "--no-fund");
  run(shop, "npx", "tessera", "load");
  expect(run(shop, "npm", "run", "--silent", "check")).toMatch(/^no problem/);
  expect(run(shop, "npm", "run", "--silent", "ask")).toContain("2025-03-01 88.9");
  writeFileSync(
    join(shop, "wrong.ts"),
    readFileSync(join(shop, "ask.ts"), "utf8").replace('"date.month"', '"date.mouth"'),
  );
  const wrong = spawnSync("npx", ["tsc"], { cwd: shop, env, encoding: "utf8" });
  expect(wrong.stdout).toMatch(/wrong\.ts\(\d+,\d+\): error/);
}, 600_000);
