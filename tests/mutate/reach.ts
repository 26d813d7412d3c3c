/** Which tests run a function: recorded once a test file, so that a mutant meets few tests and the right ones. */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import type { Mutant } from "./areas.ts";

interface Reached {
  readonly test: string;
  readonly seconds: number;
  readonly reached: { readonly [path: string]: readonly string[] };
  /** of the test file as it was recorded */
  readonly hash?: string;
  /** false for a file that fails without a mutation: it cannot notice one */
  readonly passed?: boolean;
}

/** Seconds of tests, as they were recorded: of those that run the mutated function, and of others in its folder. */
const SECONDS_SEEN = 120;
const SECONDS_UNSEEN = 90;
const MOST_FILES = 24;
/** Test files that run no code of their own process, or check the sources as text. */
const NO_JUDGE = /^tests\/(architecture|package|browser|long|real)\//;

/** Records the test files that are new or changed since they were recorded; all of them take as long as `npm test`. */
export function readReach(root: string, folder: string): Reached[] {
  mkdirSync(folder, { recursive: true });
  const fileOf = (test: string): string => join(folder, `${test.replaceAll("/", "__")}.json`);
  const hashOf = (test: string): string =>
    createHash("sha256")
      .update(readFileSync(join(root, test)))
      .digest("hex");
  const tests = readdirSync(join(root, "tests"), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.test\.tsx?$/.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .filter((test) => !NO_JUDGE.test(test));
  const read = (test: string): Reached => JSON.parse(readFileSync(fileOf(test), "utf8")) as Reached;
  const missing = tests.filter((test) => !existsSync(fileOf(test)) || read(test).hash !== hashOf(test));
  if (missing.length > 0) {
    process.stderr.write(`recording which functions ${missing.length} test files run …\n`);
    const failed = record(root, folder, missing);
    for (const test of missing.filter((each) => existsSync(fileOf(each))))
      writeFileSync(fileOf(test), JSON.stringify({ ...read(test), hash: hashOf(test), passed: !failed.has(test) }));
  }
  return tests.filter((test) => existsSync(fileOf(test))).map(read);
}

/** Runs test files, each in a process of its own; returns those that fail as they are. */
function record(root: string, folder: string, tests: readonly string[]): ReadonlySet<string> {
  const report = join(folder, "report.tmp");
  spawnSync(
    process.execPath,
    [
      join(root, "node_modules/vitest/vitest.mjs"),
      ...["run", "--project", "unit", "--isolate", "--reporter=json", `--outputFile.json=${report}`],
      ...tests,
    ],
    { cwd: root, env: { ...process.env, TESSERA_RECORD_REACH: folder }, stdio: "ignore" },
  );
  const { testResults } = JSON.parse(readFileSync(report, "utf8")) as {
    testResults: { name: string; status: string }[];
  };
  rmSync(report);
  const failed = testResults.filter(({ status }) => status === "failed").map(({ name }) => relative(root, name));
  for (const test of failed) process.stderr.write(`left out, because it fails without a mutation: ${test}\n`);
  return new Set(failed);
}

/** Loads, mining and commands run in processes of their own, which no record sees. */
const IN_CHILDREN = /^(etl|engine\/mining|engine\/warehouse|api\/cli)\//;

/** The tests that run the mutated function, the likeliest to notice first. */
export function testsFor(mutant: Mutant, reach: readonly Reached[]): { tests: string[]; seconds: number } {
  const { path, within } = mutant;
  const able = reach.filter(({ passed }) => passed !== false);
  const runs = able.filter(({ reached }) =>
    within === "" ? reached[path] !== undefined : (reached[path] ?? []).includes(within),
  );
  const near = able.filter(({ test }) => nearness(test, path) > 1);
  const worth = new Map(able.map((each) => [each, promise(each, path)]));
  const byWorth = (a: Reached, b: Reached): number => (worth.get(b) ?? 0) - (worth.get(a) ?? 0);
  const unseen = IN_CHILDREN.test(path) || runs.length === 0 ? near.toSorted(byWorth) : [];
  const picked = [...new Set([...upTo(SECONDS_SEEN, runs.toSorted(byWorth)), ...upTo(SECONDS_UNSEEN, unseen)])].slice(
    0,
    MOST_FILES,
  );
  return { tests: picked.map(({ test }) => test), seconds: picked.reduce((sum, each) => sum + each.seconds, 0) };
}

/** More for a test that runs more of the mutated file, mirrors its folder, and is quick. */
const promise = ({ test, reached, seconds }: Reached, path: string): number =>
  ((1 + (reached[path]?.length ?? 0)) * (1 + nearness(test, path))) / (seconds + 2);

/** The first of them that together take so long; always one. */
function upTo(most: number, tests: readonly Reached[]): Reached[] {
  let sum = 0;
  return tests.filter((each, i) => {
    if (i > 0 && sum + each.seconds > most) return false;
    sum += each.seconds;
    return true;
  });
}

/** How many folders a test shares with the file it mirrors. */
function nearness(test: string, path: string): number {
  const [of, to] = [test.split("/").slice(1, -1), path.split("/").slice(0, -1)];
  const differs = of.findIndex((part, i) => part !== to[i]);
  return differs < 0 ? of.length : differs;
}
