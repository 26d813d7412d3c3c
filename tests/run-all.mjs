// Runs the projects that `npm test` leaves out: pages in a real browser, and tests that take minutes. Says how many of each it ran.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const vitest = join(root, "node_modules/vitest/vitest.mjs");
const kept = process.env.TESSERA_TEST_REPORTS;
const reports = kept ?? mkdtempSync(join(tmpdir(), "tessera-tests-"));
const lines = [];
let failed = false;

for (const project of ["browser", "long"]) {
  const report = join(reports, `${project}.json`);
  const { status } = spawnSync(process.execPath, [vitest, "run", "--project", project, "--reporter=default", "--reporter=json", `--outputFile.json=${report}`, "--passWithNoTests=false"], { cwd: root, stdio: ["ignore", "inherit", "inherit"] });
  if (status !== 0) failed = true;
  try {
    const { numPassedTests, numFailedTests, numPendingTests, testResults } = JSON.parse(readFileSync(report, "utf8"));
    lines.push(`${project}: ${numPassedTests} passed, ${numFailedTests} failed, ${numPendingTests} skipped`);
    for (const { assertionResults } of testResults) for (const test of assertionResults) if (test.status === "pending" || test.status === "skipped") lines.push(`  skipped: ${test.fullName}`);
  } catch {
    failed = true;
    lines.push(`${project}: no report was written`);
  }
}
if (kept === undefined) rmSync(reports, { recursive: true, force: true });
console.log(lines.join("\n"));
process.exit(failed ? 1 : 0);
