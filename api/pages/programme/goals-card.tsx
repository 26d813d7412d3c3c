/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** Progress and forecast of the goals. */
import type { Outlook } from "../../../engine/mining/index.ts";
import type { CatalogView } from "../../../engine/model/catalog-view.ts";
import { formatDate, formatNumber, NOTHING } from "../../charts/index.ts";
import type { GoalState } from "../../services/goal-state.ts";
import { measurePrinter } from "../goals/goals.tsx";
import { Card, Empty, TableHead } from "../parts/card.tsx";
import { Prose } from "../parts/prose.tsx";
import { useWords } from "../parts/words.ts";
import { verdictTone } from "./verdict-tone.ts";

export interface GoalWithOutlook {
  readonly goal: GoalState;
  /** null when the goal cannot be forecast */
  readonly outlook: Outlook | null;
}

export interface GoalsCardProps {
  readonly goals: readonly GoalWithOutlook[];
  readonly catalog: CatalogView;
  /** the day that the data reaches */
  readonly today: string;
}

type Print = (value: number) => string;

const Forecast = ({ outlook, print }: { readonly outlook: Outlook | null; readonly print: Print }) => {
  const { shared } = useWords();
  const expected = outlook?.expected ?? null;
  return (
    <td class="num" title={outlook?.by ?? ""}>
      {expected === null ? <span class="faint">{NOTHING}</span> : print(expected)}
      {outlook?.interval ? (
        <div class="range">{shared.range(print(outlook.interval[0]), print(outlook.interval[1]))}</div>
      ) : null}
    </td>
  );
};

const Chance = ({ chance }: { readonly chance: number | null }) => {
  const words = useWords().programme.goals;
  const text = (): string => {
    if (chance === null) return NOTHING;
    if (chance < 0.02) return words.under;
    return chance > 0.98 ? words.above : formatNumber(chance, { format: "percent" }).replace(/\.\d+/, "");
  };
  return <td class="num">{text()}</td>;
};

const Needed = ({ outlook, print }: { readonly outlook: Outlook | null; readonly print: Print }) => {
  const words = useWords().programme.goals;
  const needed = outlook?.needed ?? null;
  return (
    <td class="num">
      {outlook === null || needed === null ? (
        NOTHING
      ) : (
        <>
          {print(needed)} <span class="faint">{words.perUnit(outlook.unit)}</span>
        </>
      )}
      {outlook?.pace ? <div class="range">{words.soFar(print(outlook.pace))}</div> : null}
    </td>
  );
};

const GoalRow = ({ goal, outlook, catalog }: GoalWithOutlook & Pick<GoalsCardProps, "catalog">) => {
  const words = useWords().programme.goals;
  const printer = measurePrinter(catalog);
  const print: Print = (value) => printer(value, goal.measure);
  const due = words.due(formatDate(goal.by));
  return (
    <tr>
      <td>
        {goal.title}
        <div class="range text">{goal.owner ? words.owned(goal.owner, due) : due}</div>
      </td>
      <td class="num dim">{print(goal.baseline)}</td>
      <td class="num">
        {goal.value === null ? <span title={goal.problem}>{NOTHING}</span> : <b>{print(goal.value)}</b>}
      </td>
      <td class="num">{print(goal.target)}</td>
      <td class="num">{goal.progress === null ? NOTHING : formatNumber(goal.progress, { format: "percent" })}</td>
      <Forecast outlook={outlook} print={print} />
      <Chance chance={outlook?.chance ?? null} />
      <Needed outlook={outlook} print={print} />
      <td>
        <span class={`badge ${verdictTone(outlook?.words)}`}>{words.verdicts[outlook?.words ?? "open"]}</span>
      </td>
    </tr>
  );
};

export const GoalsCard = ({ goals, catalog, today }: GoalsCardProps) => {
  const { programme, shared } = useWords();
  const words = programme.goals;
  return (
    <Card title={words.title} aside={shared.dataUntil(formatDate(today))} size="wide">
      {goals.length === 0 ? (
        <Empty title={words.none}>
          <Prose text={words.noneHint} />
        </Empty>
      ) : (
        <>
          <div class="table-wrap">
            <table class="data">
              <TableHead
                columns={[
                  words.goal,
                  { number: words.baseline },
                  { number: words.now },
                  { number: words.target },
                  { number: words.progress },
                  { number: words.forecast },
                  { number: words.chance },
                  { number: words.needed },
                  words.verdict,
                ]}
              />
              <tbody>
                {goals.map((each) => (
                  <GoalRow {...each} catalog={catalog} />
                ))}
              </tbody>
            </table>
          </div>
          <footer>{words.method}</footer>
        </>
      )}
    </Card>
  );
};
