/** The process that {@link openJudge} starts: takes `{ changed, tests }` and answers with the first test that fails. */
import { relative } from "node:path";
import { pathToFileURL } from "node:url";
import { createVitest, type TestModule, type TestSpecification } from "vitest/node";

interface Task {
  readonly changed: string;
  readonly tests: readonly string[];
}

const [root = "."] = process.argv.slice(2);
let order: readonly string[] = [];

/** In the order that was asked for: the likeliest test first. */
class AsAsked {
  shard(files: TestSpecification[]): TestSpecification[] {
    return files;
  }
  sort(files: TestSpecification[]): TestSpecification[] {
    const place = ({ moduleId }: TestSpecification): number => order.indexOf(relative(root, moduleId));
    return files.toSorted((a, b) => place(a) - place(b));
  }
}

const vitest = await createVitest("test", {
  root,
  project: ["unit"],
  watch: false,
  bail: 1,
  maxWorkers: 1,
  // a mutant that waits for ever is told from a slow test by the caller
  testTimeout: 60_000,
  reporters: [{}],
  sequence: { sequencer: AsAsked },
});
const { build, buildModule } = (await import(pathToFileURL(`${root}/build.mjs`).href)) as {
  build(options?: { readonly types?: boolean }): Promise<void>;
  buildModule(path: string): Promise<void>;
};
let built = false;
let before: string | undefined;

process.on("message", ({ changed, tests }: Task) => {
  void judge(changed, tests).then((by) => process.send?.({ by }));
});
process.on("disconnect", () => process.exit());

async function judge(changed: string, tests: readonly string[]): Promise<string | undefined> {
  // the first time all of `dist/`, then what changes
  if (!built) await build({ types: true });
  built = true;
  // the mutant before this one has been taken out again
  for (const path of new Set([before ?? changed, changed])) {
    vitest.invalidateFile(path);
    try {
      await buildModule(path);
    } catch (error) {
      return `cannot be built: ${String(error)}`;
    }
  }
  before = changed;
  order = tests;
  const specifications = (await vitest.globTestSpecifications([...tests])).filter(({ moduleId }) =>
    tests.includes(relative(root, moduleId)),
  );
  const { unhandledErrors } = await vitest.runTestSpecifications(specifications);
  const failed = specifications
    .map(({ testModule }) => testModule)
    .find((module) => module !== undefined && module.state() === "failed");
  if (failed) return nameOf(failed);
  return unhandledErrors.length > 0 ? `an unhandled error: ${String(unhandledErrors[0])}` : undefined;
}

function nameOf(module: TestModule): string {
  const file = relative(root, module.moduleId);
  for (const test of module.children.allTests("failed")) return `${file} > ${test.fullName}`;
  return `${file}: ${module.errors()[0]?.message ?? "a hook failed"}`;
}
