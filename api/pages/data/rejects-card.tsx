/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** The rejected rows of a load: reasons with their counts, and the rows. */
import type { Reject, StepSummary } from "../../../etl/index.ts";
import { formatCount } from "../../charts/index.ts";
import { Card, TableHead } from "../parts/card.tsx";
import { LeftOut } from "../parts/data-table.tsx";
import { useWords } from "../parts/words.ts";

export interface RejectsCardProps {
  readonly rejects: readonly Reject[];
  readonly steps: readonly StepSummary[];
}

const Reasons = ({ steps }: Pick<RejectsCardProps, "steps">) => {
  const { data } = useWords();
  const words = data.loadPage;
  const reasons = steps
    .flatMap((step) => step.rejects.map((reject) => ({ step: step.name, ...reject })))
    .sort((a, b) => b.rows - a.rows);
  return reasons.length === 0 ? null : (
    <div class="table-wrap">
      <table class="data">
        <TableHead columns={[data.job, words.column, words.reason, { number: words.rows }]} />
        <tbody>
          {reasons.map(({ step, column, reason, rows }) => (
            <tr>
              <td>{step}</td>
              <td>
                <code>{column ?? ""}</code>
              </td>
              <td class="text">{reason}</td>
              <td class="num">{formatCount(rows)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
};

const Rows = ({ rejects, total }: { readonly rejects: readonly Reject[]; readonly total: number }) => {
  const { data } = useWords();
  const words = data.loadPage;
  return rejects.length === 0 ? null : (
    <details class="body">
      <summary class="link">{total > rejects.length ? words.firstRows(rejects.length) : words.allRows}</summary>
      <div class="table-wrap tall">
        <table class="data">
          <TableHead columns={[data.job, words.place, words.column, words.reason, words.raw]} />
          <tbody>
            {rejects.map(({ job, file, line, column, reason, row }) => (
              <tr>
                <td>{job}</td>
                <td class="faint">
                  {file ?? ""}
                  {line === null ? "" : ` ${words.line(line)}`}
                </td>
                <td>
                  <code>{column ?? ""}</code>
                </td>
                <td class="text">{reason}</td>
                <td class="text mono raw">{row}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <LeftOut shown={rejects.length} whole={total} />
    </details>
  );
};

export const RejectsCard = ({ rejects, steps }: RejectsCardProps) => {
  const words = useWords().data.loadPage;
  const total = steps.reduce((sum, { rejected }) => sum + rejected, 0);
  if (rejects.length === 0 && steps.every((step) => step.rejects.length === 0)) return null;
  return (
    <Card title={words.rejects} aside={formatCount(total)} id="rejects">
      <Reasons steps={steps} />
      <Rows rejects={rejects} total={total} />
    </Card>
  );
};
