/** A test must notice: each asserts something that a wrong product would break. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { PACKAGE } from "../api/cli/_cli.ts";
import { sourcesOf } from "./_sources.ts";
import { testsIn, type Tested } from "./_assertions.ts";

/** True of nearly any value, or of any call that does not throw. */
const WEAK =
  /^(resolves\.|rejects\.)?(toBeDefined|not\.toBeUndefined|toBeTruthy|not\.toBeNull|not\.toThrow|not\.toThrowError|toBeInstanceOf)$/;
const isWeak = ({ matchers, asserts }: Tested): boolean => !asserts && matchers.every((matcher) => WEAK.test(matcher));
/** What a loaded machine breaks: these are ratios or counts, or measured by `tests/bench`. */
const isTimed = ({ timed }: Tested): boolean => timed;

const files = sourcesOf("tests").filter(({ path }) => /\.test\.tsx?$/.test(path));
const those = (is: (tested: Tested) => boolean): string[] =>
  files.flatMap(({ path }) =>
    testsIn(join(PACKAGE, path))
      .filter(is)
      .map(({ name }) => `${path}: ${name}`),
  );

test("every test asserts more than that something is there or does not throw", () => {
  expect(files.flatMap(({ path }) => testsIn(join(PACKAGE, path))).length).toBeGreaterThan(1000);
  expect(those(isWeak)).toEqual([]);
});

test("no test holds a passage of time against a bound that a loaded machine breaks", () => {
  expect(those(isTimed)).toEqual([]);
});

test("the scan knows weak tests from those that assert, also through helpers", () => {
  const folder = mkdtempSync(join(tmpdir(), "tessera-assertions-"));
  const path = join(folder, "a.test.ts");
  writeFileSync(
    path,
    `import { expect, test } from "vitest";
     const same = (a: number) => expect(a).toBe(1);
     const outer = async (a: number) => { await same(a); };
     function fails() { throw new Error("no"); }
     test("nothing", () => { JSON.parse("1"); });
     test("defined", async () => { expect(1).toBeDefined(); await expect(f()).resolves.toBeTruthy(); });
     test("does not throw", () => { expect(() => f()).not.toThrow(); });
     test("equal", () => { expect(1).toBeDefined(); expect(1).toBe(1); });
     test("by a helper", () => outer(1));
     test("by a throw", () => { fails(); });
     test.each([1])("each %i", (n) => { expect(n).toBeTruthy(); });
     test("by a property", () => { fc.assert(fc.property(fc.nat(), () => true)); });
     test("in time", () => { const began = Date.now(); expect(Date.now() - began).toBeLessThan(9); });
     test("in half the time", () => { const began = Date.now(); expect(2).toBeLessThan((Date.now() - began) / 2); });`,
  );
  const found = testsIn(path);
  rmSync(folder, { recursive: true });
  const names = (is: (tested: Tested) => boolean): string[] => found.filter(is).map(({ name }) => name.slice(1, -1));
  expect(names(isWeak)).toEqual(["nothing", "defined", "does not throw", "each %i"]);
  expect(names(isTimed)).toEqual(["in time"]);
});
