// A thread that reads one range of a PostgreSQL table.
import { register } from "tsx/esm/api";

register();
const { main } = await import(new URL("pg-range-worker.ts", import.meta.url).href);
await main();
