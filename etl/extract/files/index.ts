import { lazy } from "../../../engine/lazy.ts";
import type { SourceKind } from "../source-kind.ts";

export const files: SourceKind<"files"> = {
  extract: lazy(async () => (await import("./extract-files.ts")).extractFiles),
  test: lazy(async () => (await import("./test-files.ts")).testFiles),
  readsKeysAlone: false,
};
