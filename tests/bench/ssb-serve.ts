/** Serves a warehouse of the Star Schema Benchmark: `ssb-serve.ts FOLDER` prints its address. */
import { openProject } from "../../index.ts";
import { startServer } from "../../api/server.ts";
import { rolledProject } from "./ssb-http.ts";

const folder = process.argv[2]!;
const project = await openProject(rolledProject(folder), { folder });
const server = await startServer({ project, port: 0 });
process.stdout.write(`${server.url}\n`);
process.once("SIGTERM", () => {
  void server
    .close()
    .then(() => project.close())
    .then(() => process.exit(0));
});
