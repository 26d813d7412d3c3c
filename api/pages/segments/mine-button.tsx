/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** Starts mining a model, or tells how far it is. */
import type { MiningRun, MiningRuns } from "../../http/mining-runs.ts";
import { Icon } from "../parts/icon.tsx";

export const MineButton = ({ model, mining }: { readonly model: string; readonly mining: MiningRuns }) => {
  const last: MiningRun | null = mining.last(model);
  if (last?.state === "running")
    return (
      <span class="mining" role="status">
        <span class="badge accent">mining</span> {last.what}…
      </span>
    );
  const busy = mining.running() !== null;
  return (
    <form class="mining" method="post" action={`/segments/models/${encodeURIComponent(model)}/mine`}>
      {last?.state === "failed" ? (
        <span class="down small">
          {last.problem?.detail}
          {last.problem?.remedy ? ` ${last.problem.remedy}` : ""}{" "}
        </span>
      ) : null}
      <button class="button small" type="submit" {...(busy ? { disabled: true } : {})}>
        <Icon name="play" />
        Mine
      </button>
    </form>
  );
};
