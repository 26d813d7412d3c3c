/**
 * The parts of a project that the engine knows by name only, with their full types: the `define…` functions made them
 * whole.
 */
import type { ProjectSpec } from "../../engine/model/project.ts";
import type { ListDestination } from "./destination.ts";
import type { Job } from "./job.ts";
import type { Notice } from "./notice.ts";
import type { Persons } from "./persons.ts";
import type { Table } from "./table.ts";

/** The jobs of a project. */
export const jobsOf = (spec: Pick<ProjectSpec, "jobs">): readonly Job[] => (spec.jobs ?? []) as readonly Job[];

/** The tables of a project's star schema. */
export const tablesOf = (spec: Pick<ProjectSpec, "tables">): readonly Table[] =>
  (spec.tables ?? []) as readonly Table[];

/** The destinations that lists of a project can go to. */
export const destinationsOf = (spec: Pick<ProjectSpec, "destinations">): readonly ListDestination[] =>
  (spec.destinations ?? []) as readonly ListDestination[];

/** The notices of a project. */
export const noticesOf = (spec: Pick<ProjectSpec, "notices">): readonly Notice[] =>
  (spec.notices ?? []) as readonly Notice[];

/** Which rows and columns are about persons; undefined when the project does not declare it. */
export const personsOf = (spec: ProjectSpec): Persons | undefined => (spec as { readonly persons?: Persons }).persons;
