/** One request's view of the data: it takes the version once and asks everything of that one, never of a mixture. */
import { createHash } from "node:crypto";
import { TesseraError, phrase } from "../../engine/errors/index.ts";
import type { CatalogView } from "../../engine/model/catalog-view.ts";
import type { Query, Result } from "../../engine/model/query.ts";
import type { Manifest } from "../../engine/warehouse/version.ts";
import type { QueryOptions } from "../../etl/project/open-project.ts";
import { membersOf } from "../../etl/project/usage-log.ts";
import type { Services } from "./services.ts";

export interface Reader {
  readonly manifest: Manifest;
  readonly catalog: CatalogView;
  readonly options: QueryOptions;
  query(query: Query): Promise<Result>;
  /** the same for other work on the data: `question` is all that decides its answer */
  remember<T>(question: readonly unknown[], work: (options: QueryOptions) => Promise<T>): Promise<T>;
  /** runs work on the project under this request's limits of time and company */
  run<T>(work: (options: QueryOptions) => Promise<T>): Promise<T>;
  /** the validator of an answer to `question` in a form such as `text/csv` */
  etag(question: unknown, form: string): string;
}

/** What a request is, for the query log. */
export type Use = "query" | "export" | "page";

/** @param signal the caller's going away; @throws TesseraError no-version, version-gone */
export const readerOf = (services: Services, use: Use, signal?: AbortSignal, version?: number): Reader => {
  const { project, cache, gate, limits, metrics } = services;
  const manifest = project.manifest(version === undefined ? undefined : { version });
  const day = services.clock().toISOString().slice(0, 10);
  const stamp = `${manifest.version}/${manifest.publishedAt}/${services.definition}/${day}`;

  // a page asks dozens of questions: who goes away is listened for once
  const running = new Set<AbortController>();
  let listening = false;
  const listen = (): void => {
    if (listening || !signal) return;
    listening = true;
    signal.addEventListener(
      "abort",
      () => {
        for (const stop of running) stop.abort();
      },
      { once: true },
    );
  };

  const run = async <T>(work: (options: QueryOptions) => Promise<T>): Promise<T> => {
    const stop = new AbortController();
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      stop.abort();
    }, limits.queryMs);
    running.add(stop);
    listen();
    if (signal?.aborted) stop.abort();
    try {
      return await gate.run(() => work({ version: manifest.version, signal: stop.signal }), stop.signal);
    } catch (error) {
      if (late)
        throw new TesseraError(
          "timeout",
          phrase`the answer took longer than ${limits.queryMs / 1000} s and was stopped`,
          {
            remedy: "ask for fewer dimensions or a shorter period",
            cause: error,
          },
        );
      if (stop.signal.aborted)
        throw new TesseraError("cancelled", "the caller went away before the answer was ready", { cause: error });
      throw error;
    } finally {
      clearTimeout(timer);
      running.delete(stop);
    }
  };

  const remember = async <T>(question: readonly unknown[], work: (options: QueryOptions) => Promise<T>): Promise<T> => {
    const key = `${stamp}/${JSON.stringify(question)}`;
    const started = performance.now();
    const seconds = (): number => (performance.now() - started) / 1000;
    const known = cache.get(key) as Promise<T> | undefined;
    if (known) {
      try {
        const answer = await known;
        metrics.query("cached", seconds());
        return answer;
      } catch (error) {
        // another caller's going away must not be this caller's answer
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

  return {
    manifest,
    catalog: project.catalog({ version: manifest.version }),
    options: { version: manifest.version },
    run,
    async query(query) {
      const started = performance.now();
      const log = (rows: number, status: string): void =>
        project.note({
          at: services.clock(),
          caller: "owner",
          kind: use,
          members: membersOf(query),
          milliseconds: Math.round((performance.now() - started) * 10) / 10,
          rows,
          status,
        });
      try {
        const result = await remember([query], (options) => project.query(query, { ...options, unnoted: true }));
        log(result.rows.length, "ok");
        return result;
      } catch (error) {
        log(0, error instanceof TesseraError ? error.code : "internal");
        throw error;
      }
    },
    remember,
    etag: (question, form) =>
      `"${manifest.version}-${createHash("sha256")
        .update(`${stamp}/${form}/${JSON.stringify(question)}`)
        .digest("base64url")
        .slice(0, 22)}"`,
  };
};
