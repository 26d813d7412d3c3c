// A load's own process. The number of threads that DuckDB's queries run on comes from the parent, in the environment.
import { main } from "./load-process.ts";

await main();
