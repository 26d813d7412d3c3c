// Runs the projects that `npm test` leaves out: pages in a real browser, and tests that take minutes; and again the tests that need a MariaDB server,
// which is installed where that may be. Says how many of each it ran.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const vitest = join(root, "node_modules/vitest/vitest.mjs");
const kept = process.env.TESSERA_TEST_REPORTS;
const reports = kept ?? mkdtempSync(join(tmpdir(), "tessera-tests-"));
const lines = [];
let failed = false;

if (!existsSync("/usr/sbin/mariadbd") && process.getuid?.() === 0 && existsSync("/usr/bin/apt-get")) {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  for (const args of [
    ["update", "-qq"],
    ["install", "-y", "-qq", "--no-install-recommends", "mariadb-server"],
  ])
    spawnSync("apt-get", ["-o", "DPkg::Lock::Timeout=120", ...args], { env, stdio: "ignore" });
}

for (const [name, project, ...files] of [
  ["browser", "browser"],
  ["long", "long"],
  ["MariaDB", "unit", "tests/etl/extract/mysql.test.ts", "tests/etl/destinations/mysql.test.ts"],
]) {
  const report = join(reports, `${name}.json`);
  const { status } = spawnSync(
    process.execPath,
    [
      vitest,
      "run",
      "--project",
      project,
      ...files,
      "--reporter=default",
      "--reporter=json",
      `--outputFile.json=${report}`,
      "--passWithNoTests=false",
    ],
    { cwd: root, stdio: ["ignore", "inherit", "inherit"] },
  );
  if (status !== 0) failed = true;
  try {
    const { numPassedTests, numFailedTests, numPendingTests, testResults } = JSON.parse(readFileSync(report, "utf8"));
    lines.push(`${name}: ${numPassedTests} passed, ${numFailedTests} failed, ${numPendingTests} skipped`);
    for (const { assertionResults } of testResults)
      for (const test of assertionResults)
        if (test.status === "pending" || test.status === "skipped") lines.push(`  skipped: ${test.fullName}`);
  } catch {
    failed = true;
    lines.push(`${name}: no report was written`);
  }
}
if (kept === undefined) rmSync(reports, { recursive: true, force: true });
console.log(lines.join("\n"));
process.exit(failed ? 1 : 0);
