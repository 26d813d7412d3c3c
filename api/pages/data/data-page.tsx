/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** `/data`: jobs, data quality, identities, loads. */
import type { HtmlEscapedString } from "hono/utils/html";
import { listJobs, listRuns, nextRun, pausedJobs, schedulerHolder, type RunSummary } from "../../../etl/index.ts";
import { withProjectState } from "../../services/project-state.ts";
import type { Services } from "../../services/services.ts";
import { Card, Empty } from "../parts/card.tsx";
import { frameOf } from "../parts/frame-of.ts";
import { Icon } from "../parts/icon.tsx";
import { documentOf, Head, Layout } from "../parts/layout.tsx";
import { Prose } from "../parts/prose.tsx";
import { useWords } from "../parts/words.ts";
import { IdentitiesCard, matchSummary } from "./identities-card.tsx";
import { JobsCard } from "./jobs-card.tsx";
import { LoadsTable } from "./loads-table.tsx";
import { QualityCard, qualityRows } from "./quality-card.tsx";
import { RELOAD_SECONDS, RunningNotice } from "./running-notice.tsx";

const SHOWN = 30;
interface LoadsProps {
  readonly runs: readonly RunSummary[];
  readonly current: number | null;
  readonly now: Date;
}

const Loads = ({ runs, current, now }: LoadsProps) => {
  const { data } = useWords();
  return (
    <Card title={data.loads}>
      {runs.length === 0 ? (
        <Empty title={data.noLoads}>
          <Prose text={data.noLoadsHint} />
        </Empty>
      ) : (
        <LoadsTable runs={runs} most={SHOWN} current={current} now={now} />
      )}
    </Card>
  );
};

export const dataPage = async (services: Services): Promise<HtmlEscapedString> => {
  const { project, clock, words } = services;
  const now = clock();
  const [frame, { jobs, runs, scheduler, paused }] = await Promise.all([
    frameOf(services, words.data.title, "/data"),
    withProjectState(project, (state) => ({
      jobs: listJobs(project.spec, state),
      runs: listRuns(state, { limit: SHOWN + 1 }),
      scheduler: schedulerHolder(state),
      paused: pausedJobs(state),
    })),
  ]);
  const loaded = frame.manifest !== null;
  const quality = loaded ? await qualityRows(project) : [];
  const match = loaded ? await matchSummary(project) : null;
  const running = runs.find(({ status }) => status === "running");
  const rows = jobs.map((job) => ({
    job,
    paused: paused.has(job.name),
    next: nextRun(job.schedule, now, project.spec.timeZone),
  }));
  return documentOf(
    <Layout frame={frame} {...(running ? { reload: RELOAD_SECONDS } : {})}>
      <Head title={words.data.title} description={words.data.description}>
        <form method="post" action="/data/run">
          <button class="button primary" type="submit" {...(running ? { disabled: true } : {})}>
            <Icon name="play" />
            {words.data.runAll}
          </button>
        </form>
      </Head>
      {project.warnings.map(({ message, remedy }) => (
        <div class="notice bad">
          <div>
            <strong>{message}</strong>
            {remedy ? <div class="dim">{remedy}</div> : null}
          </div>
        </div>
      ))}
      {running ? <RunningNotice run={running} progress={services.loads.progress(running.id)} /> : null}
      <div class="stack">
        <JobsCard rows={rows} scheduler={scheduler} now={now} busy={running !== undefined} />
        <QualityCard rows={quality} />
        <IdentitiesCard report={match} />
        <Loads runs={runs} current={frame.manifest?.version ?? null} now={now} />
      </div>
    </Layout>,
  );
};
