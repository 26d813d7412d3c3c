/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** Jobs with their last and next run, and the history of loads. */
import type { HtmlEscapedString } from "hono/utils/html";
import {
  getRun,
  listJobs,
  listRuns,
  localTime,
  nextRun,
  pausedJobs,
  schedulerHolder,
  zoneOf,
  type JobView,
  type RunSummary,
} from "../../../etl/index.ts";
import { withState } from "../../http/loads.ts";
import type { Services } from "../../http/services.ts";
import { ago, duration } from "../parts/ago.ts";
import { frameOf } from "../parts/frame-of.ts";
import { Icon } from "../parts/icon.tsx";
import { documentOf, Head, Layout } from "../parts/layout.tsx";
import { sumOf } from "./accounting.tsx";
import { identitiesCard } from "./identities-page.tsx";
import { qualityCard } from "./quality-card.tsx";
import { count, Instant, Status } from "./status.tsx";

const SHOWN = 30;

/** Keeps the schedule from starting a job, or lets it again; by hand it runs all the same. */
const PauseButton = ({
  job,
  paused,
  narrow,
}: {
  readonly job: JobView;
  readonly paused: boolean /** the icon alone */;
  readonly narrow?: boolean;
}) => (
  <form method="post" action={`/data/jobs/${encodeURIComponent(job.name)}/${paused ? "resume" : "pause"}`}>
    <button
      class="button small bare"
      type="submit"
      title={paused ? `Let the schedule start ${job.title} again` : `Keep the schedule from starting ${job.title}`}
      aria-label={`${paused ? "Resume" : "Pause"} the schedule of ${job.title}`}
    >
      <Icon name={paused ? "resume" : "pause"} />
      {narrow ? null : paused ? "Resume" : "Pause"}
    </button>
  </form>
);

const JobRow = ({
  job,
  next,
  scheduled,
  paused,
  now,
  busy,
}: {
  readonly paused: boolean;
  readonly job: JobView;
  readonly next: Date | null /** a scheduler runs */;
  readonly scheduled: boolean;
  readonly now: Date;
  readonly busy: boolean;
}) => (
  <tr id={`job-${job.name}`}>
    <td class="text">
      <a class="strong" href={`/data/jobs/${encodeURIComponent(job.name)}`} title={job.description ?? job.name}>
        {job.title}
      </a>
    </td>
    <td class="dim" title={`${job.source.kind}, loaded by ${job.mode}`}>
      {job.source.name} <span class="faint">→</span> <code>{job.table}</code>
    </td>
    <td>
      {job.last ? (
        <>
          <Status status={job.last.status} />{" "}
          <a class="link small" href={`/data/loads/${job.last.run}`}>
            {ago(job.last.startedAt, now)}
          </a>
        </>
      ) : (
        <span class="faint">never ran</span>
      )}
    </td>
    <td class="num">{job.last ? count(job.last.read) : ""}</td>
    <td class="num">{job.last ? count(job.last.written) : ""}</td>
    <td class={`num ${job.last && job.last.rejected > 0 ? "down" : ""}`}>{job.last ? count(job.last.rejected) : ""}</td>
    <td class="num dim">
      {job.last?.seconds === null || job.last?.seconds === undefined ? "" : duration(job.last.seconds * 1000)}
    </td>
    <td class="dim nowrap">
      {paused ? (
        <span class="badge warn" title={`its schedule ${job.schedule?.cron ?? ""} does not start it`}>
          paused
        </span>
      ) : next && !scheduled ? (
        <span class="faint" title={`due by ${job.schedule?.cron ?? ""} ${job.schedule?.timeZone ?? ""}`}>
          no scheduler
        </span>
      ) : next ? (
        <time datetime={next.toISOString()} title={`${job.schedule?.cron ?? ""} ${job.schedule?.timeZone ?? ""}`}>
          {ago(next.toISOString(), now)}
        </time>
      ) : (
        <span class="faint">by hand</span>
      )}
    </td>
    <td class="num">
      <div class="actions">
        {job.schedule ? <PauseButton job={job} paused={paused} narrow /> : null}
        <form method="post" action={`/data/jobs/${encodeURIComponent(job.name)}/run`}>
          <button
            class="button small bare"
            type="submit"
            title={`Run ${job.title} now`}
            aria-label={`Run ${job.title} now`}
            {...(busy ? { disabled: true } : {})}
          >
            <Icon name="play" />
          </button>
        </form>
      </div>
    </td>
  </tr>
);

