/** What leaves the server in words: without the values of the project's secrets. */
import type { OpenProject } from "../../etl/project/open-project.ts";
import { redactor, redactError, type Redact } from "../../etl/declare/redact.ts";
import type { Environments } from "./loads.ts";
import type { Services } from "./services.ts";

/** Knows what jobs, destinations and notices read from the environment. */
export const redactorOf = (project: OpenProject, environment: Environments | undefined): Redact =>
  redactor(project.spec, { ...process.env, ...(typeof environment === "object" && environment) });

export const redactedLog =
  (log: Services["log"], redact: Redact): Services["log"] =>
  (line) =>
    log({
      ...line,
      message: redact(line.message),
      ...(line.error !== undefined && { error: redactError(line.error, redact) }),
    });
