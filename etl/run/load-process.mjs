// A load's own process. The number of threads that DuckDB's queries run on comes from the parent, in the environment.
import { register } from "node:module";
import { register as registerTypes } from "tsx/esm/api";

registerTypes();
register(new URL("../../resolve-tessera.mjs", import.meta.url), {
  data: { door: new URL("../../index.ts", import.meta.url).href },
});
const { main } = await import(new URL("load-process.ts", import.meta.url).href);
await main();
