import { resolve } from "node:path";
import { resolveSetting } from "../../declare/secret.ts";
import type { FilesSource } from "../../declare/sources/files.ts";
import type { TestContext } from "../source-kind.ts";
import { listFiles } from "./list-files.ts";

/** Counts the files. @throws TesseraError `source-unavailable` */
export async function testFiles(source: FilesSource, { folder, environment, place }: TestContext): Promise<string> {
  const found = listFiles(resolve(folder, resolveSetting(source.path, environment, place)), "**", place);
  return `${found.length} files`;
}
