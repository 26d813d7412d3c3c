/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** A run in progress: how far it is, how fast, for how long, and the button that stops it. */
import type { Progress, RunSummary } from "../../../etl/index.ts";
import { formatCount } from "../../charts/index.ts";
import { duration } from "../parts/ago.ts";
import { useSetting } from "../parts/setting.ts";
import { useWords } from "../parts/words.ts";

export interface RunningNoticeProps {
  readonly run: RunSummary;
  /** what the process of the run said last; undefined for a run of another process */
  readonly progress: Progress | undefined;
}

/** Seconds after which a page without script shows the run again. */
export const RELOAD_SECONDS = 3;

const isOver = ({ status }: RunSummary["steps"][number]): boolean => status !== "running";

/** @param step null for a stage of the whole run */
const stageText = (step: string | null, stage: string): string => (step === null ? stage : `${step}: ${stage}`);

/** Script keeps it current; without it the page reloads. */
export const RunningNotice = ({ run, progress }: RunningNoticeProps) => {
  const { data, shared } = useWords();
  const { now } = useSetting();
  const steps = Math.max(1, run.steps.length);
  const done = run.steps.filter(isOver).length;
  const running = run.steps.find((step) => step.status === "running" && step.stage !== "waiting");
  const at = running ?? progress;
  const elapsed = duration(Math.max(0, now.getTime() - Date.parse(run.startedAt)));
  const parts = [
    ...(at ? [stageText(at.name === run.id ? null : at.name, data.stages[at.stage] ?? at.stage)] : []),
    ...(progress?.rows === undefined ? [] : [data.progressRows.replace("{rows}", formatCount(progress.rows))]),
    ...(progress?.rowsPerSecond === undefined
      ? []
      : [data.progressRate.replace("{rows}", formatCount(Math.round(progress.rowsPerSecond)))]),
    data.stepsDone(done, run.steps.length),
    elapsed,
  ];
  return (
    <div
      class="notice running"
      data-run={run.id}
      data-started={run.startedAt}
      data-rows={data.progressRows}
      data-rate={data.progressRate}
    >
      <span class="badge accent">{data.running}</span>
      <a class="link mono" href={`/data/loads/${run.id}`}>
        {run.id}
      </a>
      <progress value={String(done)} max={String(steps)} aria-label={data.progress} />
      <span class="dim grow" data-text aria-live="polite">
        {parts.join(" · ")}
      </span>
      <form method="post" action={`/data/loads/${run.id}/cancel`}>
        <button class="button small" type="submit">
          {shared.cancel}
        </button>
      </form>
    </div>
  );
};
