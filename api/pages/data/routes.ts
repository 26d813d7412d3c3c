/** `/data`: jobs, loads, identities, and their forms. */
import { TesseraError, didYouMean, phrase } from "../../../engine/errors/index.ts";
import { cancelRun, getRun, pauseJob, resumeJob, rollbackLoad } from "../../../etl/index.ts";
import { decide, parsePair } from "../../../etl/match/index.ts";
import { matchOf } from "../../../etl/project/match-review.ts";
import { withProjectState } from "../../services/project-state.ts";
import type { Services } from "../../services/services.ts";
import type { App } from "../../http/environment.ts";
import { irreversible } from "../parts/consent.tsx";
import { dataPage } from "./data-page.tsx";
import { identitiesPage } from "./identities-page.tsx";
import { jobPage } from "./job-page.tsx";
import { loadPage } from "./load-page.tsx";

const jobNotFound = ({ project }: Services, name: string): TesseraError => {
  const names = (project.spec.jobs ?? []).map((job) => job.name);
  return new TesseraError("not-found", phrase`job "${name.slice(0, 100)}" not found${didYouMean(name, names)}`, {
    remedy: { action: "list-jobs" },
  });
};

export const dataRoutes = (app: App): void => {
  app.get("/data", async (c) => c.html(await dataPage(c.var.services)));
  app.get("/data/identities", async (c) => c.html(await identitiesPage(c.var.services)));
  app.post("/data/identities", async (c) => {
    const { project, clock } = c.var.services;
    const { pair, decision, match } = await c.req.parseBody();
    if (typeof pair !== "string" || (decision !== "same" && decision !== "apart"))
      throw new TesseraError("bad-request", "the pair or the decision is missing", {
        remedy: "use the buttons of a pair",
      });
    await withProjectState(project, (state) =>
      decide(
        state,
        matchOf(project.spec, typeof match === "string" ? match : undefined).name,
        { ...parsePair(pair), decision },
        "page",
        clock(),
      ),
    );
    return c.redirect("/data/identities", 303);
  });
  app.get("/data/jobs/:name", async (c) => {
    const page = await jobPage(c.req.param("name"), c.var.services);
    if (page === null) throw jobNotFound(c.var.services, c.req.param("name"));
    return c.html(page);
  });
  app.get("/data/loads/:id", async (c) => c.html(await loadPage(c.req.param("id"), c.var.services)));
  app.post("/data/run", async (c) => c.redirect(`/data/loads/${await c.var.services.loads.start({})}`, 303));
  app.post("/data/jobs/:name/run", async (c) => {
    const name = c.req.param("name");
    if (!(c.var.services.project.spec.jobs ?? []).some((j) => j.name === name)) throw jobNotFound(c.var.services, name);
    return c.redirect(`/data/loads/${await c.var.services.loads.start({ jobs: [name] })}`, 303);
  });
  app.post("/data/jobs/:name/:what{pause|resume}", async (c) => {
    const { project, clock } = c.var.services;
    const { name, what } = c.req.param();
    await withProjectState(project, (state) =>
      what === "pause" ? pauseJob(project.spec, state, name, "page", clock()) : resumeJob(project.spec, state, name),
    );
    // back to the page with the button: the list, or the job's own page
    return c.redirect(
      (c.req.header("referer") ?? "").endsWith(`/data/jobs/${encodeURIComponent(name)}`)
        ? `/data/jobs/${encodeURIComponent(name)}`
        : `/data#job-${encodeURIComponent(name)}`,
      303,
    );
  });
  app.post("/data/loads/:id/cancel", async (c) => {
    const { project, loads } = c.var.services;
    const id = c.req.param("id");
    // a run of another process gets a signal
    if (!loads.cancel(id)) await withProjectState(project, (state) => cancelRun(state, id));
    return c.redirect(`/data/loads/${encodeURIComponent(id)}`, 303);
  });
  irreversible(app, {
    path: "/data/loads/:id/rollback",
    active: "/data",
    question: async (c) => {
      const { project, words } = c.var.services;
      const { rollback } = words.data;
      const run = await withProjectState(project, (state) => getRun(state, c.req.param("id") ?? ""));
      return {
        title: rollback.question(run.id),
        effect: run.baseVersion === null ? rollback.toBefore : rollback.toVersion(run.baseVersion),
        confirm: rollback.confirm,
        back: `/data/loads/${run.id}`,
      };
    },
    change: async (c) => {
      const { project } = c.var.services;
      await rollbackLoad(project.warehouse, c.req.param("id") ?? "", "page");
      await project.refresh();
      return "/data";
    },
  });
};
