/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** The checks of a load, failed ones first. */
import type { StepSummary } from "../../../etl/index.ts";
import { formatCount } from "../../charts/index.ts";
import { Card, TableHead } from "../parts/card.tsx";
import { useWords } from "../parts/words.ts";

type Check = StepSummary["checks"][number];

const Result = ({ check }: { readonly check: Check }) => {
  const words = useWords().data.loadPage;
  if (check.passed) return <span class="badge good">{words.passed}</span>;
  return check.warn ? <span class="badge warn">{words.warned}</span> : <span class="badge bad">{words.failed}</span>;
};

export const ChecksCard = ({ steps }: { readonly steps: readonly StepSummary[] }) => {
  const words = useWords().data.loadPage;
  const all = steps
    .flatMap((step) => step.checks.map((check) => ({ step: step.name, check })))
    .sort((a, b) => Number(a.check.passed) - Number(b.check.passed));
  const failed = all.filter(({ check }) => !check.passed).length;
  if (all.length === 0) return null;
  return (
    <Card title={words.checks} aside={words.checksPassed(all.length - failed, all.length)}>
      <details class="body" {...(failed > 0 ? { open: true } : {})}>
        <summary class="link">{failed > 0 ? words.failedFirst : words.showAll}</summary>
        <div class="table-wrap">
          <table class="data">
            <TableHead columns={[words.of, words.check, words.outcome, { number: words.violations }, words.examples]} />
            <tbody>
              {all.map(({ step, check }) => (
                <tr>
                  <td>{step}</td>
                  <td>
                    <code>{check.check}</code>
                  </td>
                  <td>
                    <Result check={check} />
                    {check.error ? <span class="down small"> {check.error}</span> : null}
                  </td>
                  <td class="num">{formatCount(check.found)}</td>
                  <td class="text faint">{check.examples.join(", ")}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </Card>
  );
};
