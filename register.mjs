// For scripts in TypeScript: node --import PATH/TO/tessera/register.mjs ask.ts
import { existsSync } from "node:fs";
import { BUILT_DOORS, readTypeScript } from "./resolve-tessera.mjs";

// a clone runs what its sources say now
const builder = new URL("build.mjs", import.meta.url);
if (existsSync(builder)) {
  const { isFresh } = (await import("./build-stamp.cjs")).default;
  if (!isFresh("code")) await (await import(builder.href)).build();
}
await readTypeScript(BUILT_DOORS);
