/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** Goals on a page: from the baseline to the target, and where they stand. */
import type { CatalogView } from "../../../engine/model/catalog-view.ts";
import { formatCompact, formatNumber, NOTHING } from "../../charts/index.ts";
import { formatDate } from "../../charts/format-date.ts";
import { membersIn } from "../explore/state-query.ts";
import type { GoalState } from "./goal-state.ts";

const shown = (value: number, format: { readonly format: string; readonly currency?: string | undefined }): string => {
  const column = { format: format.format as "number", ...(format.currency && { currency: format.currency }) };
  return Math.abs(value) >= 10_000 ? formatCompact(value, column) : formatNumber(value, column);
};

export const Goals = ({
  goals,
  catalog,
  now,
}: {
  readonly goals: readonly GoalState[];
  readonly catalog: CatalogView;
  readonly now: Date;
}) => {
  const { measures } = membersIn(catalog);
  return (
    <article class="card wide goals">
      <header>
        <h2>Goals</h2>
      </header>
      <div class="table-wrap">
        <table class="data">
          <thead>
            <tr>
              <th>Goal</th>
              <th>Owner</th>
              <th class="num">From</th>
              <th class="num">Now</th>
              <th class="num">Target</th>
              <th>Way made</th>
              <th>By</th>
            </tr>
          </thead>
          <tbody>
            {goals.map((goal) => {
              const format = { format: measures.get(goal.measure)?.format ?? "number", currency: catalog.currency };
              const part = goal.progress === null ? 0 : Math.max(0, Math.min(1, goal.progress));
              const late = !goal.reached && Date.parse(goal.by) < now.getTime();
              return (
                <tr>
                  <td>{goal.title}</td>
                  <td class="dim">{goal.owner ?? ""}</td>
                  <td class="num dim">{shown(goal.baseline, format)}</td>
                  <td class="num">
                    {goal.value === null ? (
                      <span title={goal.problem}>{NOTHING}</span>
                    ) : (
                      <b>{shown(goal.value, format)}</b>
                    )}
                  </td>
                  <td class="num">{shown(goal.target, format)}</td>
                  <td>
                    <svg class="goal-bar" width="120" height="6" viewBox="0 0 120 6" aria-hidden="true">
                      <rect class="meter-track" width="120" height="6" rx="3" />
                      <rect class={`meter-fill ${goal.reached ? "good" : ""}`} width={part * 120} height="6" rx="3" />
                    </svg>{" "}
                    <span class={goal.reached ? "up" : "dim"}>
                      {goal.progress === null
                        ? ""
                        : goal.reached
                          ? "reached"
                          : goal.progress < 0
                            ? "behind the start"
                            : `${Math.round(goal.progress * 100)}%`}
                    </span>
                  </td>
                  <td class={late ? "down" : "dim"}>{formatDate(goal.by)}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </article>
  );
};
