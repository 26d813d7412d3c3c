// Mining's own process, so that its memory and its long sums stay away from the queries.
import { main } from "./mine-process.ts";

await main();
