/** A reporter of Vitest: the ten slowest tests, so that the budget of `npm test` has names. */
import type { Reporter, TestModule } from "vitest/node";

const SHOWN = 10;
/** Milliseconds that no test of the unit project should take on a quiet machine; longer ones belong in `tests/long`. */
const LONGEST = 10_000;

export default class Slowest implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const tests = modules
      .flatMap((module) => [...module.children.allTests()])
      .map((test) => ({ name: test.fullName, file: test.module.moduleId, ms: test.diagnostic()?.duration ?? 0 }))
      .sort((a, b) => b.ms - a.ms);
    if (tests.length < SHOWN) return;
    console.log("slowest tests:");
    for (const { name, file, ms } of tests.slice(0, SHOWN)) {
      const mark = ms > LONGEST ? "  over the limit of 10 s" : "";
      console.log(`  ${(ms / 1000).toFixed(1).padStart(5)} s  ${file.split("/").at(-1)}  ${name.slice(0, 90)}${mark}`);
    }
  }
}
