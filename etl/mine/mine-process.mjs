// Mining's own process, so that its memory and its long sums stay away from the queries.
import { register } from "node:module";
import { register as registerTypes } from "tsx/esm/api";

registerTypes();
register(new URL("../../resolve-tessera.mjs", import.meta.url), { data: { door: new URL("../../index.ts", import.meta.url).href } });
const { main } = await import(new URL("mine-process.ts", import.meta.url).href);
await main();
