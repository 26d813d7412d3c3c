/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** One load: its steps and their accounting, checks, rejected rows with reasons, and taking it back. */
import type { HtmlEscapedString } from "hono/utils/html";
import { getRejects, getRun, type Reject, type RunSummary, type StepSummary } from "../../../etl/index.ts";
import { withState } from "../../http/loads.ts";
import type { Services } from "../../http/services.ts";
import { ago, duration } from "../parts/ago.ts";
import { frameOf } from "../parts/frame-of.ts";
import { documentOf, Head, Layout } from "../parts/layout.tsx";
import { Accounting, sumOf } from "./accounting.tsx";
import { count, Status } from "./status.tsx";

const SHOWN = 200;

const StepRow = ({ step, longest }: { readonly step: StepSummary; readonly longest: number }) => (
  <tr>
    <td>
      {step.kind === "job" ? (
        <a class="link" href={`/data/jobs/${encodeURIComponent(step.name)}`}>
          {step.name}
        </a>
      ) : (
        step.name
      )}{" "}
      <span class="faint">{step.kind === "job" ? "" : step.kind}</span>
      {step.error ? (
        <div class="down small text">
          {step.error.message}
          {step.error.remedy ? <span class="dim"> {step.error.remedy}</span> : null}
        </div>
      ) : null}
      {step.warnings.map((w) => (
        <div class="faint small text">{w}</div>
      ))}
    </td>
    <td>
      <Status status={step.status} />
      {step.status === "failed" ? <span class="faint small"> in {step.stage}</span> : null}
    </td>
    <td class="num">{count(step.read)}</td>
    <td class="num">{count(step.added)}</td>
    <td class="num">{count(step.updated)}</td>
    <td class="num">{count(step.unchanged)}</td>
    <td class="num">{count(step.deleted)}</td>
    <td class={`num ${step.rejected > 0 ? "down" : ""}`}>{count(step.rejected)}</td>
    <td class="num">
      {step.checks.length === 0 ? (
        <span class="faint">–</span>
      ) : (
        <span
          class={
            step.checks.every((c) => c.passed) ? "" : step.checks.some((c) => !c.passed && !c.warn) ? "down" : "warned"
          }
        >
          {step.checks.filter((c) => c.passed).length}/{step.checks.length}
        </span>
      )}
    </td>
    <td class="num dim">
      {step.seconds === null ? (
        ""
      ) : (
        <>
          {duration(step.seconds * 1000)}
          <svg class="bar" width="48" height="4" aria-hidden="true">
            <rect class="meter-track" width="48" height="4" rx="2" />
            <rect
              class="meter-fill"
              width={Math.max(1, (step.seconds / Math.max(0.01, longest)) * 48)}
              height="4"
              rx="2"
            />
          </svg>
        </>
      )}
    </td>
  </tr>
);

