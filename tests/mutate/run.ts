/**
 * Puts seeded changes into the product, one at a time in a copy of the last commit, and reports which the tests notice.
 *
 *     npm run test:mutate -- --seed 7 --count 100 [--area mining]
 *
 * The working tree is never touched. A second call with the same seed resumes; `--fresh` starts again.
 */
import { execFileSync } from "node:child_process";
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
import { openJudge } from "./judge.ts";
import { readReach, testsFor } from "./reach.ts";

type Verdict = "noticed" | "survived" | "equivalent";

interface Outcome {
  readonly id: string;
  readonly area: string;
  readonly verdict: Verdict;
  readonly seconds: number;
  readonly tests: readonly string[];
  /** the test that noticed it */
  readonly by?: string;
}

const REPOSITORY = fileURLToPath(new URL("../..", import.meta.url));
const CACHE = join(REPOSITORY, "node_modules/.cache/tessera-mutate");

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
const judge = openJudge(copy);
try {
  const mutants = drawMutants(copy, Number(values.seed), Number(values.count), values.area);
  if (values.list) for (const mutant of mutants) console.log(describe(mutant));
  else report(mutants, await runAll(mutants));
} finally {
  judge.close();
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

async function runAll(mutants: readonly Mutant[]): Promise<Outcome[]> {
  mkdirSync(CACHE, { recursive: true });
  const log = join(CACHE, `${commit}-${values.seed}-${values.count}-${values.area ?? "all"}.jsonl`);
  if (values.fresh) rmSync(log, { force: true });
  const known = existsSync(log) ? readFileSync(log, "utf8").trim().split("\n").filter(Boolean) : [];
  const done = new Map(known.map((line) => JSON.parse(line) as Outcome).map((each) => [each.id, each]));
  // the record of another commit serves too: it only chooses tests
  const reach = readReach(copy, join(CACHE, "reach"));
  const equivalent = readEquivalent();
  const outcomes: Outcome[] = [];
  for (const [n, mutant] of mutants.entries()) {
    const before = done.get(mutant.id);
    const outcome = before ?? (await outcomeOf(mutant, testsFor(mutant, reach), equivalent));
    if (!before) appendFileSync(log, `${JSON.stringify(outcome)}\n`);
    outcomes.push(outcome);
    const { verdict, seconds, by } = outcome;
    process.stderr.write(
      `${n + 1}/${mutants.length} ${verdict.padEnd(10)} ${seconds} s  ${describe(mutant)}${by ? `  <- ${by}` : ""}\n`,
    );
  }
  return outcomes;
}

interface Declared {
  readonly path: string;
  /** the whole line of the source, trimmed */
  readonly line: string;
  readonly before: string;
  readonly after: string;
  readonly reason: string;
}

/** Mutants that change nothing that anybody could see, each with its reason. */
function readEquivalent(): ReadonlySet<string> {
  const file = fileURLToPath(new URL("equivalent.json", import.meta.url));
  const declared = JSON.parse(readFileSync(file, "utf8")) as Declared[];
  return new Set(declared.map(({ path, line, before, after }) => JSON.stringify([path, line, before, after])));
}

async function outcomeOf(
  mutant: Mutant,
  { tests, seconds }: ReturnType<typeof testsFor>,
  equivalent: ReadonlySet<string>,
): Promise<Outcome> {
  const { id, area, path, lineText, before, replacement } = mutant;
  const started = performance.now();
  const outcome = (verdict: Verdict, by?: string): Outcome => ({
    id,
    area,
    verdict,
    seconds: Math.round((performance.now() - started) / 100) / 10,
    tests,
    ...(by !== undefined && { by }),
  });
  if (equivalent.has(JSON.stringify([path, lineText, before, replacement]))) return outcome("equivalent");
  if (tests.length === 0) return outcome("survived");
  const file = join(copy, path);
  const source = readFileSync(file, "utf8");
  writeFileSync(file, source.slice(0, mutant.start) + replacement + source.slice(mutant.end));
  try {
    const { by } = await judge.run(file, tests, 1000 * (30 + 3 * seconds));
    return by === undefined ? outcome("survived") : outcome("noticed", by);
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
