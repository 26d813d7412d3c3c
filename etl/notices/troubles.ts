/** Troubles with a project's jobs: the last run failed, or the data is stale. */
import type { ProjectSpec } from "../../engine/model/project.ts";
import type { State } from "../../engine/warehouse/index.ts";
import { milliseconds } from "../declare/duration.ts";
import { jobsOf } from "../declare/project-parts.ts";

/** A trouble with a job. */
export interface Trouble {
  readonly kind: "failed" | "stale";
  readonly job: string;
  /** identifies the trouble; a new failure has a new key */
  readonly key: string;
  readonly message: string;
}

/** The age of a job's data. */
export interface Freshness {
  readonly job: string;
  /** when a load last published it, ISO; null for never */
  readonly loadedAt: string | null;
  /** milliseconds after which it is stale; null for never */
  readonly within: number | null;
  readonly stale: boolean;
}

interface LastRow {
  readonly run: string;
  readonly status: string;
  readonly started_at: string;
  readonly error: string | null;
}

/** The age of each job's data. A job that never ran is not stale: nobody relies on it yet. */
export function freshnessOf(spec: ProjectSpec, state: State, now: Date): readonly Freshness[] {
  const last = state.prepare(
    `SELECT s.finished_at AS at FROM steps AS s JOIN runs AS r ON r.id = s.run
     WHERE s.kind = 'job' AND s.name = ? AND r.status = 'published' AND s.status IN ('done', 'skipped')
     ORDER BY r.started_at DESC LIMIT 1`,
  );
  return jobsOf(spec).map((job) => {
    const loadedAt = (last.get(job.name) as { readonly at: string } | undefined)?.at ?? null;
    const within = job.freshWithin === undefined ? null : milliseconds(job.freshWithin);
    return {
      job: job.name,
      loadedAt,
      within,
      stale: within !== null && loadedAt !== null && now.getTime() - Date.parse(loadedAt) > within,
    };
  });
}

/** All troubles at a moment. */
export function troublesOf(spec: ProjectSpec, state: State, now: Date): readonly Trouble[] {
  const last = state.prepare(
    `SELECT s.run, s.status, s.started_at, coalesce(s.error, r.error) AS error
     FROM steps AS s JOIN runs AS r ON r.id = s.run
     WHERE s.kind = 'job' AND s.name = ? AND r.kind = 'load' AND r.status NOT IN ('running', 'checked')
     ORDER BY r.started_at DESC LIMIT 1`,
  );
  const failed = jobsOf(spec).flatMap((job): Trouble[] => {
    const row = last.get(job.name) as LastRow | undefined;
    if (row === undefined || row.status !== "failed") return [];
    const error: { readonly message?: string } = JSON.parse(row.error ?? "{}");
    return [
      {
        kind: "failed",
        job: job.name,
        key: `failed ${job.name} ${row.run}`,
        message: [
          `Job ${job.title ?? job.name} failed in load ${row.run}, started ${row.started_at}: ${error.message ?? ""}.`,
          "The served data did not change.",
          `\`tessera loads ${row.run}\` shows the load.`,
        ].join(" "),
      },
    ];
  });
  const stale = freshnessOf(spec, state, now)
    .filter((each) => each.stale)
    .map(
      ({ job, loadedAt, within }): Trouble => ({
        kind: "stale",
        job,
        key: `stale ${job} ${loadedAt ?? ""}`,
        message: [
          `The data of job ${job} is stale: last loaded ${loadedAt ?? ""},`,
          `the limit is ${Math.round((within ?? 0) / 360_000) / 10} hours.`,
          `\`tessera load ${job}\` updates it.`,
        ].join(" "),
      }),
    );
  return [...failed, ...stale];
}
