/** A small Northgate, loaded, mined and served: every kind of page has something on it. */
import { dirname } from "node:path";
import { openProject, type OpenProject } from "../../../index.ts";
import { mineInProcess } from "../../../mining.ts";
import { startServer, type RunningServer } from "../../../api/server.ts";
import { demoFolder, loadedDemo } from "../../etl/demo/_demo.ts";

export interface DemoSite {
  readonly url: string;
  readonly project: OpenProject;
  /** what `TESSERA_HOME` is for commands about it */
  readonly home: string;
  close(): Promise<void>;
}

const MODELS = ["rfm", "churn", "together", "lifetime", "cohorts"];

export async function openDemoSite(scale = 0.04): Promise<DemoSite> {
  const demo = await loadedDemo(scale);
  await mineInProcess({ spec: demo.spec, folder: demoFolder, models: MODELS });
  const project = (await openProject(demo.spec, { folder: demoFolder })) as unknown as OpenProject;
  const server: RunningServer = await startServer({ project, port: 0 });
  return {
    url: server.url,
    project,
    home: dirname(demo.home),
    async close() {
      await server.close(500);
      await project.close();
      demo.remove();
    },
  };
}
