import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { describe, expect, it } from "vitest";
import { PACKAGE } from "../api/cli/_cli.ts";
import { findCycle, importGraph, sourcesOf, TOP, type Source } from "./_sources.ts";

/** What a folder may import of ours. */
const ARROWS: Readonly<Record<string, readonly string[]>> = {
  engine: ["engine"],
  cubes: ["cubes", "engine"],
  etl: ["etl", "cubes", "engine"],
  api: ["api", "etl", "cubes", "engine"],
  notebooks: ["notebooks"],
};
/** The rooms of a folder, each of which may import those before it, types included. */
const ROOMS: Readonly<Record<string, readonly string[]>> = {
  engine: [
    "package.ts",
    "errors",
    "lookup.ts",
    "lazy.ts",
    "model",
    "sql",
    "warehouse",
    "query",
    "rollup",
    "mining",
    "index.ts",
  ],
  "engine/query": [
    "language",
    "time",
    "binding",
    "resolve",
    "scan",
    "windows",
    "rollup",
    "plan",
    "answer",
    "exports",
    "inspect",
  ],
  etl: [
    "declare",
    "extract",
    "stage",
    "load",
    "checks",
    "match",
    "search",
    "build",
    "runs",
    "facts",
    "suppression",
    "run",
    "mine",
    "project",
    "erase",
    "campaigns",
    "programme",
    "destinations",
    "notices",
    "schedule",
    "backup",
    "index.ts",
    "demo",
  ],
  api: [
    "i18n",
    "charts",
    "assets",
    "islands",
    "schemas",
    "exports",
    "services",
    "http",
    "client",
    "pages",
    "routes",
    "app.ts",
    "scheduling.ts",
    "warming.ts",
    "server.ts",
    "cli",
  ],
};
const PRODUCT = ["engine", "cubes", "etl", "api"] as const;

/** what git ignores: packages, the build, the API's reference */
const IGNORED = new Set(["node_modules", "dist", "docs"]);

const read = (path: string): string => readFileSync(join(PACKAGE, path), "utf8");
const sources = new Map(TOP.map((folder) => [folder as string, sourcesOf(folder)]));
const product = PRODUCT.flatMap((folder) => sources.get(folder)!);
const every = [...sources.values()].flat();
const manifest = JSON.parse(read("package.json")) as {
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
};

/** A relative import as a path from the package's root. */
const target = (source: Source, specifier: string): string =>
  posix.normalize(posix.join(posix.dirname(source.path), specifier));
/** The package of a bare import. */
const packageOf = (specifier: string): string =>
  specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");

/** Longer files that wait for a split by concept; none may be added or grow. */
const LONGER: Readonly<Record<string, number>> = {
  "engine/query/scan/fact-source.ts": 270,
};

describe("folders", () => {
  it.each(Object.entries(ARROWS))("%s imports only what it may", (folder, allowed) => {
    const wrong = sources.get(folder)!.flatMap((source) =>
      source.imports
        .filter((each) => each.startsWith("."))
        .map((each) => target(source, each))
        .filter((path) => !allowed.includes(path.split("/")[0]!))
        .map((path) => `${source.path} -> ${path}`),
    );
    expect(wrong).toEqual([]);
  });

  it("the door is imported by name in projects and notebooks alone", () => {
    const wrong = product.filter(
      (source) =>
        source.imports.includes("tessera") ||
        source.imports.some((each) => each.startsWith(".") && target(source, each) === "index.ts"),
    );
    expect(wrong.map((source) => source.path)).toEqual([]);
  });

  it("DuckDB's dialect is known to the warehouse, and to models that write tables of their own", () => {
    const knowing = product.filter(
      (source) =>
        !source.path.startsWith("engine/warehouse/") &&
        !source.path.startsWith("engine/mining/") &&
        source.imports.some((each) => each.endsWith("/print-duckdb.ts")),
    );
    expect(knowing.map((source) => source.path)).toEqual([]);
  });

  it("have no import circles, types included", () => {
    const graph = importGraph(product.filter((source) => !source.path.endsWith(".d.ts")));
    expect(graph.size).toBeGreaterThan(600);
    expect(findCycle(graph)).toBeUndefined();
  });

  it.each(Object.entries(ROOMS))("%s imports only rooms before its own", (folder, rooms) => {
    const roomOf = (path: string): string => path.slice(folder.length + 1).split("/")[0]!;
    const inside = product.filter((source) => source.path.startsWith(`${folder}/`) && !source.path.endsWith(".d.ts"));
    const wrong = [...importGraph(inside)].flatMap(([from, imports]) =>
      imports.filter((to) => rooms.indexOf(roomOf(to)) > rooms.indexOf(roomOf(from))).map((to) => `${from} -> ${to}`),
    );
    expect(wrong).toEqual([]);
    expect(inside.map((source) => roomOf(source.path)).filter((room) => !rooms.includes(room))).toEqual([]);
  });

  it("are the six, and each has a README", () => {
    const tracked = new Set(
      execFileSync("git", ["-c", "safe.directory=*", "ls-files"], { cwd: PACKAGE, encoding: "utf8" })
        .split("\n")
        .filter((path) => path.includes("/"))
        .map((path) => path.split("/")[0]!)
        .filter((name) => !name.startsWith(".")),
    );
    const present = readdirSync(PACKAGE, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith(".") && !IGNORED.has(entry.name))
      .map((entry) => entry.name);
    expect([...tracked].sort()).toEqual([...TOP].sort());
    expect(present.sort()).toEqual([...TOP].sort());
    expect(TOP.filter((folder) => !existsSync(join(PACKAGE, folder, "README.md")))).toEqual([]);
  });
});

