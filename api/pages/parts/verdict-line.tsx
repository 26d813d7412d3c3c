/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** Whether a model is better than the simplest method without it. */
import type { Verdict } from "../../../engine/mining/index.ts";
import { formatCount } from "../../charts/index.ts";
import { useWords } from "./words.ts";

const short = (value: number): string => {
  const text = Math.abs(value) >= 1000 ? formatCount(Math.round(value)) : String(Number(value.toPrecision(3)));
  return text.replace(/^-/, "−");
};

export const VerdictLine = ({ verdict }: { readonly verdict: Verdict }) => {
  const words = useWords().shared.verdict;
  const tone = verdict.beats ? "good" : "warn";
  const [from, to] = verdict.lead;
  return (
    <div class={`notice ${tone}`} role="note">
      <span class={`badge ${tone}`}>{verdict.beats ? words.beats : words.doesNotBeat}</span>
      <span>
        {words.comparison(verdict.by, short(verdict.model), short(verdict.rival), verdict.against)};{" "}
        {words.lead(short(from), short(to))}
      </span>
    </div>
  );
};
