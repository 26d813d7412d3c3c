/** Which tests run a function: recorded once a state of the sources, so that a mutant meets few tests and the right ones. */
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Mutant } from "./areas.ts";

interface Reached {
  readonly test: string;
  readonly seconds: number;
  readonly reached: { readonly [path: string]: readonly string[] };
}

/** Seconds of tests that one mutant may meet. */
const MOST_SECONDS = 90;
const MOST_FILES = 12;

/** Records where there is no record yet; that takes as long as `npm test`. */
export function readReach(root: string, folder: string): Reached[] {
  if (!existsSync(folder)) {
    process.stderr.write("recording which tests run which functions: this takes as long as npm test …\n");
    try {
      execFileSync(
        process.execPath,
        [join(root, "node_modules/vitest/vitest.mjs"), "run", "--project", "unit", "--isolate", "--reporter=dot"],
        { cwd: root, env: { ...process.env, TESSERA_RECORD_REACH: folder }, stdio: ["ignore", "ignore", "inherit"] },
      );
    } catch {
      throw new Error("npm test fails without a mutation: fix that first");
    }
  }
  return readdirSync(folder).map((name) => JSON.parse(readFileSync(join(folder, name), "utf8")) as Reached);
}

/** The tests that run the mutated function: those that mirror its folder first, then the quick ones. */
export function testsFor(mutant: Mutant, reach: readonly Reached[]): string[] {
  const { path, within } = mutant;
  const runs = reach.filter(({ reached }) =>
    within === "" ? reached[path] !== undefined : (reached[path] ?? []).includes(within),
  );
  // commands and loads run in processes of their own, which no record sees
  const near = reach.filter(({ test }) => nearness(test, path) > 1);
  const chosen = [...new Set(runs.length > 0 ? runs : near)].sort(
    (a, b) => nearness(b.test, path) - nearness(a.test, path) || a.seconds - b.seconds,
  );
  let seconds = 0;
  return chosen
    .filter((each) => (seconds += each.seconds) <= MOST_SECONDS || each === chosen[0])
    .slice(0, MOST_FILES)
    .map(({ test }) => test);
}

/** How many folders a test shares with the file it mirrors. */
function nearness(test: string, path: string): number {
  const [of, to] = [test.split("/").slice(1, -1), path.split("/").slice(0, -1)];
  const differs = of.findIndex((part, i) => part !== to[i]);
  return differs < 0 ? of.length : differs;
}
