/** How old the data of each cube is: the day of its newest fact, and the jobs that fill it. */
import { civil, monthEnd, toIso, type Day } from "../../engine/model/time/calendar.ts";
import type { Engine } from "../../engine/query/answer/engine.ts";
import { cubeTables, tablesBehind } from "./lineage.ts";

/** The age of one cube's data. */
export interface CubeAge {
  readonly cube: string;
  /** the newest fact's ISO day, today at most; null without dated facts */
  readonly until: string | null;
  /** names of the jobs whose rows are in it */
  readonly jobs: readonly string[];
}

/** The age of a version's data. */
export interface DataAge {
  /** the ISO day that relative dates count from */
  readonly now: string;
  readonly cubes: readonly CubeAge[];
}

const isFirst = (day: Day): boolean => civil(day).day === 1;

/** Facts of whole months are dated by their first days: they reach to the month's end. */
const lastDay = ({ from, until }: { readonly from: Day; readonly until: Day }): Day =>
  isFirst(from) && isFirst(until) && from < until ? monthEnd(until) : until;

/** Of the cubes that the caller sees. */
export async function dataAge(engine: Engine, options: Parameters<typeof tablesBehind>[1]): Promise<DataAge> {
  const now = engine.now();
  const { cubes } = engine.context("as_is", null, now).plan.catalog;
  const ages: CubeAge[] = [];
  for (const cube of cubes.values()) {
    const span = cube.dateRole === null ? null : engine.spanOf(cube.name, cube.dateRole);
    const until = span === null ? null : Math.min(lastDay(span), now);
    const tables = await tablesBehind(cubeTables(cube), options);
    ages.push({
      cube: cube.name,
      until: until === null ? null : toIso(until),
      jobs: tables.flatMap(({ job }) => (job ? [job.name] : [])),
    });
  }
  return { now: toIso(now), cubes: ages };
}
