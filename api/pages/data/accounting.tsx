/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** Every row that was read: read = written + unchanged + deleted + rejected. */
import type { StepSummary } from "../../../etl/index.ts";
import { formatCount } from "../../charts/index.ts";
import { Prose } from "../parts/prose.tsx";
import { useWords } from "../parts/words.ts";

/** Row counts of jobs. */
export interface Accounts {
  readonly read: number;
  readonly written: number;
  readonly unchanged: number;
  readonly deleted: number;
  readonly rejected: number;
}

/** The row counts of all jobs of a run. */
export const sumOf = (steps: readonly StepSummary[]): Accounts => {
  const jobs = steps.filter(({ kind }) => kind === "job");
  const sum = (of: (step: StepSummary) => number): number => jobs.reduce((total, step) => total + of(step), 0);
  return {
    read: sum(({ read }) => read),
    written: sum(({ written }) => written),
    unchanged: sum(({ unchanged }) => unchanged),
    deleted: sum(({ deleted }) => deleted),
    rejected: sum(({ rejected }) => rejected),
  };
};

/** `184,201 read = 120 written + 184,081 unchanged + 0 deleted + 0 rejected`; a wrong sum shows `≠`. */
export const Accounting = ({ of }: { readonly of: Accounts }) => {
  const { data } = useWords();
  const balanced = of.read === of.written + of.unchanged + of.deleted + of.rejected;
  const bold = (count: number, tone?: string) => <b {...(tone ? { class: tone } : {})}>{formatCount(count)}</b>;
  const slots = {
    read: bold(of.read),
    equals: balanced ? "=" : "≠",
    written: bold(of.written),
    unchanged: bold(of.unchanged),
    deleted: bold(of.deleted),
    rejected: bold(of.rejected, of.rejected > 0 ? "down" : undefined),
  };
  return (
    <span class={`accounting ${balanced ? "" : "down"}`}>
      <Prose text={data.loadPage.accounting} slots={slots} />
    </span>
  );
};
