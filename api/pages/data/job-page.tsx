/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** `/data/jobs/{name}`: one job with its schedule and runs. */
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
} from "../../../etl/index.ts";
import { withProjectState } from "../../services/project-state.ts";
import type { Services } from "../../services/services.ts";
import { Card, Empty } from "../parts/card.tsx";
import { frameOf } from "../parts/frame-of.ts";
import { Icon } from "../parts/icon.tsx";
import { documentOf, Head, Layout } from "../parts/layout.tsx";
import { Prose } from "../parts/prose.tsx";
import { useWords } from "../parts/words.ts";
import { PauseButton, type SchedulerHolder } from "./jobs-card.tsx";
import { LoadsTable } from "./loads-table.tsx";

const SHOWN = 50;

interface JobFactsProps {
  readonly job: JobView;
  readonly paused: boolean;
  readonly scheduler: SchedulerHolder;
  /** the time zone of the project's schedules */
  readonly zone: string | undefined;
  readonly now: Date;
}

const ScheduleFact = ({ job, paused, scheduler, zone, now }: JobFactsProps) => {
  const { data } = useWords();
  const words = data.jobPage;
  if (!job.schedule) return <>{data.byHand}</>;
  const local = zoneOf(job.schedule, zone);
  const next = nextRun(job.schedule, now, zone);
  const state = () => {
    if (paused) return <span class="badge warn">{data.paused}</span>;
    if (!scheduler)
      return (
        <>
          · <Prose text={data.noScheduler} />
        </>
      );
    return (
      <>
        · {words.next} <time datetime={next?.toISOString()}>{next ? localTime(next, local) : words.never}</time>
      </>
    );
  };
  return (
    <>
      <code>{job.schedule.cron}</code> {local} {state()}
    </>
  );
};

const JobFacts = (props: JobFactsProps) => {
  const words = useWords().data.jobPage;
  const { job } = props;
  return (
    <div class="card">
      <div class="body">
        <dl class="facts">
          <dt>{words.source}</dt>
          <dd>
            {job.source.name} <span class="faint">{job.source.kind}</span>
          </dd>
          <dt>{words.into}</dt>
          <dd>
            <Prose text={words.intoBy} slots={{ table: <code>{job.table}</code>, mode: job.mode }} />
          </dd>
          <dt>{words.schedule}</dt>
          <dd>
            <ScheduleFact {...props} />
          </dd>
          {job.after.length > 0 ? (
            <>
              <dt>{words.after}</dt>
              <dd>
                {job.after.map((name, i) => (
                  <>
                    {i > 0 ? ", " : ""}
                    <a class="link" href={`/data/jobs/${encodeURIComponent(name)}`}>
                      {name}
                    </a>
                  </>
                ))}
              </dd>
            </>
          ) : null}
          {job.last?.watermarkAfter ? (
            <>
              <dt>{words.readUpTo}</dt>
              <dd>
                <code>{job.last.watermarkAfter}</code>
              </dd>
            </>
          ) : null}
        </dl>
      </div>
    </div>
  );
};

/** Null for an unknown job. */
export const jobPage = async (name: string, services: Services): Promise<HtmlEscapedString | null> => {
  const { project, clock, words } = services;
  const [frame, { job, runs, scheduler, paused }] = await Promise.all([
    frameOf(services, name, "/data"),
    withProjectState(project, (state) => ({
      scheduler: schedulerHolder(state),
      paused: pausedJobs(state).has(name),
      job: listJobs(project.spec, state).find((each) => each.name === name),
      runs: listRuns(state, { job: name, limit: SHOWN + 1 }).map((run) => ({
        ...getRun(state, run.id),
        steps: run.steps.filter((step) => step.name === name),
      })),
    })),
  ]);
  if (!job) return null;
  return documentOf(
    <Layout frame={frame}>
      <Head title={job.title} description={job.description}>
        <a class="button bare" href="/data">
          {words.data.jobPage.all}
        </a>
        {job.schedule ? <PauseButton job={job} paused={paused} /> : null}
        <form method="post" action={`/data/jobs/${encodeURIComponent(name)}/run`}>
          <button class="button" type="submit">
            <Icon name="play" />
            {words.data.run}
          </button>
        </form>
      </Head>
      <div class="stack">
        <JobFacts job={job} paused={paused} scheduler={scheduler} zone={project.spec.timeZone} now={clock()} />
        <Card title={words.data.jobPage.runs}>
          {runs.length === 0 ? (
            <Empty title={words.data.jobPage.noRuns} />
          ) : (
            <LoadsTable runs={runs} most={SHOWN} current={frame.manifest?.version ?? null} now={clock()} />
          )}
        </Card>
      </div>
    </Layout>,
  );
};
