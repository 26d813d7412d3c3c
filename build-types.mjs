/** The declarations of what a user imports: TypeScript's own, only those that the package's doors reach. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

const DOORS = ["index", "mining", "etl/index", "api/client/index"];
/** Packages whose types a user's compiler reads with ours; each has types of its own. */
const TYPED = new Set(["croner", "kysely", "duckdb", "libsql"]);
// examples in comments count for nothing
const SPECIFIER = /^(?! *(?:\*|\/\*|\/\/)).*?(?:\bfrom |\bimport\(|\bimport )"[^"]+".*$/gm;
const NAME = /(\bfrom |\bimport\(|\bimport )"([^"]+)"/g;

export function writeTypes(root, { writeChanged, removeOthers }) {
  const folder = mkdtempSync(join(tmpdir(), "tessera-types-"));
  try {
    const tsc = join(dirname(createRequire(import.meta.url).resolve("typescript/package.json")), "bin/tsc");
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [tsc, "-p", "tsconfig.types.json", "--outDir", folder],
      {
        cwd: root,
        encoding: "utf8",
      },
    );
    if (status !== 0) throw new Error(`the declarations cannot be made:\n${stdout}${stderr}`);
    const written = new Set();
    const take = (module) => {
      const path = join(root, "dist", `${module}.d.ts`);
      if (written.has(path)) return;
      written.add(path);
      const source = join(folder, `${module}.d.ts`);
      if (!existsSync(source)) throw new Error(`${module} has no declarations, and a door of the package needs them`);
      const named = (_, before, specifier) => {
        if (specifier.startsWith(".")) {
          take(join(dirname(module), specifier).replace(/\.tsx?$/, ""));
          return `${before}"${specifier.replace(/\.tsx?$/, ".js")}"`;
        }
        const name = specifier
          .split("/")
          .slice(0, specifier.startsWith("@") ? 2 : 1)
          .join("/");
        if (!TYPED.has(name)) throw new Error(`${module} shows types of ${specifier} to users, who may not have them`);
        return `${before}"${specifier}"`;
      };
      const text = readFileSync(source, "utf8").replace(SPECIFIER, (line) => line.replace(NAME, named));
      writeChanged(path, text);
    };
    for (const door of DOORS) take(door);
    removeOthers(join(root, "dist"), written, /\.d\.ts$/);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
