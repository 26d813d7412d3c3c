/** Keeps the values of the project's secrets out of logs and answers. */
import { scrubber, scrubError, type Scrub } from "../../etl/declare/redact.ts";
import type { OpenProject } from "../../etl/project/open-project.ts";
import type { Environments } from "./loads.ts";
import type { Log } from "./services.ts";

/** Redacts every value that jobs, destinations and notices read from the environment. */
export const redactorOf = (project: OpenProject, environment: Environments | undefined): Scrub =>
  scrubber(project.spec, { ...process.env, ...(typeof environment === "object" && environment) });

/** The same log with secrets redacted in messages and errors. */
export const redactedLog =
  (log: Log, redact: Scrub): Log =>
  (line) =>
    log({
      ...line,
      message: redact(line.message),
      ...(line.error !== undefined && { error: scrubError(line.error, redact) }),
    });
