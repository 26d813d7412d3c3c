// The thread of one range of a table.
import { main } from "./pg-range-worker.ts";

void main();
