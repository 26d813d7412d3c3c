/** What a destination is called. */
import type { ProjectSpec } from "../../../engine/model/project.ts";
import { destinationsOf } from "../../../etl/index.ts";

export const destinationTitle = (spec: ProjectSpec, name: string): string =>
  destinationsOf(spec).find((destination) => destination.name === name)?.title ?? name;
