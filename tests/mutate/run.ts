/**
 * Puts seeded changes into the product, one at a time in a copy of the last commit, and reports which the tests notice.
 *
 *     npm run test:mutate -- --seed 7 --count 100 [--area mining]
 *
 * The working tree is never touched. A second call with the same seed resumes; `--fresh` starts again.
 */
import { execFileSync, spawnSync } from "node:child_process";
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { AREAS, drawMutants, type Mutant } from "./areas.ts";
import { readReach, testsFor } from "./reach.ts";

type Verdict = "noticed" | "survived" | "equivalent";

interface Outcome {
  readonly id: string;
  readonly area: string;
  readonly verdict: Verdict;
  readonly seconds: number;
  readonly tests: readonly string[];
}

const REPOSITORY = fileURLToPath(new URL("../..", import.meta.url));
const CACHE = join(REPOSITORY, "node_modules/.cache/tessera-mutate");
const LONGEST_MS = 180_000;

const { values } = parseArgs({
  options: {
    seed: { type: "string", default: "1" },
    count: { type: "string", default: "60" },
    area: { type: "string" },
    fresh: { type: "boolean", default: false },
    list: { type: "boolean", default: false },
  },
});

const commit = execFileSync("git", ["rev-parse", "HEAD"], { cwd: REPOSITORY, encoding: "utf8" }).trim();
const copy = copyOfCommit();
try {
  const mutants = drawMutants(copy, Number(values.seed), Number(values.count), values.area);
  if (values.list) for (const mutant of mutants) console.log(describe(mutant));
  else report(mutants, runAll(mutants));
} finally {
  rmSync(copy, { recursive: true, force: true });
}

/** The committed files in a folder of their own, with this checkout's packages. */
function copyOfCommit(): string {
  const folder = mkdtempSync(join(tmpdir(), "tessera-mutate-"));
  const archive = execFileSync("git", ["archive", "HEAD"], { cwd: REPOSITORY, maxBuffer: 1 << 30 });
  execFileSync("tar", ["-x", "-C", folder], { input: archive });
  symlinkSync(join(REPOSITORY, "node_modules"), join(folder, "node_modules"));
  return folder;
}

function runAll(mutants: readonly Mutant[]): Outcome[] {
  mkdirSync(CACHE, { recursive: true });
  const log = join(CACHE, `${commit}-${values.seed}-${values.count}-${values.area ?? "all"}.jsonl`);
  if (values.fresh) rmSync(log, { force: true });
  const known = existsSync(log) ? readFileSync(log, "utf8").trim().split("\n").filter(Boolean) : [];
  const done = new Map(known.map((line) => JSON.parse(line) as Outcome).map((each) => [each.id, each]));
  const reach = readReach(copy, join(CACHE, `reach-${commit}`));
  const equivalent = readEquivalent();
  return mutants.map((mutant, n) => {
    const before = done.get(mutant.id);
    const outcome = before ?? judge(mutant, testsFor(mutant, reach), equivalent);
    if (!before) appendFileSync(log, `${JSON.stringify(outcome)}\n`);
    process.stderr.write(`${n + 1}/${mutants.length} ${outcome.verdict.padEnd(10)} ${describe(mutant)}\n`);
    return outcome;
  });
}

/** Mutants that change nothing that anybody could see, each with its reason, by file and changed text. */
function readEquivalent(): ReadonlySet<string> {
  const file = fileURLToPath(new URL("equivalent.json", import.meta.url));
  const declared = JSON.parse(readFileSync(file, "utf8")) as {
    path: string;
    before: string;
    after: string;
    reason: string;
  }[];
  return new Set(declared.map(({ path, before, after }) => JSON.stringify([path, before, after])));
}

function judge(mutant: Mutant, tests: readonly string[], equivalent: ReadonlySet<string>): Outcome {
  const started = performance.now();
  const outcome = (verdict: Verdict): Outcome => ({
    id: mutant.id,
    area: mutant.area,
    verdict,
    seconds: Math.round((performance.now() - started) / 100) / 10,
    tests,
  });
  if (equivalent.has(JSON.stringify([mutant.path, mutant.before, mutant.replacement]))) return outcome("equivalent");
  if (tests.length === 0) return outcome("survived");
  const file = join(copy, mutant.path);
  const source = readFileSync(file, "utf8");
  writeFileSync(file, source.slice(0, mutant.start) + mutant.replacement + source.slice(mutant.end));
  try {
    const { status } = spawnSync(
      process.execPath,
      [
        join(copy, "node_modules/vitest/vitest.mjs"),
        "run",
        "--project",
        "unit",
        "--bail=1",
        "--reporter=dot",
        ...tests,
      ],
      { cwd: copy, timeout: LONGEST_MS, stdio: "ignore", killSignal: "SIGKILL" },
    );
    return outcome(status === 0 ? "survived" : "noticed");
  } finally {
    writeFileSync(file, source);
  }
}

function describe({ path, line, kind, before, replacement }: Mutant): string {
  const short = (text: string): string => (text.length > 60 ? `${text.slice(0, 57)}…` : text).replaceAll(/\s+/g, " ");
  return `${path}:${line} ${kind}: ${short(before)} -> ${short(replacement) || "nothing"}`;
}

function report(mutants: readonly Mutant[], outcomes: readonly Outcome[]): void {
  const share = (of: readonly Outcome[]): string => {
    const told = of.filter(({ verdict }) => verdict !== "equivalent");
    const noticed = told.filter(({ verdict }) => verdict === "noticed").length;
    const equal = of.length - told.length;
    const percent = told.length === 0 ? "–" : `${Math.round((100 * noticed) / told.length)} %`;
    return `${noticed} of ${told.length} noticed (${percent})${equal > 0 ? `, ${equal} equivalent` : ""}`;
  };
  for (const area of Object.keys(AREAS)) {
    const own = outcomes.filter((each) => each.area === area);
    if (own.length > 0) console.log(`${area.padEnd(10)} ${share(own)}`);
  }
  console.log(`${"all".padEnd(10)} ${share(outcomes)} (seed ${values.seed})`);
  const survivors = new Set(outcomes.filter(({ verdict }) => verdict === "survived").map(({ id }) => id));
  if (survivors.size > 0) console.log("\nsurvived:");
  for (const mutant of mutants) if (survivors.has(mutant.id)) console.log(`  ${describe(mutant)}`);
}