const Checks = ({ steps }: { readonly steps: readonly StepSummary[] }) => {
  const all = steps
    .flatMap((step) => step.checks.map((check) => ({ step: step.name, check })))
    .sort((a, b) => Number(a.check.passed) - Number(b.check.passed));
  const failed = all.filter((c) => !c.check.passed);
  if (all.length === 0) return null;
  return (
    <article class="card">
      <header>
        <h2>Checks</h2>
        <span class="faint small">
          {all.length - failed.length} of {all.length} passed
        </span>
      </header>
      <details class="body" {...(failed.length > 0 ? { open: true } : {})}>
        <summary class="link">{failed.length > 0 ? "What did not pass comes first" : "Show all"}</summary>
        <div class="table-wrap">
          <table class="data">
            <thead>
              <tr>
                <th>Of</th>
                <th>Check</th>
                <th>Outcome</th>
                <th class="num">Rows that break it</th>
                <th>Examples</th>
              </tr>
            </thead>
            <tbody>
              {all.map(({ step, check }) => (
                <tr>
                  <td>{step}</td>
                  <td>
                    <code>{check.check}</code>
                  </td>
                  <td>
                    {check.passed ? (
                      <span class="badge good">passed</span>
                    ) : (
                      <span class={`badge ${check.warn ? "warn" : "bad"}`}>{check.warn ? "warned" : "failed"}</span>
                    )}
                    {check.error ? <span class="down small"> {check.error}</span> : null}
                  </td>
                  <td class="num">{count(check.found)}</td>
                  <td class="text faint">{check.examples.join(", ")}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </article>
  );
};

const Rejects = ({
  rejects,
  steps,
}: {
  readonly rejects: readonly Reject[];
  readonly steps: readonly StepSummary[];
}) => {
  const reasons = steps
    .flatMap((step) => step.rejects.map((r) => ({ step: step.name, ...r })))
    .sort((a, b) => b.rows - a.rows);
  if (reasons.length === 0 && rejects.length === 0) return null;
  const total = steps.reduce((n, s) => n + s.rejected, 0);
  return (
    <article class="card" id="rejects">
      <header>
        <h2>Rejected rows</h2>
        <span class="faint small">{count(total)}</span>
      </header>
      {reasons.length > 0 ? (
        <div class="table-wrap">
          <table class="data">
            <thead>
              <tr>
                <th>Job</th>
                <th>Column</th>
                <th>Reason</th>
                <th class="num">Rows</th>
              </tr>
            </thead>
            <tbody>
              {reasons.map((r) => (
                <tr>
                  <td>{r.step}</td>
                  <td>
                    <code>{r.column ?? ""}</code>
                  </td>
                  <td class="text">{r.reason}</td>
                  <td class="num">{count(r.rows)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      ) : null}
      {rejects.length > 0 ? (
        <details class="body">
          <summary class="link">
            The rows themselves{total > rejects.length ? `, the first ${rejects.length}` : ""}
          </summary>
          <div class="table-wrap tall">
            <table class="data">
              <thead>
                <tr>
                  <th>Job</th>
                  <th>Where</th>
                  <th>Column</th>
                  <th>Reason</th>
                  <th>As it came</th>
                </tr>
              </thead>
              <tbody>
                {rejects.map((r) => (
                  <tr>
                    <td>{r.job}</td>
                    <td class="faint">
                      {r.file ?? ""}
                      {r.line === null ? "" : ` line ${r.line}`}
                    </td>
                    <td>
                      <code>{r.column ?? ""}</code>
                    </td>
                    <td class="text">{r.reason}</td>
                    <td class="text mono raw">{r.row}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </details>
      ) : null}
    </article>
  );
};

const canRollBack = (run: RunSummary): boolean =>
  run.kind === "load" && run.status === "published" && run.version !== null && run.baseVersion !== null;

export const loadPage = async (id: string, services: Services): Promise<HtmlEscapedString> => {
  const { project, clock } = services;
  const { run, rejects } = await withState(project, async (state) => ({
    run: getRun(state, id),
    rejects: await getRejects(project.warehouse, state, id, { limit: SHOWN }),
  }));
  const frame = await frameOf(services, `Load ${id}`, "/data");
  const now = clock();
  const jobs = run.steps.filter((s) => s.kind === "job");
  const longest = Math.max(0, ...run.steps.map((s) => s.seconds ?? 0));
  return documentOf(
    <Layout frame={frame}>
      <Head
        title={`${run.kind === "load" ? "Load" : run.kind.replace(/^./, (c) => c.toUpperCase())} ${run.id}`}
        description={`Started ${ago(run.startedAt, now)} by ${run.startedBy}${run.seconds === null ? "" : `, took ${duration(run.seconds * 1000)}`}${run.version === null ? "" : run.kind === "rollback" ? `, served version ${run.version} again` : `, made version ${run.version}`}.`}
      >
        <Status status={run.status} />
        <a class="button bare" href="/data">
          All loads
        </a>
        {canRollBack(run) ? (
          <form
            method="post"
            action={`/data/loads/${run.id}/rollback`}
            data-confirm={`Put the warehouse back to version ${run.baseVersion}, as it was before this load? Loads after it are taken back as well.`}
          >
            <button class="button danger" type="submit">
              Roll back…
            </button>
          </form>
        ) : null}
      </Head>
      {run.status === "running" ? (
        <div class="notice">
          <span class="badge accent">running</span>
          <span data-run={run.id} aria-live="polite">
            …
          </span>
        </div>
      ) : null}
      {run.error ? (
        <div class="notice bad">
          <div>
            <strong>{run.error.message}</strong>
            {run.error.place ? <div class="mono faint">{run.error.place}</div> : null}
            {run.error.remedy ? <div class="dim">{run.error.remedy}</div> : null}
          </div>
        </div>
      ) : null}
      <div class="stack">
        {jobs.length > 0 ? (
          <div class="card">
            <div class="body">
              <Accounting of={sumOf(run.steps)} />
            </div>
          </div>
        ) : null}
        {run.steps.length > 0 ? (
          <article class="card">
            <header>
              <h2>Steps</h2>
            </header>
            <div class="table-wrap">
              <table class="data">
                <thead>
                  <tr>
                    <th>Step</th>
                    <th>State</th>
                    <th class="num">Read</th>
                    <th class="num">Added</th>
                    <th class="num">Updated</th>
                    <th class="num">Unchanged</th>
                    <th class="num">Deleted</th>
                    <th class="num">Rejected</th>
                    <th class="num">Checks</th>
                    <th class="num">Took</th>
                  </tr>
                </thead>
                <tbody>
                  {run.steps.map((step) => (
                    <StepRow step={step} longest={longest} />
                  ))}
                </tbody>
              </table>
            </div>
          </article>
        ) : null}
        <Rejects rejects={rejects} steps={run.steps} />
        <Checks steps={run.steps} />
      </div>
    </Layout>,
  );
};

/** Asked before a load is taken back where no script asks. */
export const confirmRollbackPage = async (id: string, services: Services): Promise<HtmlEscapedString> => {
  const run = await withState(services.project, (state) => getRun(state, id));
  const frame = await frameOf(services, "Roll back", "/data");
  return documentOf(
    <Layout frame={frame}>
      <div class="failure">
        <h1>Roll back load {run.id}?</h1>
        <p class="dim">
          The warehouse goes back to {run.baseVersion === null ? "what it was before" : `version ${run.baseVersion}`}:
          data, watermarks and all. Loads published after it are taken back as well. The next load reads what is missing
          again.
        </p>
        <form class="actions" method="post" action={`/data/loads/${run.id}/rollback`}>
          <input type="hidden" name="sure" value="1" />
          <button class="button danger" type="submit">
            Roll back
          </button>
          <a class="button bare" href={`/data/loads/${run.id}`}>
            Leave it
          </a>
        </form>
      </div>
    </Layout>,
  );
};
