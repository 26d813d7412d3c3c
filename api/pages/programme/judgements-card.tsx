/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** People's judgements of goals, and the form that adds one. */
import type { GoalSpec } from "../../../engine/model/declarations.ts";
import { JUDGED_VERDICTS, type Judgement } from "../../../etl/index.ts";
import { formatDate } from "../../charts/index.ts";
import { Card, TableHead } from "../parts/card.tsx";
import { LeftOut } from "../parts/data-table.tsx";
import { useWords } from "../parts/words.ts";
import { verdictTone } from "./verdict-tone.ts";

const SHOWN = 50;

const Judgements = ({ judgements }: { readonly judgements: readonly Judgement[] }) => {
  const words = useWords().programme.judgements;
  if (judgements.length === 0) return <div class="body faint">{words.none}</div>;
  return (
    <div class="table-wrap">
      <table class="data">
        <TableHead columns={[words.on, words.goal, words.verdict, words.why, words.by]} />
        <tbody>
          {judgements.slice(0, SHOWN).map((judgement) => (
            <tr>
              <td class="dim">{formatDate(judgement.judgedOn)}</td>
              <td>{judgement.goal}</td>
              <td>
                <span class={`badge ${verdictTone(judgement.verdict)}`}>{words.verdicts[judgement.verdict]}</span>
              </td>
              <td class="text">{judgement.words}</td>
              <td class="dim">{judgement.assessor}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <LeftOut shown={Math.min(SHOWN, judgements.length)} whole={judgements.length} />
    </div>
  );
};

const JudgementForm = ({ goals, today }: { readonly goals: readonly GoalSpec[]; readonly today: string }) => {
  const words = useWords().programme.judgements;
  const text = { type: "text", class: "text", required: true, autocomplete: "off" } as const;
  return (
    <form method="post" action="/programme/judgements">
      <div class="body fields across">
        <label class="field">
          <span>{words.goal}</span>
          <input {...text} name="goal" list="goals" maxlength={200} />
        </label>
        <datalist id="goals">
          {goals.map(({ title }) => (
            <option value={title} />
          ))}
        </datalist>
        <label class="field">
          <span>{words.verdict}</span>
          <select name="verdict">
            {JUDGED_VERDICTS.map((verdict) => (
              <option value={verdict}>{words.verdicts[verdict]}</option>
            ))}
          </select>
        </label>
        <label class="field">
          <span>{words.on}</span>
          <input type="date" name="judged_on" value={today} required />
        </label>
        <label class="field">
          <span>{words.by}</span>
          <input {...text} name="assessor" maxlength={200} />
        </label>
        <label class="field">
          <span>{words.why}</span>
          <input {...text} name="words" maxlength={4000} size={44} />
        </label>
        <button class="button" type="submit">
          {words.save}
        </button>
      </div>
    </form>
  );
};

export interface JudgementsCardProps {
  readonly judgements: readonly Judgement[];
  readonly goals: readonly GoalSpec[];
  /** ISO day that the form starts with */
  readonly today: string;
}

export const JudgementsCard = ({ judgements, goals, today }: JudgementsCardProps) => (
  <Card title={useWords().programme.judgements.title} size="wide" id="judged">
    <Judgements judgements={judgements} />
    <JudgementForm goals={goals} today={today} />
  </Card>
);
