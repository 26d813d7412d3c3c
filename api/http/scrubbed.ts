/** What leaves the server in words: without the values of the project's secrets. */
import type { OpenProject } from "../../etl/project/open-project.ts";
import { scrubber, scrubError, type Scrub } from "../../etl/declare/redact.ts";
import type { Environments } from "./loads.ts";
import type { Services } from "./services.ts";

/** Knows what jobs, destinations and notices read from the environment. */
export const scrubOf = (project: OpenProject, environment: Environments | undefined): Scrub =>
  scrubber(project.spec, { ...process.env, ...(typeof environment === "object" && environment) });

export const scrubbedLog =
  (log: Services["log"], scrub: Scrub): Services["log"] =>
  (line) =>
    log({
      ...line,
      message: scrub(line.message),
      ...(line.error !== undefined && { error: scrubError(line.error, scrub) }),
    });
