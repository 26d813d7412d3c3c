import { lazy } from "../../../engine/lazy.ts";
import type { SourceKind } from "../source-kind.ts";

export const custom: SourceKind<"custom"> = {
  extract: lazy(async () => (await import("./extract-custom.ts")).extractCustom),
  test: lazy(async () => (await import("./test-custom.ts")).testCustom),
  readsKeysAlone: false,
};
