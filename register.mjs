// TypeScript runs as it is, and "tessera" is the running package from whichever folder a project's config imports it.
import { register } from "node:module";
import { register as registerTypes } from "tsx/esm/api";

registerTypes();
register(new URL("resolve-tessera.mjs", import.meta.url), {
  data: { door: new URL("index.ts", import.meta.url).href },
});
