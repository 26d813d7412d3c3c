/** The package as `npm pack` makes it, installed without a registry: its dependencies are those of the checkout. */
import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { PACKAGE } from "../../api/cli/_cli.ts";

/** The tarball's path. */
export function pack(into: string): string {
  // `prepack` builds; npm's own variables would speak of the run that started the tests
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("npm_")));
  const args = ["pack", "--silent", "--pack-destination", into];
  const name = execFileSync("npm", args, { cwd: PACKAGE, env, encoding: "utf8" }).trim().split("\n").at(-1)!;
  return join(into, name);
}

/** What `npm install TARBALL` leaves in a folder, but for the packages that only development needs. */
export function install(tarball: string, folder: string): string {
  const modules = join(folder, "node_modules");
  const home = join(modules, "tessera");
  mkdirSync(home, { recursive: true });
  execFileSync("tar", ["-xzf", tarball, "-C", home, "--strip-components=1"]);
  const { packages } = JSON.parse(readFileSync(join(PACKAGE, "package-lock.json"), "utf8")) as {
    readonly packages: { readonly [path: string]: { readonly dev?: boolean; readonly devOptional?: boolean } };
  };
  const link = (name: string): void => {
    mkdirSync(dirname(join(modules, name)), { recursive: true });
    symlinkSync(join(PACKAGE, "node_modules", name), join(modules, name));
  };
  for (const name of installed()) if (!packages[`node_modules/${name}`]?.dev) link(name);
  // the new project's own development dependency
  link("typescript");
  return home;
}

function installed(): string[] {
  const folder = join(PACKAGE, "node_modules");
  return readdirSync(folder)
    .filter((name) => !name.startsWith("."))
    .flatMap((name) =>
      name.startsWith("@") ? readdirSync(join(folder, name)).map((each) => `${name}/${each}`) : [name],
    );
}
