// Mining's own process, so that its memory and its long sums stay away from the queries.
import "../../register.mjs";

const { main } = await import(new URL("mine-process.ts", import.meta.url).href);
await main();
