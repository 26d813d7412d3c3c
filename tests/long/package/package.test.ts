import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { temporaryFolder } from "../../api/cli/_cli.ts";
import { install, pack } from "./_install.ts";
import { presentNodes } from "./_nodes.ts";
import { OWN_PROJECT } from "./_own-project.ts";

const { folder, remove } = temporaryFolder();
const shop = join(folder, "shop");
let home = "";
/** npm's own variables would speak of the run that started the tests. */
const env = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^(?:npm_|INIT_CWD|TESSERA_|VITEST)/.test(name)),
);
/** Runs to the end in the new project. */
const run = (program: string, ...args: string[]): { code: number | null; said: string } => {
  const { status, stdout, stderr } = spawnSync(program, args, { cwd: shop, env, encoding: "utf8" });
  return { code: status, said: `${stdout}${stderr}` };
};
const tessera = (...args: string[]): ReturnType<typeof run> =>
  run(process.execPath, join(home, "tessera.cjs"), ...args);
const tsc = (): ReturnType<typeof run> =>
  run(process.execPath, join(folder, "node_modules/typescript/bin/tsc"), "-p", ".");

beforeAll(() => {
  home = install(pack(folder), folder);
  writeFileSync(join(folder, "package.json"), '{ "dependencies": { "tessera": "file:tessera.tgz" } }\n');
  execFileSync(process.execPath, [join(home, "tessera.cjs"), "init", "shop"], { cwd: folder, env });
}, 60_000);
afterAll(() => remove());

describe("the tarball", () => {
  const files = (): string[] =>
    readdirSync(home, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(home.length + 1));

  it("holds licence, README and the build; neither sources nor tests", () => {
    expect(files()).toEqual(expect.arrayContaining(["LICENSE", "README.md", "dist/index.js", "dist/index.d.ts"]));
    expect(files().filter((path) => /(?<!\.d)\.tsx?$|^tests|^build|\.test\./.test(path))).toEqual([]);
  });

  it("has declarations that name no source file", () => {
    for (const path of files().filter((each) => each.endsWith(".d.ts")))
      expect(readFileSync(join(home, path), "utf8"), path).not.toMatch(/^(?! \*).*(?:from |import\()"[^"]*\.tsx?"/m);
  });

  it("needs neither esbuild nor tsx but to read a config", () => {
    for (const path of files().filter((each) => /\.[cm]?js$/.test(each)))
      expect(/"(?:esbuild|tsx\/[\w/]+)"/.exec(readFileSync(join(home, path), "utf8"))?.[0] ?? "", path).toBe(
        path === "resolve-tessera.mjs" ? '"tsx/esm/api"' : "",
      );
  });
});

describe("a project of `tessera init`", () => {
  it("depends on the package that wrote it", () => {
    expect(JSON.parse(readFileSync(join(shop, "package.json"), "utf8"))).toMatchObject({
      dependencies: { tessera: "file:../tessera.tgz" },
      devDependencies: { typescript: expect.stringMatching(/^\^\d/) as string },
    });
  });

  it("compiles, libraries included, and a wrong member name does not", () => {
    expect(tsc()).toEqual({ code: 0, said: "" });
    const ask = readFileSync(join(shop, "ask.ts"), "utf8");
    writeFileSync(join(shop, "wrong.ts"), ask.replace('"sales.revenue"', '"sales.revenu"'));
    const wrong = tsc();
    rmSync(join(shop, "wrong.ts"));
    expect(wrong.code).not.toBe(0);
    expect(wrong.said).toMatch(
      /wrong\.ts\(6,\d+\): error TS2820: Type '"sales\.revenu"'.*Did you mean '"sales\.revenue"'/,
    );
  });

  it("loads, answers and checks, and nothing is written into the package", () => {
    const before = readdirSync(home, { recursive: true }).length;
    expect(tessera("load")).toMatchObject({ code: 0 });
    expect(tessera("query", '{"measures":["sales.revenue"]}').said).toContain("€189.40");
    expect(tessera("check")).toMatchObject({ code: 0 });
    expect(tessera("notebook").said).toContain("churn");
    expect(readdirSync(home, { recursive: true }).length).toBe(before);
  });

  it.each(presentNodes())("answers in plain Node $version, by import and by require", ({ path }) => {
    const script = `import { openProject, TesseraError } from "tessera";
      import { runLoad } from "tessera/etl"; import { allocate } from "tessera/mining"; import { connect } from "tessera/client";
      const shop = await openProject(".");
      const { rows } = await shop.query({ measures: ["sales.revenue"] });
      await shop.close();
      console.log(JSON.stringify([rows, [runLoad, allocate, connect, TesseraError].map((each) => typeof each)]));`;
    expect(run(path, "--input-type=module", "-e", script).said.trim().split("\n").at(-1)).toBe(
      '[[{"sales.revenue":189.4}],["function","function","function","function"]]',
    );
    expect(run(path, "-p", 'typeof require("tessera").defineCube').said).toContain("function");
    expect(run(path, "--import", "tessera/register", "ask.ts").said).toMatch(/2025-03-01 88\.9/);
  });
});

it("reads a config in a folder that says nothing of modules and has no dependency", () => {
  const bare = temporaryFolder();
  for (const name of ["tessera.config.ts", "drops", "ask.ts"])
    cpSync(join(shop, name), join(bare.folder, name), { recursive: true });
  const at = { cwd: bare.folder, env, encoding: "utf8" } as const;
  expect(spawnSync(process.execPath, [join(home, "tessera.cjs"), "load"], at).status).toBe(0);
  const asked = spawnSync(process.execPath, ["--import", join(home, "register.mjs"), "ask.ts"], at);
  expect(asked.stdout, asked.stderr).toContain("2025-03-01 88.9");
  expect(existsSync(join(bare.folder, "node_modules"))).toBe(false);
  bare.remove();
});

it("takes a source and a technique that a project brings: typed, loaded, mined and asked like its own", () => {
  const own = join(folder, "own");
  cpSync(join(shop, "tsconfig.json"), join(own, "tsconfig.json"));
  writeFileSync(join(own, "package.json"), '{ "type": "module" }\n');
  writeFileSync(join(own, "tessera.config.ts"), OWN_PROJECT);
  const at = { cwd: own, env: { ...env, TICKET_PREFIX: "T-" }, encoding: "utf8" } as const;
  const compiled = spawnSync(process.execPath, [join(folder, "node_modules/typescript/bin/tsc"), "-p", "."], at);
  expect(compiled.stdout).toBe("");
  const command = (...args: string[]): string => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(home, "tessera.cjs"), ...args], at);
    expect(status, stderr).toBe(0);
    return stdout;
  };
  command("load");
  expect(command("source", "test", "list")).toContain("gives rows");
  command("mine");
  const asked = '{"measures":["cases.tickets","cases.minutes"],"dimensions":["customer.patience_group"]}';
  // 10 minutes for the first ticket, 20 for the second, …: customers 1 to 3 took 630, 700 and 770 minutes
  expect(JSON.parse(command("query", asked, "--json")).rows).toEqual([
    { "customer.patience_group": "long", "cases.tickets": 6, "cases.minutes": 630 },
    { "customer.patience_group": "short", "cases.tickets": 14, "cases.minutes": 1470 },
  ]);
});
