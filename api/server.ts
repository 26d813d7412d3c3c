/** Serves an application on a port: loopback only, with clear words where the port is taken, and an end that lets answers finish. */
import { serve, type ServerType } from "@hono/node-server";
import type { AddressInfo } from "node:net";
import { TesseraError, phrase } from "../engine/errors/index.ts";
import { pino } from "pino";
import { noticesOf, sendNotices, startScheduler, type Scheduler, type SchedulerEvent } from "../etl/index.ts";
import type { OpenProject } from "../etl/project/open-project.ts";
import { createApplication, type AppOptions } from "./app.ts";
import { withState, type Loads } from "./http/loads.ts";
import { redactedLog, redactorOf } from "./http/redacted.ts";

export interface ServeOptions extends Omit<AppOptions, "loopbackOnly"> {
  /** 0 takes a free one */
  readonly port: number;
  /** a loopback name or address; others are refused, as there are no users */
  readonly host?: string;
  /** also run the jobs' schedules, unless another process does so already */
  readonly schedule?: boolean;
}

export interface RunningServer {
  /** for example `http://127.0.0.1:4100` */
  readonly url: string;
  readonly port: number;
  /** why the schedules are not run here though they should be; null where they are, or were not asked for */
  readonly notScheduled: TesseraError | null;
  /** takes no new requests, lets running ones finish for at most `graceMs` (5 s), then ends; the project stays open */
  close(graceMs?: number): Promise<void>;
}

/** Runs the schedules here, each load in its own process; the error says who else runs them. */
const schedulesOf = (
  project: OpenProject,
  loads: Loads,
  log: NonNullable<AppOptions["log"]>,
  clock: (() => Date) | undefined,
  onFailure: () => void,
): Scheduler | TesseraError => {
  const tell = (event: SchedulerEvent): void => {
    const jobs = event.jobs.join(", ");
    if (event.kind === "start")
      log({ level: "info", message: `scheduled: ${jobs}${event.attempt > 0 ? `, try ${event.attempt + 1}` : ""}` });
    else if (event.kind === "done") log({ level: "info", message: `scheduled load done: ${jobs}` });
    else if (event.kind === "skipped") log({ level: "info", message: `skipped ${jobs}: ${event.because}` });
    else
      log({
        level: "error",
        message: `scheduled load failed: ${jobs}; ${event.again === null ? "it is not tried again" : `tried again in ${Math.round(event.again / 1000)} s`}`,
        error: event.error,
      });
    // a failure that nothing is tried against any more is told at once, all else within the minute
    if (event.kind === "failed" && event.again === null) onFailure();
  };
  try {
    return startScheduler({
      spec: project.spec,
      warehouse: project.warehouse,
      load: (jobs, signal) => loads.run({ jobs }, "schedule", signal),
      onEvent: tell,
      ...(clock && { clock }),
    });
  } catch (error) {
    if (error instanceof TesseraError && error.code === "lease-held") return error;
    throw error;
  }
};

/** How often who runs the schedules tells of failed jobs and stale data. */
const TELL_EVERY = 60_000;

const tellTroubles = (
  project: OpenProject,
  log: NonNullable<AppOptions["log"]>,
  clock: (() => Date) | undefined,
): Promise<void> =>
  withState(project, (state) =>
    sendNotices({ spec: project.spec, state, warehouse: project.warehouse, ...(clock && { now: clock }) }),
  )
    .then((told) => {
      for (const { notice, trouble, how, error } of told)
        log({
          level: how === "failed" ? "error" : "info",
          message: `notice ${notice}: ${trouble.job} ${trouble.kind}, ${how}${error === undefined ? "" : `: ${error}`}`,
        });
    })
    .catch((error: unknown) => log({ level: "error", message: "notices cannot be sent", error }));

const LOOPBACK_HOSTS = new Set(["127.0.0.1", "localhost", "::1"]);

/**
 * Starts serving. Errors: `port-in-use` where another process has the port, `forbidden` for a host beyond loopback.
 * @example const server = await startServer({ project, port: 4100 }); await server.close();
 */
export const startServer = async ({
  port,
  host = "127.0.0.1",
  schedule = false,
  ...options
}: ServeOptions): Promise<RunningServer> => {
  if (!LOOPBACK_HOSTS.has(host)) {
    throw new TesseraError(
      "forbidden",
      phrase`refusing to listen on ${host}: no users are configured, so only this machine may ask`,
      {
        place: "--host",
        remedy: "leave --host out, or reach the server through an SSH tunnel: ssh -L 4100:127.0.0.1:4100 HOST",
      },
    );
  }
  const words = pino({ name: "tessera", base: null }, pino.destination({ fd: 2, sync: true }));
  const log = redactedLog(
    options.log ?? (({ level, message, error }) => words[level](error === undefined ? {} : { err: error }, message)),
    redactorOf(options.project, options.environment),
  );
  const { app, loads, close: end } = createApplication({ ...options, log, loopbackOnly: true });
  const server = await new Promise<ServerType>((resolve, reject) => {
    const made = serve({ fetch: app.fetch, port, hostname: host }, () => resolve(made));
    made.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EADDRINUSE")
        reject(
          new TesseraError("port-in-use", phrase`port ${port} is taken by another process`, {
            place: "--port",
            remedy: phrase`stop that process, or take another port: --port ${port + 1}`,
            cause: error,
          }),
        );
      else if (error.code === "EACCES")
        reject(
          new TesseraError("port-in-use", phrase`port ${port} may not be used by this account`, {
            place: "--port",
            remedy: "take a port above 1023: --port 4100",
            cause: error,
          }),
        );
      else reject(error);
    });
  });
  const address = server.address() as AddressInfo;
  const name = address.family === "IPv6" ? `[${address.address}]` : address.address;
  const tell = (): void => {
    if (noticesOf(options.project.spec).length > 0) void tellTroubles(options.project, log, options.clock);
  };
  const scheduled = schedule ? schedulesOf(options.project, loads, log, options.clock, () => tell()) : null;
  const telling =
    scheduled && !(scheduled instanceof TesseraError) && noticesOf(options.project.spec).length > 0
      ? setInterval(tell, TELL_EVERY)
      : null;
  return {
    notScheduled: scheduled instanceof TesseraError ? scheduled : null,
    url: `http://${name}:${address.port}`,
    port: address.port,
    close: (graceMs = 5000) =>
      new Promise((resolve, reject) => {
        if (telling) clearInterval(telling);
        if (scheduled && !(scheduled instanceof TesseraError))
          void scheduled
            .close()
            .catch((error: unknown) => log({ level: "error", message: "the scheduler did not end well", error }));
        end();
        const cut = setTimeout(() => {
          if ("closeAllConnections" in server) server.closeAllConnections();
        }, graceMs);
        server.close((error) => {
          clearTimeout(cut);
          if (error) reject(error);
          else resolve();
        });
        if ("closeIdleConnections" in server) server.closeIdleConnections();
      }),
  };
};
