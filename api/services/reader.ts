/** One request's view of the data: every question of the request is answered by the same data version. */
import { createHash } from "node:crypto";
import { TesseraError, phrase } from "../../engine/errors/index.ts";
import type { CatalogView } from "../../engine/model/catalog-view.ts";
import type { Query, Result } from "../../engine/model/query.ts";
import type { Manifest } from "../../engine/warehouse/version.ts";
import type { QueryOptions } from "../../etl/project/open-project.ts";
import { membersOf } from "../../etl/project/usage-log.ts";
import type { Services } from "./services.ts";

type Work<T> = (options: QueryOptions) => Promise<T>;

export interface Reader {
  readonly manifest: Manifest;
  readonly catalog: CatalogView;
  readonly options: QueryOptions;
  query(query: Query): Promise<Result>;
  /** Caches other work on the data. @param question all that decides the answer */
  remember<T>(question: readonly unknown[], work: Work<T>): Promise<T>;
  /** Runs work on the project within the limits of time and concurrency. @throws TesseraError `timeout`, `cancelled` */
  run<T>(work: Work<T>): Promise<T>;
  /** The ETag of an answer to `question`. @param form for example `csv` */
  etag(question: unknown, form: string): string;
}

/** The kind of a request in the query log. */
export type Use = "query" | "export" | "page" | "warming";

const aborted = (cause: unknown): TesseraError =>
  new TesseraError("cancelled", "the caller closed the connection before the answer was ready", { cause });

const tooSlow = (milliseconds: number, cause: unknown): TesseraError =>
  new TesseraError("timeout", phrase`the query took longer than ${milliseconds / 1000} s and was stopped`, {
    remedy: "query fewer dimensions or a shorter period",
    cause,
  });

/** Runs work under the time limit, in the gate's order, until the caller closes the connection. */
const runner = ({ gate, limits }: Services, version: number, signal: AbortSignal | undefined): Reader["run"] => {
  // a page runs dozens of queries: one listener serves them all
  const running = new Set<AbortController>();
  const stopAll = (): void => running.forEach((stop) => stop.abort());
  let listening = false;
  return async (work) => {
    const stop = new AbortController();
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      stop.abort();
    }, limits.queryMs);
    running.add(stop);
    if (!listening) signal?.addEventListener("abort", stopAll, { once: true });
    listening = true;
    if (signal?.aborted) stop.abort();
    try {
      return await gate.run(() => work({ version, signal: stop.signal }), stop.signal);
    } catch (error) {
      if (late) throw tooSlow(limits.queryMs, error);
      if (stop.signal.aborted) throw aborted(error);
      throw error;
    } finally {
      clearTimeout(timer);
      running.delete(stop);
    }
  };
};

/** @param stamp part of every key, so that answers of another version, definition or day are never used */
const rememberer =
  ({ cache, metrics }: Services, stamp: string, run: Reader["run"]): Reader["remember"] =>
  async <T>(question: readonly unknown[], work: Work<T>): Promise<T> => {
    const key = `${stamp}/${JSON.stringify(question)}`;
    const started = performance.now();
    const seconds = (): number => (performance.now() - started) / 1000;
    // the key holds the question, so the answer has the type of this question's work
    const known = cache.get(key) as Promise<T> | undefined;
    if (known) {
      try {
        const answer = await known;
        metrics.query("cached", seconds());
        return answer;
      } catch (error) {
        // another caller closed its connection: compute again for this one
        if (!(error instanceof TesseraError && error.code === "cancelled")) throw error;
      }
    }
    const computing = run(work);
    cache.set(key, computing);
    try {
      const answer = await computing;
      metrics.query("computed", seconds());
      return answer;
    } catch (error) {
      metrics.query("failed", seconds());
      throw error;
    }
  };

/**
 * @param signal aborts when the caller closes the connection
 * @param version a data version other than the current one
 * @throws TesseraError `no-version`, `version-gone`
 */
export const readerOf = (services: Services, use: Use, signal?: AbortSignal, version?: number): Reader => {
  const { project } = services;
  const manifest = project.manifest(version === undefined ? undefined : { version });
  const day = services.clock().toISOString().slice(0, 10);
  const stamp = `${manifest.version}/${manifest.publishedAt}/${services.definition}/${day}`;
  const run = runner(services, manifest.version, signal);
  const remember = rememberer(services, stamp, run);
  const note = (query: Query, started: number, rows: number, status: string): void => {
    if (use === "warming") return;
    project.note({
      at: services.clock(),
      caller: "owner",
      kind: use,
      members: membersOf(query),
      milliseconds: Math.round((performance.now() - started) * 10) / 10,
      rows,
      status,
    });
  };
  return {
    manifest,
    catalog: project.catalog({ version: manifest.version }),
    options: { version: manifest.version },
    run,
    remember,
    async query(query) {
      const started = performance.now();
      try {
        const result = await remember([query], (options) => project.query(query, { ...options, unnoted: true }));
        note(query, started, result.rows.length, "ok");
        return result;
      } catch (error) {
        note(query, started, 0, error instanceof TesseraError ? error.code : "internal");
        throw error;
      }
    },
    etag(question, form) {
      const hash = createHash("sha256")
        .update(`${stamp}/${form}/${JSON.stringify(question)}`)
        .digest("base64url");
      return `"${manifest.version}-${hash.slice(0, 22)}"`;
    },
  };
};
