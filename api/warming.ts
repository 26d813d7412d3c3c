/**
 * Asks every page once after a new version of the data is served, so that no visitor waits for an answer that nobody
 * has asked for yet. One page at a time; these questions are not use, and are not in the log of it.
 */
import { TesseraError } from "../engine/errors/index.ts";
import type { OpenProject } from "../etl/project/open-project.ts";

/** What is asked: an application with its pages. */
export interface Warmable {
  readonly app: {
    request(path: string, init: RequestInit, bindings: { readonly isWarming: boolean }): Response | Promise<Response>;
  };
  pages(): readonly string[];
}

export interface Warming {
  close(): void;
}

/** The first visitors come before the pages that nobody has asked for. */
const DELAY_MS = 1500;
/** How often a new version is looked for. */
const POLL_MS = 5000;

const versionOf = (project: OpenProject): number | null => {
  try {
    return project.manifest().version;
  } catch (error) {
    if (error instanceof TesseraError) return null;
    throw error;
  }
};

/** @param delayMs before the first page; tests shorten it */
export const startWarming = (application: Warmable, project: OpenProject, delayMs = DELAY_MS): Warming => {
  let isClosed = false;
  let warmed: number | null = null;
  let timer: NodeJS.Timeout | undefined;
  const pages = async (version: number): Promise<void> => {
    for (const path of application.pages()) {
      if (isClosed || versionOf(project) !== version) return;
      // a page that fails says so to whoever asks for it
      await application.app.request(path, { headers: { host: "localhost", accept: "text/html" } }, { isWarming: true });
    }
    warmed = version;
  };
  const tick = async (): Promise<void> => {
    const version = versionOf(project);
    if (version !== null && version !== warmed) await pages(version);
    if (!isClosed) schedule(POLL_MS);
  };
  const schedule = (milliseconds: number): void => {
    timer = setTimeout(() => void tick(), milliseconds);
    timer.unref();
  };
  schedule(delayMs);
  return {
    close() {
      isClosed = true;
      clearTimeout(timer);
    },
  };
};
