/** What is wrong with the project's jobs at a moment: the last run failed, or the data is older than it may be. */
import type { ProjectSpec } from "../../engine/model/project.ts";
import type { State } from "../../engine/warehouse/index.ts";
import { milliseconds } from "../declare/duration.ts";
import { jobsOf } from "../declare/project-parts.ts";

export interface Trouble {
  readonly kind: "failed" | "stale";
  readonly job: string;
  /** the same for the same trouble, another for the next one */
  readonly key: string;
  readonly message: string;
}

export interface Freshness {
  readonly job: string;
  /** when a load last published it; null: never */
  readonly loadedAt: string | null;
  /** milliseconds that its data may be old; null: nobody says */
  readonly within: number | null;
  readonly stale: boolean;
}

interface LastRow {
  readonly run: string;
  readonly status: string;
  readonly started_at: string;
  readonly error: string | null;
}

/** When each job's data was last brought up to date, as of `now`. A job that never ran is not stale: nobody has begun to rely on it. */
export function freshnessOf(spec: ProjectSpec, state: State, now: Date): readonly Freshness[] {
  const last = state.prepare(
    "SELECT s.finished_at AS at FROM steps AS s JOIN runs AS r ON r.id = s.run WHERE s.kind = 'job' AND s.name = ? AND r.status = 'published' AND s.status IN ('done', 'skipped') ORDER BY r.started_at DESC LIMIT 1",
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

export function troublesOf(spec: ProjectSpec, state: State, now: Date): readonly Trouble[] {
  const last = state.prepare(
    "SELECT s.run, s.status, s.started_at, coalesce(s.error, r.error) AS error FROM steps AS s JOIN runs AS r ON r.id = s.run WHERE s.kind = 'job' AND s.name = ? AND r.kind = 'load' AND r.status <> 'running' AND r.status <> 'checked' ORDER BY r.started_at DESC LIMIT 1",
  );
  const failed = jobsOf(spec).flatMap((job): Trouble[] => {
    const row = last.get(job.name) as LastRow | undefined;
    if (row === undefined || row.status !== "failed") return [];
    const words = row.error === null ? "" : ((JSON.parse(row.error) as { readonly message?: string }).message ?? "");
    return [
      {
        kind: "failed",
        job: job.name,
        key: `failed ${job.name} ${row.run}`,
        message: `Job ${job.title ?? job.name} failed in load ${row.run}, started ${row.started_at}: ${words}. The data served is as it was before; \`tessera loads ${row.run}\` shows the load.`,
      },
    ];
  });
  const stale = freshnessOf(spec, state, now)
    .filter((each) => each.stale)
    .map(
      (each): Trouble => ({
        kind: "stale",
        job: each.job,
        key: `stale ${each.job} ${each.loadedAt ?? ""}`,
        message: `The data of job ${each.job} is stale: last loaded ${each.loadedAt ?? ""}, and it may be ${Math.round((each.within ?? 0) / 360_000) / 10} hours old. \`tessera load ${each.job}\` brings it up to date.`,
      }),
    );
  return [...failed, ...stale];
}
