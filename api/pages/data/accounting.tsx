/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** Every row that came in: read = written + unchanged + deleted + rejected. */
import type { StepSummary } from "../../../etl/index.ts";
import { count } from "./status.tsx";

export interface Accounts {
  readonly read: number;
  readonly written: number;
  readonly unchanged: number;
  readonly deleted: number;
  readonly rejected: number;
}

export const sumOf = (steps: readonly StepSummary[]): Accounts =>
  steps
    .filter((s) => s.kind === "job")
    .reduce<Accounts>(
      (a, s) => ({
        read: a.read + s.read,
        written: a.written + s.written,
        unchanged: a.unchanged + s.unchanged,
        deleted: a.deleted + s.deleted,
        rejected: a.rejected + s.rejected,
      }),
      { read: 0, written: 0, unchanged: 0, deleted: 0, rejected: 0 },
    );

/** `184,201 read = 120 written + 184,081 unchanged + 0 deleted + 0 rejected`; a sum that does not come out is said so. */
export const Accounting = ({ of }: { readonly of: Accounts }) => {
  const even = of.read === of.written + of.unchanged + of.deleted + of.rejected;
  return (
    <span class={`accounting ${even ? "" : "down"}`}>
      <b>{count(of.read)}</b> read {even ? "=" : "≠"} <b>{count(of.written)}</b> written + <b>{count(of.unchanged)}</b>{" "}
      unchanged + <b>{count(of.deleted)}</b> deleted + <b class={of.rejected > 0 ? "down" : ""}>{count(of.rejected)}</b>{" "}
      rejected
    </span>
  );
};
