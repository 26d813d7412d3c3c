/** Keeps the values of the project's secrets out of logs and answers. */
import { redactor, redactError, type Redact } from "../../etl/declare/redact.ts";
import type { OpenProject } from "../../etl/project/open-project.ts";
import type { Environments } from "./loads.ts";
import type { Log } from "./services.ts";

/** Redacts every value that jobs, destinations and notices read from the environment. */
export const redactorOf = (project: OpenProject, environment: Environments | undefined): Redact =>
  redactor(project.spec, { ...process.env, ...(typeof environment === "object" && environment) });

/** The same log with secrets redacted in messages and errors. */
export const redactedLog =
  (log: Log, redact: Redact): Log =>
  (line) =>
    log({
      ...line,
      message: redact(line.message),
      ...(line.error !== undefined && { error: redactError(line.error, redact) }),
    });
