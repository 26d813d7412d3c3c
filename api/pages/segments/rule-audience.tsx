/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** The audience of an association rule: as a file, or as a list for a destination. */
import { destinationsOf } from "../../../etl/index.ts";
import type { ModelReport } from "../../../etl/project/reports.ts";
import { rulesOf, type RuleModel } from "../../services/rule-audience.ts";
import type { Services } from "../../services/services.ts";
import { Card } from "../parts/card.tsx";
import { useWords } from "../parts/words.ts";

export interface RuleAudienceFormProps {
  readonly report: ModelReport;
  readonly services: Services;
}

/** Nothing for a model without rules that have an audience. */
export const RuleAudienceForm = ({ report, services }: RuleAudienceFormProps) => {
  const { segments, lists } = useWords();
  const words = segments.audience;
  const { spec } = services.project;
  const rules = rulesOf(report).filter((row) => Number(row["audience"] ?? 0) > 0);
  if (rules.length === 0) return null;
  const model: RuleModel | undefined = (spec.models ?? []).find(({ name }) => name === report.model);
  const destinations = destinationsOf(spec).filter(({ over }) => over === model?.audience);
  return (
    <Card title={words.title} aside={words.hint} size="wide">
      <form method="post" action={`/segments/models/${encodeURIComponent(report.model)}/rules`}>
        <div class="body fields across">
          <label class="field">
            <span>{words.rule}</span>
            <select name="number" class="long">
              {rules.map((row) => (
                <option value={String(row["number"])}>
                  {words.option(String(row["number"]), String(row["rule"]), Number(row["audience"]))}
                </option>
              ))}
            </select>
          </label>
          {destinations.length === 0 ? null : (
            <>
              <label class="field">
                <span>{words.listFor}</span>
                <select name="to">
                  {destinations.map(({ name, title }) => (
                    <option value={name}>{title ?? name}</option>
                  ))}
                </select>
              </label>
              <button class="button primary" type="submit" data-confirm={lists.createAsk}>
                {words.createList}
              </button>
            </>
          )}
          <button class="button" type="submit" formmethod="get">
            {words.download}
          </button>
        </div>
      </form>
      <footer>{words.consent}</footer>
    </Card>
  );
};
