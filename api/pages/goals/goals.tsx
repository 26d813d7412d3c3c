/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** Goals on a dashboard: baseline, value, target and progress. */
import type { CatalogView } from "../../../engine/model/catalog-view.ts";
import { formatCompact, formatDate, formatNumber, NOTHING } from "../../charts/index.ts";
import { membersIn } from "../../services/catalog-index.ts";
import type { GoalState } from "../../services/goal-state.ts";
import { Card, TableHead } from "../parts/card.tsx";
import { useWords } from "../parts/words.ts";

/** Prints a measure's value, large ones in little room. */
export const measurePrinter = (catalog: CatalogView): ((value: number, measure: string) => string) => {
  const { measures } = membersIn(catalog);
  return (value, measure) => {
    const format = measures.get(measure)?.format ?? ("number" as const);
    const column = { format, ...(catalog.currency && { currency: catalog.currency }) };
    return Math.abs(value) >= 10_000 ? formatCompact(value, column) : formatNumber(value, column);
  };
};

const Progress = ({ goal }: { readonly goal: GoalState }) => {
  const words = useWords().dashboard.goals;
  const { progress, reached } = goal;
  const width = progress === null ? 0 : Math.max(0, Math.min(1, progress)) * 120;
  const text = (): string => {
    if (progress === null) return "";
    if (reached) return words.reached;
    return progress < 0 ? words.belowBaseline : `${Math.round(progress * 100)}%`;
  };
  return (
    <>
      <svg class="goal-bar" width="120" height="6" viewBox="0 0 120 6" aria-hidden="true">
        <rect class="meter-track" width="120" height="6" rx="3" />
        <rect class={`meter-fill ${reached ? "good" : ""}`} width={width} height="6" rx="3" />
      </svg>{" "}
      <span class={reached ? "up" : "dim"}>{text()}</span>
    </>
  );
};

interface GoalsProps {
  readonly goals: readonly GoalState[];
  readonly catalog: CatalogView;
  readonly now: Date;
}

export const Goals = ({ goals, catalog, now }: GoalsProps) => {
  const words = useWords().dashboard.goals;
  const print = measurePrinter(catalog);
  const isLate = ({ reached, by }: GoalState): boolean => !reached && Date.parse(by) < now.getTime();
  return (
    <Card title={words.title} size="wide goals">
      <div class="table-wrap">
        <table class="data">
          <TableHead
            columns={[
              words.goal,
              words.owner,
              { number: words.from },
              { number: words.now },
              { number: words.target },
              words.progress,
              words.by,
            ]}
          />
          <tbody>
            {goals.map((goal) => (
              <tr>
                <td>{goal.title}</td>
                <td class="dim">{goal.owner ?? ""}</td>
                <td class="num dim">{print(goal.baseline, goal.measure)}</td>
                <td class="num">
                  {goal.value === null ? (
                    <span title={goal.problem}>{NOTHING}</span>
                  ) : (
                    <b>{print(goal.value, goal.measure)}</b>
                  )}
                </td>
                <td class="num">{print(goal.target, goal.measure)}</td>
                <td>
                  <Progress goal={goal} />
                </td>
                <td class={isLate(goal) ? "down" : "dim"}>{formatDate(goal.by)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Card>
  );
};
