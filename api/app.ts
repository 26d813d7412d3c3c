/** The application: API, pages and assets of one open project. */
import { OpenAPIHono } from "@hono/zod-openapi";
import { HTTPException } from "hono/http-exception";
import { createHash } from "node:crypto";
import { TesseraError } from "../engine/errors/index.ts";
import type { OpenProject } from "../etl/project/open-project.ts";
import { redactError } from "../etl/declare/redact.ts";
import { plotStyleSheet } from "./charts/chart-svg.ts";
import { bodyWithin, jsonGuard, problemsOf } from "./http/body.ts";
import { loadManager, type Environments, type Loads } from "./http/loads.ts";
import { miningRuns } from "./http/mining-runs.ts";
import { metrics } from "./http/metrics.ts";
import { answerProblem } from "./http/answer-problem.ts";
import { queryGate } from "./http/query-gate.ts";
import { resultCache } from "./http/result-cache.ts";
import { redactedLog, redactorOf } from "./http/redacted.ts";
import { loopbackHost, sameOrigin, securityHeaders } from "./http/security.ts";
import { DEFAULT_LIMITS, definitionHash, type Limits, type Services } from "./http/services.ts";
import { unknownRoute } from "./http/unknown-route.ts";
import { apiRoutes } from "./routes/index.ts";
import { pageRoutes } from "./pages/index.ts";
import type { App, Environment } from "./routes/environment.ts";

export interface AppOptions {
  readonly project: OpenProject;
  /** the time; relative dates of pages and the freshness of data count from it */
  readonly clock?: () => Date;
  readonly limits?: Partial<Limits>;
  /** answer to loopback names only (the default: there are no users) */
  readonly loopbackOnly?: boolean;
  readonly log?: Services["log"];
  /** what the sources' settings are read from when a load is started here; default that of this process */
  readonly environment?: Environments;
}

export interface Application {
  readonly app: App;
  readonly loads: Loads;
  /** stops the loads it started; the project stays open */
  close(): void;
}

/** @example const app = createApp({ project: await openProject("./my-project") }); await app.request("/v1/catalog") */
export const createApp = (options: AppOptions): App => createApplication(options).app;

/** The application with its end. */
export const createApplication = (options: AppOptions): Application => {
  const limits: Limits = { ...DEFAULT_LIMITS, ...options.limits };
  const redact = redactorOf(options.project, options.environment);
  const log = redactedLog(
    options.log ??
      (({ level, message, error }) => {
        if (level === "error") console.error(message, error ?? "");
      }),
    redact,
  );
  const services: Services = {
    project: options.project,
    clock: options.clock ?? (() => new Date()),
    limits,
    cache: resultCache(),
    gate: queryGate(limits.queriesAtOnce),
    metrics: metrics(),
    loads: loadManager(options.project, options.environment),
    definition: definitionHash(options.project.spec),
    mining: miningRuns(options.project, options.clock ?? (() => new Date()), (error) =>
      log({ level: "error", message: "mining failed", error }),
    ),
    log,
  };
  const app: App = new OpenAPIHono<Environment>({
    defaultHook: (parsed) => {
      if (!parsed.success)
        throw TesseraError.of(
          problemsOf(parsed.error, parsed.target === "json" ? "$" : parsed.target === "query" ? "?" : parsed.target),
        );
    },
  });
  const styleHash = `'sha256-${createHash("sha256").update(plotStyleSheet()).digest("base64")}'`;

  app.use(async (c, next) => {
    const started = performance.now();
    c.set("services", services);
    await next();
    services.metrics.request(c.req.method, c.req.routePath, c.res.status, (performance.now() - started) / 1000);
  });
  app.use(securityHeaders([styleHash]));
  if (options.loopbackOnly ?? true) app.use(loopbackHost);
  app.use(sameOrigin);
  app.use(bodyWithin(limits.bodyBytes));
  app.use("/v1/*", jsonGuard);

  apiRoutes(app);
  pageRoutes(app);
  app.notFound(unknownRoute(app));
  app.onError((error, c) => {
    if (c.req.raw.signal.aborted || ("code" in error && error.code === "ECONNRESET"))
      return answerProblem(c, new TesseraError("cancelled", "the caller went away before the answer was ready"));
    const known =
      error instanceof HTTPException && error.status < 500
        ? new TesseraError("bad-request", error.message || "the request is not valid")
        : error;
    if (!(known instanceof TesseraError))
      services.log({ level: "error", message: `${c.req.method} ${c.req.path} failed`, error });
    return answerProblem(c, redactError(known, redact));
  });
  return { app, loads: services.loads, close: () => services.loads.close() };
};
