/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** Whether a model is worth more than the simplest thing one would do without it. */
import type { Verdict } from "../../../engine/mining/index.ts";

const short = (value: number): string =>
  (Math.abs(value) >= 1000 ? Math.round(value).toLocaleString("en") : Number(value.toPrecision(3)).toString()).replace(
    /^-/,
    "−",
  );

export const VerdictLine = ({ verdict }: { readonly verdict: Verdict }) => (
  <div class={`notice ${verdict.beats ? "good" : "warn"}`} role="note">
    <span class={`badge ${verdict.beats ? "good" : "warn"}`}>
      {verdict.beats ? "beats the naive rival" : "does not beat the naive rival"}
    </span>
    <span>
      {verdict.by}: <b>{short(verdict.model)}</b> against {short(verdict.rival)} by {verdict.against}; lead{" "}
      {short(verdict.lead[0])} to {short(verdict.lead[1])} (95 %).
    </span>
  </div>
);
