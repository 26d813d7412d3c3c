/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** Jobs with their last and next run, and the buttons that run, pause and resume them. */
import type { JobView, schedulerHolder } from "../../../etl/index.ts";
import { formatCount } from "../../charts/index.ts";
import { ago, duration } from "../parts/ago.ts";
import { Card, TableHead } from "../parts/card.tsx";
import { Icon } from "../parts/icon.tsx";
import { formatInstant } from "../parts/instant.tsx";
import { Prose } from "../parts/prose.tsx";
import { useSetting } from "../parts/setting.ts";
import { Status } from "../parts/status.tsx";
import { useWords } from "../parts/words.ts";

export type SchedulerHolder = ReturnType<typeof schedulerHolder>;

export interface PauseButtonProps {
  readonly job: JobView;
  readonly paused: boolean;
  /** shows the icon alone; default false */
  readonly narrow?: boolean;
}

/** Pauses or resumes a job's schedule; the job can still be run by hand. */
export const PauseButton = ({ job, paused, narrow = false }: PauseButtonProps) => {
  const { data } = useWords();
  const label = paused ? data.resumeSchedule(job.title) : data.pauseSchedule(job.title);
  const action = paused ? "resume" : "pause";
  return (
    <form method="post" action={`/data/jobs/${encodeURIComponent(job.name)}/${action}`}>
      <button class="button small bare" type="submit" title={label} aria-label={label}>
        <Icon name={action} />
        {narrow ? null : data[action]}
      </button>
    </form>
  );
};

export interface JobRow {
  readonly job: JobView;
  readonly paused: boolean;
  /** the next run by its schedule */
  readonly next: Date | null;
}

interface Situation {
  readonly scheduler: SchedulerHolder;
  readonly now: Date;
  /** a run is in progress */
  readonly busy: boolean;
}

const NextRun = ({ job, paused, next, scheduler, now }: JobRow & Omit<Situation, "busy">) => {
  const { data, shared } = useWords();
  const { cron = "", timeZone = "" } = job.schedule ?? {};
  if (paused)
    return (
      <span class="badge warn" title={data.pausedHint(cron)}>
        {data.paused}
      </span>
    );
  if (!next) return <span class="faint">{data.byHand}</span>;
  if (!scheduler)
    return (
      <span class="faint" title={data.due(cron, timeZone)}>
        {data.noSchedulerShort}
      </span>
    );
  return (
    <time datetime={next.toISOString()} title={`${cron} ${timeZone}`}>
      {ago(next.toISOString(), now, shared.time)}
    </time>
  );
};

const LastRun = ({ job, now }: { readonly job: JobView; readonly now: Date }) => {
  const { data, shared } = useWords();
  const { last } = job;
  if (!last)
    return (
      <>
        <td>
          <span class="faint">{data.neverRan}</span>
        </td>
        <td colspan={4} />
      </>
    );
  return (
    <>
      <td>
        <Status status={last.status} />{" "}
        <a class="link small" href={`/data/loads/${last.run}`}>
          {ago(last.startedAt, now, shared.time)}
        </a>
      </td>
      <td class="num">{formatCount(last.read)}</td>
      <td class="num">{formatCount(last.written)}</td>
      <td class={`num ${last.rejected > 0 ? "down" : ""}`}>{formatCount(last.rejected)}</td>
      <td class="num dim">{last.seconds === null ? "" : duration(last.seconds * 1000)}</td>
    </>
  );
};

const Row = ({ job, paused, next, scheduler, now, busy }: JobRow & Situation) => {
  const { data } = useWords();
  const path = `/data/jobs/${encodeURIComponent(job.name)}`;
  const run = data.runNow(job.title);
  return (
    <tr id={`job-${job.name}`}>
      <td class="text">
        <a class="strong" href={path} title={job.description ?? job.name}>
          {job.title}
        </a>
      </td>
      <td class="dim" title={data.loadedBy(job.source.kind, job.mode)}>
        {job.source.name} <span class="faint">→</span> <code>{job.table}</code>
      </td>
      <LastRun job={job} now={now} />
      <td class="dim nowrap">
        <NextRun job={job} paused={paused} next={next} scheduler={scheduler} now={now} />
      </td>
      <td class="num">
        <div class="actions">
          {job.schedule ? <PauseButton job={job} paused={paused} narrow /> : null}
          <form method="post" action={`${path}/run`}>
            <button
              class="button small bare"
              type="submit"
              title={run}
              aria-label={run}
              {...(busy ? { disabled: true } : {})}
            >
              <Icon name="play" />
            </button>
          </form>
        </div>
      </td>
    </tr>
  );
};

const SchedulerNote = ({
  rows,
  scheduler,
}: {
  readonly rows: readonly JobRow[];
  readonly scheduler: SchedulerHolder;
}) => {
  const { data } = useWords();
  const { zone } = useSetting();
  const content = () => {
    if (!rows.some(({ job }) => job.schedule)) return rows.length;
    if (!scheduler) return <Prose text={data.noScheduler} />;
    return data.schedulerIn(scheduler.pid, formatInstant(scheduler.since, zone));
  };
  return <span class="faint small">{content()}</span>;
};

export const JobsCard = ({ rows, ...situation }: Situation & { readonly rows: readonly JobRow[] }) => {
  const { data } = useWords();
  const { columns } = data;
  return (
    <Card title={data.jobs} aside={<SchedulerNote rows={rows} scheduler={situation.scheduler} />}>
      <div class="table-wrap">
        <table class="data">
          <TableHead
            columns={[
              data.job,
              data.fromInto,
              data.lastRun,
              { number: columns.read },
              { number: columns.written },
              { number: columns.rejected },
              { number: columns.took },
              data.nextRun,
              "",
            ]}
          />
          <tbody>
            {rows.map((row) => (
              <Row {...row} {...situation} />
            ))}
          </tbody>
        </table>
      </div>
    </Card>
  );
};
