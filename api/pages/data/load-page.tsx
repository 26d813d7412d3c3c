/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** `/data/loads/{id}`: one load with its steps, checks and rejected rows, and its rollback. */
import type { HtmlEscapedString } from "hono/utils/html";
import { getRejects, getRun, type RunSummary, type StepSummary } from "../../../etl/index.ts";
import { formatCount, NOTHING } from "../../charts/index.ts";
import type { Catalogue } from "../../i18n/index.ts";
import { withProjectState } from "../../services/project-state.ts";
import type { Services } from "../../services/services.ts";
import { ago, duration } from "../parts/ago.ts";
import { Card, TableHead } from "../parts/card.tsx";
import { frameOf } from "../parts/frame-of.ts";
import { documentOf, Head, Layout } from "../parts/layout.tsx";
import { Status } from "../parts/status.tsx";
import { useWords } from "../parts/words.ts";
import { Accounting, sumOf } from "./accounting.tsx";
import { ChecksCard } from "./checks-card.tsx";
import { RejectsCard } from "./rejects-card.tsx";
import { RELOAD_SECONDS, RunningNotice } from "./running-notice.tsx";

const SHOWN = 200;
const BAR = 48;

const checksTone = ({ checks }: StepSummary): string => {
  if (checks.every(({ passed }) => passed)) return "";
  return checks.some(({ passed, warn }) => !passed && !warn) ? "down" : "warned";
};

const CheckCount = ({ step }: { readonly step: StepSummary }) =>
  step.checks.length === 0 ? (
    <span class="faint">{NOTHING}</span>
  ) : (
    <span class={checksTone(step)}>
      {step.checks.filter(({ passed }) => passed).length}/{step.checks.length}
    </span>
  );

/** The duration of a step, with a bar in proportion to the longest. */
const Took = ({ seconds, longest }: { readonly seconds: number; readonly longest: number }) => (
  <>
    {duration(seconds * 1000)}
    <svg class="bar" width={BAR} height="4" aria-hidden="true">
      <rect class="meter-track" width={BAR} height="4" rx="2" />
      <rect class="meter-fill" width={Math.max(1, (seconds / Math.max(0.01, longest)) * BAR)} height="4" rx="2" />
    </svg>
  </>
);

const StepName = ({ step }: { readonly step: StepSummary }) => (
  <td>
    {step.kind === "job" ? (
      <a class="link" href={`/data/jobs/${encodeURIComponent(step.name)}`}>
        {step.name}
      </a>
    ) : (
      <>
        {step.name} <span class="faint">{step.kind}</span>
      </>
    )}
    {step.error ? (
      <div class="down small text">
        {step.error.message}
        {step.error.remedy ? <span class="dim"> {step.error.remedy}</span> : null}
      </div>
    ) : null}
    {step.warnings.map((warning) => (
      <div class="faint small text">{warning}</div>
    ))}
  </td>
);

const StepRow = ({ step, longest }: { readonly step: StepSummary; readonly longest: number }) => {
  const words = useWords().data.loadPage;
  return (
    <tr>
      <StepName step={step} />
      <td>
        <Status status={step.status} />
        {step.status === "failed" ? <span class="faint small"> {words.failedIn(step.stage)}</span> : null}
      </td>
      {[step.read, step.added, step.updated, step.unchanged, step.deleted].map((count) => (
        <td class="num">{formatCount(count)}</td>
      ))}
      <td class={`num ${step.rejected > 0 ? "down" : ""}`}>{formatCount(step.rejected)}</td>
      <td class="num">
        <CheckCount step={step} />
      </td>
      <td class="num dim">{step.seconds === null ? "" : <Took seconds={step.seconds} longest={longest} />}</td>
    </tr>
  );
};

const Steps = ({ steps }: { readonly steps: readonly StepSummary[] }) => {
  const { data } = useWords();
  const { columns } = data;
  const longest = Math.max(0, ...steps.map(({ seconds }) => seconds ?? 0));
  return steps.length === 0 ? null : (
    <Card title={data.loadPage.steps}>
      <div class="table-wrap">
        <table class="data">
          <TableHead
            columns={[
              columns.step,
              columns.state,
              { number: columns.read },
              { number: columns.added },
              { number: columns.updated },
              { number: columns.unchanged },
              { number: columns.deleted },
              { number: columns.rejected },
              { number: columns.checks },
              { number: columns.took },
            ]}
          />
          <tbody>
            {steps.map((step) => (
              <StepRow step={step} longest={longest} />
            ))}
          </tbody>
        </table>
      </div>
    </Card>
  );
};

const RollbackForm = ({ run }: { readonly run: RunSummary }) => {
  const words = useWords().data.loadPage;
  const { id, kind, status, version, baseVersion } = run;
  if (kind !== "load" || status !== "published" || version === null || baseVersion === null) return null;
  return (
    <form method="post" action={`/data/loads/${id}/rollback`} data-confirm={words.rollbackQuestion(baseVersion)}>
      <button class="button danger" type="submit">
        {words.rollback}
      </button>
    </form>
  );
};

const RunError = ({ error }: { readonly error: NonNullable<RunSummary["error"]> }) => (
  <div class="notice bad">
    <div>
      <strong>{error.message}</strong>
      {error.place ? <div class="mono faint">{error.place}</div> : null}
      {error.remedy ? <div class="dim">{error.remedy}</div> : null}
    </div>
  </div>
);

const titleOf = (run: RunSummary, { data }: Catalogue): string => {
  const kinds: { readonly [kind: string]: string } = data.kinds;
  return `${kinds[run.kind] ?? run.kind} ${run.id}`;
};

const descriptionOf = (run: RunSummary, now: Date, { data, shared }: Catalogue): string => {
  const words = data.loadPage;
  const parts = [words.startedBy(ago(run.startedAt, now, shared.time), run.startedBy)];
  if (run.seconds !== null) parts.push(words.took(duration(run.seconds * 1000)));
  if (run.version !== null)
    parts.push(run.kind === "rollback" ? words.restored(run.version) : words.published(run.version));
  return `${parts.join(", ")}.`;
};

/** @throws TesseraError `not-found` */
export const loadPage = async (id: string, services: Services): Promise<HtmlEscapedString> => {
  const { project, clock, words } = services;
  const { run, rejects } = await withProjectState(project, async (state) => ({
    run: getRun(state, id),
    rejects: await getRejects(project.warehouse, state, id, { limit: SHOWN }),
  }));
  const frame = await frameOf(services, words.data.loadPage.title(id), "/data");
  return documentOf(
    <Layout frame={frame} {...(run.status === "running" ? { reload: RELOAD_SECONDS } : {})}>
      <Head title={titleOf(run, words)} description={descriptionOf(run, clock(), words)}>
        <Status status={run.status} />
        <a class="button bare" href="/data">
          {words.data.loadPage.all}
        </a>
        <RollbackForm run={run} />
      </Head>
      {run.status === "running" ? <RunningNotice run={run} progress={services.loads.progress(run.id)} /> : null}
      {run.error ? <RunError error={run.error} /> : null}
      <div class="stack">
        {run.steps.some(({ kind }) => kind === "job") ? (
          <div class="card">
            <div class="body">
              <Accounting of={sumOf(run.steps)} />
            </div>
          </div>
        ) : null}
        <Steps steps={run.steps} />
        <RejectsCard rejects={rejects} steps={run.steps} />
        <ChecksCard steps={run.steps} />
      </div>
    </Layout>,
  );
};
