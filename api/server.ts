/** Serves an application on a loopback port, and lets running answers finish when it stops. */
import { serve, type ServerType } from "@hono/node-server";
import { pino } from "pino";
import { TesseraError, phrase } from "../engine/errors/index.ts";
import { createApplication, type AppOptions } from "./app.ts";
import { startScheduling } from "./scheduling.ts";
import { redactedLog, redactorOf } from "./services/secrets.ts";
import type { Log } from "./services/services.ts";
import { startWarming } from "./warming.ts";

export interface ServeOptions extends Omit<AppOptions, "loopbackOnly"> {
  /** 0 takes a free port */
  readonly port: number;
  /** a loopback name or address; default `127.0.0.1` */
  readonly host?: string;
  /** asks every page once after each new version of the data, so that visitors do not wait; default false */
  readonly warm?: boolean;
  /** also runs the jobs' schedules, unless another process does; default false */
  readonly schedule?: boolean;
}

export interface RunningServer {
  /** for example `http://127.0.0.1:4100` */
  readonly url: string;
  readonly port: number;
  /** why the schedules do not run here; null when they do, or were not asked for */
  readonly notScheduled: TesseraError | null;
  /**
   * Takes no new requests, waits up to `graceMs` (default 5,000) for running ones, then stops. The project stays
   * open.
   */
  close(graceMs?: number): Promise<void>;
}

const LOOPBACK_HOSTS = new Set(["127.0.0.1", "localhost", "::1"]);

const standardErrorLog = (): Log => {
  const lines = pino({ name: "tessera", base: null }, pino.destination({ fd: 2, sync: true }));
  return ({ level, message, error }) => lines[level](error === undefined ? {} : { err: error }, message);
};

const listeningError = (error: NodeJS.ErrnoException, port: number): Error => {
  if (error.code === "EADDRINUSE")
    return new TesseraError("port-in-use", phrase`port ${port} is in use by another process`, {
      place: "--port",
      remedy: phrase`stop that process, or use another port: --port ${port + 1}`,
      cause: error,
    });
  if (error.code === "EACCES")
    return new TesseraError("port-in-use", phrase`port ${port} is not allowed for this account`, {
      place: "--port",
      remedy: "use a port above 1023: --port 4100",
      cause: error,
    });
  return error;
};

const listen = (fetch: Parameters<typeof serve>[0]["fetch"], port: number, hostname: string): Promise<ServerType> =>
  new Promise((resolve, reject) => {
    const server = serve({ fetch, port, hostname }, () => resolve(server));
    server.once("error", (error: NodeJS.ErrnoException) => reject(listeningError(error, port)));
  });

const addressOf = (server: ServerType): { readonly url: string; readonly port: number } => {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server does not listen on a port");
  const host = address.family === "IPv6" ? `[${address.address}]` : address.address;
  return { url: `http://${host}:${address.port}`, port: address.port };
};

const stop = (server: ServerType, graceMs: number): Promise<void> =>
  new Promise((resolve, reject) => {
    const cut = setTimeout(() => {
      if ("closeAllConnections" in server) server.closeAllConnections();
    }, graceMs);
    server.close((error) => {
      clearTimeout(cut);
      if (error) reject(error);
      else resolve();
    });
    if ("closeIdleConnections" in server) server.closeIdleConnections();
  });

/**
 * Starts serving.
 * @throws TesseraError `port-in-use`; `forbidden` for a host beyond loopback
 * @example const server = await startServer({ project, port: 4100 }); await server.close();
 */
export const startServer = async ({
  port,
  host = "127.0.0.1",
  schedule = false,
  warm = false,
  ...options
}: ServeOptions): Promise<RunningServer> => {
  if (!LOOPBACK_HOSTS.has(host))
    throw new TesseraError("forbidden", phrase`cannot listen on ${host}: no users are configured`, {
      place: "--host",
      remedy: "omit --host, or reach the server through an SSH tunnel: ssh -L 4100:127.0.0.1:4100 HOST",
    });
  const { project, clock } = options;
  const log = redactedLog(options.log ?? standardErrorLog(), redactorOf(project, options.environment));
  const application = createApplication({ ...options, log, loopbackOnly: true });
  const { app, loads, close } = application;
  const server = await listen(app.fetch, port, host);
  const warming = warm ? startWarming(application, project) : null;
  const scheduling = schedule ? startScheduling({ project, loads, log, clock }) : null;
  return {
    notScheduled: scheduling?.refused ?? null,
    ...addressOf(server),
    close(graceMs = 5000) {
      scheduling?.close();
      warming?.close();
      close();
      return stop(server, graceMs);
    },
  };
};