export const LoadsTable = ({
  runs,
  current,
  now,
}: {
  readonly runs: readonly RunSummary[];
  readonly current: number | null;
  readonly now: Date;
}) => (
  <div class="table-wrap">
    <table class="data">
      <thead>
        <tr>
          <th>Load</th>
          <th>State</th>
          <th>Started</th>
          <th>By</th>
          <th class="num">Jobs</th>
          <th class="num">Read</th>
          <th class="num">Written</th>
          <th class="num">Unchanged</th>
          <th class="num">Deleted</th>
          <th class="num">Rejected</th>
          <th class="num">Took</th>
          <th class="num">Version</th>
        </tr>
      </thead>
      <tbody>
        {runs.map((run) => {
          const sums = sumOf(run.steps);
          const jobs = run.steps.filter((s) => s.kind === "job").length;
          return (
            <tr>
              <td>
                <a class="link mono" href={`/data/loads/${run.id}`}>
                  {run.id}
                </a>
                {run.kind === "load" ? "" : <span class="faint"> {run.kind}</span>}
              </td>
              <td>
                <Status status={run.status} />
                {run.error ? (
                  <span class="faint small clip reason" title={run.error.message}>
                    {" "}
                    {run.error.code}
                  </span>
                ) : null}
              </td>
              <td title={ago(run.startedAt, now)}>
                <Instant at={run.startedAt} />
              </td>
              <td class="dim">{run.startedBy}</td>
              <td class="num">{jobs === 0 ? "" : jobs}</td>
              {jobs === 0 ? (
                <td colspan={5} />
              ) : (
                <>
                  <td class="num">{count(sums.read)}</td>
                  <td class="num">{count(sums.written)}</td>
                  <td class="num">{count(sums.unchanged)}</td>
                  <td class="num">{count(sums.deleted)}</td>
                  <td class={`num ${sums.rejected > 0 ? "down" : ""}`}>{count(sums.rejected)}</td>
                </>
              )}
              <td class="num dim">{run.seconds === null ? "" : duration(run.seconds * 1000)}</td>
              <td class="num">
                {run.version === null ? "" : run.version}
                {run.version !== null && run.version === current && run.kind !== "rollback" ? (
                  <span class="badge good here">served</span>
                ) : null}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  </div>
);

export const dataPage = async (services: Services): Promise<HtmlEscapedString> => {
  const { project, clock } = services;
  const now = clock();
  const [frame, { jobs, runs, scheduler, paused }] = await Promise.all([
    frameOf(services, "Data", "/data"),
    withState(project, (state) => ({
      jobs: listJobs(project.spec, state),
      runs: listRuns(state, { limit: SHOWN }),
      scheduler: schedulerHolder(state),
      paused: pausedJobs(state),
    })),
  ]);
  const running = runs.find((r) => r.status === "running");
  const quality = await qualityCard(services, frame.manifest !== null);
  const identities = await identitiesCard(services, frame.manifest !== null);
  return documentOf(
    <Layout frame={frame}>
      <Head
        title="Data"
        description="What fills the warehouse: each load publishes a new version when all of it is right, or nothing."
      >
        <form method="post" action="/data/run">
          <button class="button primary" type="submit" {...(running ? { disabled: true } : {})}>
            <Icon name="play" />
            Run all jobs
          </button>
        </form>
      </Head>
      {project.warnings.map((w) => (
        <div class="notice bad">
          <div>
            <strong>{w.message}</strong>
            {w.remedy ? <div class="dim">{w.remedy}</div> : null}
          </div>
        </div>
      ))}
      {running ? (
        <div class="notice">
          <span class="badge accent">running</span>
          <a class="link mono" href={`/data/loads/${running.id}`}>
            {running.id}
          </a>
          <span class="dim" data-run={running.id} aria-live="polite">
            started {ago(running.startedAt, now)}
          </span>
        </div>
      ) : null}
      <div class="stack">
        <article class="card">
          <header>
            <h2>Jobs</h2>
            <span class="faint small">
              {!jobs.some((j) => j.schedule) ? (
                jobs.length
              ) : scheduler ? (
                `schedules run in process ${scheduler.pid} since ${scheduler.since.slice(0, 16).replace("T", " ")}`
              ) : (
                <>
                  no scheduler runs: start one with <code>tessera serve --schedule</code>
                </>
              )}
            </span>
          </header>
          <div class="table-wrap">
            <table class="data">
              <thead>
                <tr>
                  <th>Job</th>
                  <th>From and into</th>
                  <th>Last run</th>
                  <th class="num">Read</th>
                  <th class="num">Written</th>
                  <th class="num">Rejected</th>
                  <th class="num">Took</th>
                  <th>Next run</th>
                  <th />
                </tr>
              </thead>
              <tbody>
                {jobs.map((job) => (
                  <JobRow
                    job={job}
                    scheduled={scheduler !== undefined}
                    paused={paused.has(job.name)}
                    next={nextRun(job.schedule, now, project.spec.timeZone)}
                    now={now}
                    busy={running !== undefined}
                  />
                ))}
              </tbody>
            </table>
          </div>
        </article>
        {quality}
        {identities}
        <article class="card">
          <header>
            <h2>Loads</h2>
          </header>
          {runs.length === 0 ? (
            <div class="empty">
              <strong>No load yet</strong>Run all jobs here, or <code>tessera load</code> in a terminal.
            </div>
          ) : (
            <LoadsTable runs={runs} current={frame.manifest?.version ?? null} now={now} />
          )}
        </article>
      </div>
    </Layout>,
  );
};

/** One job's runs. */
export const jobPage = async (name: string, services: Services): Promise<HtmlEscapedString | null> => {
  const { project, clock } = services;
  const [frame, found] = await Promise.all([
    frameOf(services, name, "/data"),
    withState(project, (state) => ({
      scheduler: schedulerHolder(state),
      paused: pausedJobs(state).has(name),
      job: listJobs(project.spec, state).find((j) => j.name === name),
      runs: listRuns(state, { job: name, limit: 50 }).map((r) => ({
        ...getRun(state, r.id),
        steps: r.steps.filter((s) => s.name === name),
      })),
    })),
  ]);
  const { job, runs, scheduler, paused } = found;
  if (!job) return null;
  const next = nextRun(job.schedule, clock(), project.spec.timeZone);
  return documentOf(
    <Layout frame={frame}>
      <Head title={job.title} description={job.description}>
        <a class="button bare" href="/data">
          All jobs
        </a>
        {job.schedule ? <PauseButton job={job} paused={paused} /> : null}
        <form method="post" action={`/data/jobs/${encodeURIComponent(name)}/run`}>
          <button class="button" type="submit">
            <Icon name="play" />
            Run
          </button>
        </form>
      </Head>
      <div class="stack">
        <div class="card">
          <div class="body">
            <dl class="facts">
              <dt>Source</dt>
              <dd>
                {job.source.name} <span class="faint">{job.source.kind}</span>
              </dd>
              <dt>Into</dt>
              <dd>
                <code>{job.table}</code> by {job.mode}
              </dd>
              <dt>Schedule</dt>
              <dd>
                {job.schedule ? (
                  <>
                    <code>{job.schedule.cron}</code> {zoneOf(job.schedule, project.spec.timeZone)}
                    {paused ? (
                      <>
                        {" "}
                        <span class="badge warn">paused</span>
                      </>
                    ) : scheduler ? (
                      <>
                        , next{" "}
                        <time datetime={next?.toISOString()}>
                          {next ? localTime(next, zoneOf(job.schedule, project.spec.timeZone)) : "never"}
                        </time>
                      </>
                    ) : (
                      <>
                        ; no scheduler runs: start one with <code>tessera serve --schedule</code>
                      </>
                    )}
                  </>
                ) : (
                  "by hand"
                )}
              </dd>
              {job.after.length > 0 ? (
                <>
                  <dt>After</dt>
                  <dd>
                    {job.after.map((a, i) => (
                      <>
                        {i > 0 ? ", " : ""}
                        <a class="link" href={`/data/jobs/${encodeURIComponent(a)}`}>
                          {a}
                        </a>
                      </>
                    ))}
                  </dd>
                </>
              ) : null}
              {job.last?.watermarkAfter ? (
                <>
                  <dt>Read up to</dt>
                  <dd>
                    <code>{job.last.watermarkAfter}</code>
                  </dd>
                </>
              ) : null}
            </dl>
          </div>
        </div>
        <article class="card">
          <header>
            <h2>Runs</h2>
          </header>
          {runs.length === 0 ? (
            <div class="empty">
              <strong>Never ran</strong>
            </div>
          ) : (
            <LoadsTable runs={runs} current={frame.manifest?.version ?? null} now={clock()} />
          )}
        </article>
      </div>
    </Layout>,
  );
};
