/** What takes long to make and several test files need is made once a run, by whichever file comes first. */
import { cpSync, existsSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";

/**
 * Makes `to` a copy of a folder that is made once a run. Only the first caller of a name runs `make`, whichever worker it is in;
 * the others wait for it.
 */
export async function copyOfShared(name: string, to: string, make: (folder: string) => Promise<void>): Promise<void> {
  const root = process.env["TESSERA_TEST_SHARED"];
  if (root === undefined) throw new Error("TESSERA_TEST_SHARED is not set: tests/build-first.ts has not run");
  const [folder, failed, lock] = [name, `${name}.failed`, `${name}.lock`].map((each) => join(root, each)) as [
    string,
    string,
    string,
  ];
  if (isFirst(lock)) {
    try {
      await make(`${folder}.making`);
      renameSync(`${folder}.making`, folder);
    } catch (error) {
      writeFileSync(failed, String(error));
      throw error;
    }
  }
  while (!existsSync(folder)) {
    if (existsSync(failed)) throw new Error(`${name} could not be made; the file that tried tells why`);
    await wait(50);
  }
  cpSync(folder, to, { recursive: true });
}

function isFirst(lock: string): boolean {
  try {
    mkdirSync(lock);
    return true;
  } catch {
    return false;
  }
}