describe("files", () => {
  it("are at most 250 lines long, but for a few that may only shrink", () => {
    expect(
      product
        .filter((source) => source.lines > (LONGER[source.path] ?? 250))
        .map((source) => `${source.path}: ${source.lines}`),
    ).toEqual([]);
  });

  it("have comments of at most 120 columns; the formatter sees to the code", () => {
    const wide = product.flatMap((source) =>
      source.text
        .split("\n")
        .flatMap((line, i) => (line.length > 120 && /^\s*(\/\/|\/?\*)/.test(line) ? [`${source.path}:${i + 1}`] : [])),
    );
    expect(wide).toEqual([]);
  });

  it("never use the type any", () => {
    const found = every.flatMap((source) =>
      source.text
        .split("\n")
        .flatMap((line, i) =>
          /(?::|\bas|<|\|)\s*any\b(?!\s*\()(?!["'`])/.test(line.replace(/\/\/.*|^\s*\*.*/, ""))
            ? [`${source.path}:${i + 1}`]
            : [],
        ),
    );
    expect(found).toEqual([]);
  });

  it("name their JSX runtime, since tsx reads the tsconfig of the folder it is started in", () => {
    const views = every.filter((source) => source.path.endsWith(".tsx"));
    expect(views.length).toBeGreaterThan(20);
    expect(
      views
        .filter(
          (source) =>
            !/@jsxRuntime automatic/.test(source.text.slice(0, 300)) ||
            !/@jsxImportSource \S+/.test(source.text.slice(0, 300)),
        )
        .map((source) => source.path),
    ).toEqual([]);
  });

  it("are imported with their endings", () => {
    const wrong = every.flatMap((source) =>
      source.imports
        .filter((each) => each.startsWith(".") && !/\.(tsx?|mjs|json|css)$/.test(each))
        .map((each) => `${source.path}: ${each}`),
    );
    expect(wrong).toEqual([]);
  });

  it("hold no test that is left out in silence", () => {
    const left = sources
      .get("tests")!
      .filter((source) => /\b(?:it|test|describe)\.(?:skip|only|todo)\(/.test(source.text));
    expect(left.map((source) => source.path)).toEqual([]);
  });
});

describe("packages", () => {
  const ledger = [...read("DEPENDENCIES.md").matchAll(/^\| `([^`]+)` \| ([^|]+) \| (\d{4}-\d{2}) \| \S.* \|$/gm)].map(
    ([, name = "", licence = ""]) => ({ name, licence }),
  );
  const licenceOf = (name: string): string =>
    (JSON.parse(read(`node_modules/${name}/package.json`)) as { readonly license: string }).license;

  it("are listed in DEPENDENCIES.md with licence, last release and reason", () => {
    const declared = [...Object.keys(manifest.dependencies), ...Object.keys(manifest.devDependencies)];
    expect(ledger.map(({ name }) => name).sort()).toEqual(declared.sort());
    expect(ledger.filter(({ name, licence }) => licence !== licenceOf(name))).toEqual([]);
  });

  it("are declared where they are imported, and development's stay out of the product", () => {
    const bare = (of: readonly Source[]): Set<string> =>
      new Set(
        of
          .flatMap((source) => source.imports)
          .filter((each) => !/^(\.|\/|node:|tessera(?:$|\/))/.test(each))
          .map(packageOf),
      );
    expect([...bare(product)].filter((name) => !(name in manifest.dependencies))).toEqual([]);
    expect(
      [...bare(every)].filter((name) => !(name in manifest.dependencies) && !(name in manifest.devDependencies)),
    ).toEqual([]);
  });

  it("are all used", () => {
    const launcher = read("resolve-tessera.mjs") + read("tessera.cjs");
    const unused = Object.keys(manifest.dependencies).filter(
      (name) =>
        !product.some(
          (source) => source.imports.some((each) => packageOf(each) === name) || source.text.includes(`"${name}/`),
        ) && !launcher.includes(name),
    );
    expect(unused).toEqual([]);
  });

  it("have a lockfile without registry addresses, so that any mirror serves it", () => {
    expect(read("package-lock.json")).not.toMatch(/"resolved"/);
  });

  it("are locked for every platform, or npm ci refuses on all of them", () => {
    const { packages } = JSON.parse(read("package-lock.json")) as {
      packages: Record<string, { version?: string; optionalDependencies?: Record<string, string> }>;
    };
    const missing = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
      path === ""
        ? []
        : Object.keys(optionalDependencies).filter(
            (name) =>
              packages[`node_modules/${name}`]?.version === undefined &&
              packages[`${path}/node_modules/${name}`]?.version === undefined,
          ),
    );
    expect(missing).toEqual([]);
  });

  it("danfojs is for notebooks alone", () => {
    expect(
      every
        .filter(
          (source) =>
            !source.path.startsWith("notebooks/") && source.imports.some((each) => packageOf(each) === "danfojs-node"),
        )
        .map((source) => source.path),
    ).toEqual([]);
  });
});
