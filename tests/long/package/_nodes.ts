/** Every version of Node that is on this machine: the one that runs the tests, and those that `TESSERA_TEST_NODES` lists. */
import { execFileSync } from "node:child_process";

export interface PresentNode {
  readonly version: string;
  readonly path: string;
}

/** @example TESSERA_TEST_NODES=/opt/node22/bin/node:/opt/node24/bin/node */
export const presentNodes = (): PresentNode[] =>
  [process.execPath, ...(process.env["TESSERA_TEST_NODES"] ?? "").split(":").filter((path) => path !== "")].map(
    (path) => ({ path, version: execFileSync(path, ["--version"], { encoding: "utf8" }).trim() }),
  );
