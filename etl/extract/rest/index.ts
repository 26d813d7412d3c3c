import { lazy } from "../../../engine/lazy.ts";
import type { SourceKind } from "../source-kind.ts";

export const rest: SourceKind<"rest"> = {
  extract: lazy(async () => (await import("./extract-rest.ts")).extractRest),
  test: lazy(async () => (await import("./test-rest.ts")).testRest),
  readsKeysAlone: false,
};
