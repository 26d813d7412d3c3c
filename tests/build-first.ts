/**
 * Before the first test, `dist/` is built where the sources have changed (pages serve files of it, commands run from it),
 * and a folder is made for what several test files share. It is removed after the last.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export default (): (() => void) => {
  execFileSync(process.execPath, [fileURLToPath(new URL("../build.mjs", import.meta.url))], { stdio: "inherit" });
  const shared = mkdtempSync(join(tmpdir(), "tessera-shared-"));
  process.env["TESSERA_TEST_SHARED"] = shared;
  return () => rmSync(shared, { recursive: true, force: true });
};
