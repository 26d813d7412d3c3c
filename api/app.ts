/** The application of one open project: API, pages and assets. */
import { OpenAPIHono } from "@hono/zod-openapi";
import { HTTPException } from "hono/http-exception";
import { createHash } from "node:crypto";
import { TesseraError } from "../engine/errors/index.ts";
import { redactError, type Redact } from "../etl/declare/redact.ts";
import type { OpenProject } from "../etl/project/open-project.ts";
import { plotStyleSheet } from "./charts/chart-svg.ts";
import { problemAnswerer } from "./http/answer-problem.ts";
import { bodyWithin, jsonGuard } from "./http/body.ts";
import { compressed } from "./http/compress.ts";
import type { App, Environment } from "./http/environment.ts";
import { loopbackHost, sameOrigin, securityHeaders } from "./http/security.ts";
import { unknownRoute } from "./http/unknown-route.ts";
import { en, type Catalogue } from "./i18n/index.ts";
import { errorPage } from "./pages/error-page.tsx";
import { pageRoutes } from "./pages/index.ts";
import { navigation } from "./pages/parts/navigation.ts";
import { apiRoutes } from "./routes/index.ts";
import { problemsOfIssues } from "./schemas/issues.ts";
import { definitionHash } from "./services/definition-hash.ts";
import { DEFAULT_LIMITS, type Limits } from "./services/limits.ts";
import { loadManager, type Environments, type Loads } from "./services/loads.ts";
import { metrics } from "./services/metrics.ts";
import { miningRuns } from "./services/mining-runs.ts";
import { queryGate } from "./services/query-gate.ts";
import { resultCache } from "./services/result-cache.ts";
import { redactedLog, redactorOf } from "./services/secrets.ts";
import type { Log, Services } from "./services/services.ts";

export interface AppOptions {
  readonly project: OpenProject;
  /** the current time, for relative dates and the age of data; default the system's clock */
  readonly clock?: () => Date;
  /** limits on queries and bodies; default `DEFAULT_LIMITS` */
  readonly limits?: Partial<Limits>;
  /** answers to loopback names only; default true, as there are no users */
  readonly loopbackOnly?: boolean;
  /** receives log lines with secrets redacted; default errors on standard error */
  readonly log?: Log;
  /** settings that sources read when a load starts here; default the environment of this process */
  readonly environment?: Environments;
  /** texts of the pages; default English */
  readonly words?: Catalogue;
}

export interface Application {
  readonly app: App;
  readonly loads: Loads;
  /** addresses of the pages in the navigation */
  pages(): readonly string[];
  /** Stops the loads that it started; the project stays open. */
  close(): void;
}

/** @example const app = createApp({ project: await openProject("./shop") }); await app.request("/v1/catalog") */
export const createApp = (options: AppOptions): App => createApplication(options).app;

const logErrors: Log = ({ level, message, error }) => {
  if (level === "error") console.error(message, error ?? "");
};

const servicesOf = (options: AppOptions, redact: Redact): Services => {
  const { project, environment } = options;
  const limits: Limits = { ...DEFAULT_LIMITS, ...options.limits };
  const clock = options.clock ?? (() => new Date());
  const log = redactedLog(options.log ?? logErrors, redact);
  return {
    project,
    clock,
    limits,
    cache: resultCache(),
    gate: queryGate(limits.queriesAtOnce),
    metrics: metrics(),
    loads: loadManager(project, environment),
    definition: definitionHash(project.spec),
    mining: miningRuns(project, clock, (error) => log({ level: "error", message: "mining failed", error })),
    words: options.words ?? en,
    log,
  };
};

/** The root of a parameter's path in problems, by where it was sent. */
const ROOTS: { readonly [target: string]: string } = { json: "$", query: "?" };

const newApp = (): App =>
  new OpenAPIHono<Environment>({
    defaultHook: (parsed) => {
      if (!parsed.success) throw TesseraError.of(problemsOfIssues(parsed.error, ROOTS[parsed.target] ?? parsed.target));
    },
  });

const useMiddleware = (app: App, services: Services, loopbackOnly: boolean): void => {
  const styleHash = `'sha256-${createHash("sha256").update(plotStyleSheet()).digest("base64")}'`;
  app.use(async (c, next) => {
    const started = performance.now();
    c.set("services", services);
    await next();
    services.metrics.request(c.req.method, c.req.routePath, c.res.status, (performance.now() - started) / 1000);
  });
  app.use(compressed);
  app.use(securityHeaders([styleHash]));
  if (loopbackOnly) app.use(loopbackHost);
  app.use(sameOrigin);
  app.use(bodyWithin(services.limits.bodyBytes));
  app.use("/v1/*", jsonGuard);
};

const callerGone = (error: Error, request: Request): boolean =>
  request.signal.aborted || ("code" in error && error.code === "ECONNRESET");

/** An error of the framework below 500 is the caller's fault. */
const known = (error: Error): Error =>
  error instanceof HTTPException && error.status < 500
    ? new TesseraError("bad-request", "the request is not valid", { cause: error })
    : error;

/** The application together with what stops it. */
export const createApplication = (options: AppOptions): Application => {
  const redact = redactorOf(options.project, options.environment);
  const services = servicesOf(options, redact);
  const app = newApp();
  const answerProblem = problemAnswerer(errorPage);
  useMiddleware(app, services, options.loopbackOnly ?? true);
  apiRoutes(app);
  pageRoutes(app);
  app.notFound(unknownRoute(app, answerProblem));
  app.onError((thrown, c) => {
    if (callerGone(thrown, c.req.raw))
      return answerProblem(c, new TesseraError("cancelled", "the caller closed the connection"));
    const error = known(thrown);
    if (!(error instanceof TesseraError))
      services.log({ level: "error", message: `${c.req.method} ${c.req.path} failed`, error });
    return answerProblem(c, redactError(error, redact));
  });
  const pages = (): string[] => navigation(services).flatMap(({ items }) => items.map(({ href }) => href));
  return { app, loads: services.loads, pages, close: () => services.loads.close() };
};
