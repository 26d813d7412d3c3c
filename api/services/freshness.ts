/** How old the data of a version is, and which sources are late. */
import type { Manifest } from "../../engine/warehouse/version.ts";
import { freshnessOf, listJobs, troublesOf } from "../../etl/index.ts";
import type { DataAge } from "../../etl/project/data-age.ts";
import { withProjectState } from "./project-state.ts";
import type { Services } from "./services.ts";
import { ignoreErrors } from "./settled.ts";

/** A job whose data is older than its limit, or whose last load failed. */
export interface LateJob {
  readonly job: string;
  readonly title: string;
  /** ISO instant of the last published load; null for none */
  readonly loadedAt: string | null;
}

export interface CubeFreshness {
  /** ISO day of the newest fact; null without dated facts */
  readonly until: string | null;
  readonly late: readonly LateJob[];
}

export interface Freshness {
  /** ISO day of the newest fact of all cubes */
  readonly until: string | null;
  readonly late: readonly LateJob[];
  readonly cubes: ReadonlyMap<string, CubeFreshness>;
}

const ages = new WeakMap<Manifest, Promise<DataAge | null>>();

/** The age of a version's data does not change, so it is found once. */
const ageOf = (manifest: Manifest, { project }: Services): Promise<DataAge | null> => {
  const known = ages.get(manifest) ?? ignoreErrors(project.dataAge({ version: manifest.version }));
  ages.set(manifest, known);
  return known;
};

const lateJobs = (services: Services): Promise<LateJob[]> =>
  withProjectState(services.project, (state) => {
    const { spec } = services.project;
    const now = services.clock();
    const failed = new Set(troublesOf(spec, state, now).map(({ job }) => job));
    const titles = new Map(listJobs(spec, state).map(({ name, title }) => [name, title]));
    return freshnessOf(spec, state, now)
      .filter(({ job, stale }) => stale || failed.has(job))
      .map(({ job, loadedAt }) => ({ job, title: titles.get(job) ?? job, loadedAt }));
  });

/** Null where the age of the version cannot be found. */
export const freshnessOfData = async (manifest: Manifest, services: Services): Promise<Freshness | null> => {
  const [age, late] = await Promise.all([ageOf(manifest, services), lateJobs(services)]);
  if (age === null) return null;
  const cubes = new Map(
    age.cubes.map(({ cube, until, jobs }) => [cube, { until, late: late.filter(({ job }) => jobs.includes(job)) }]),
  );
  return { until: age.now, late, cubes };
};
