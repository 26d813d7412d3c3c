/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** The button that runs a model, or the progress of its run. */
import { problemOf } from "../../http/problem.ts";
import type { MiningRuns } from "../../services/mining-runs.ts";
import { Icon } from "../parts/icon.tsx";
import { useWords } from "../parts/words.ts";

const Failure = ({ error }: { readonly error: unknown }) => {
  const { detail, remedy } = problemOf(error, "page");
  return (
    <span class="down small">
      {detail}
      {remedy ? ` ${remedy}` : ""}{" "}
    </span>
  );
};

export const MineButton = ({ model, mining }: { readonly model: string; readonly mining: MiningRuns }) => {
  const { segments } = useWords();
  const last = mining.last(model);
  if (last?.state === "running")
    return (
      <span class="mining" role="status">
        <span class="badge accent">{segments.running}</span> {last.what}…
      </span>
    );
  const busy = mining.running() !== null;
  return (
    <form class="mining" method="post" action={`/segments/models/${encodeURIComponent(model)}/mine`}>
      {last?.state === "failed" ? <Failure error={last.error} /> : null}
      <button class="button small" type="submit" {...(busy ? { disabled: true } : {})}>
        <Icon name="play" />
        {segments.runModel}
      </button>
    </form>
  );
};
