/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** From a rule of what is bought together to whom it could be told: a file, or a list for a destination. */
import { destinationsOf } from "../../../etl/index.ts";
import type { ModelReport } from "../../../etl/project/reports.ts";
import { rulesOf } from "../../http/rule-audience.ts";
import type { Services } from "../../http/services.ts";

export const RuleAudienceForm = ({
  report,
  services,
}: {
  readonly report: ModelReport;
  readonly services: Services;
}) => {
  const rules = rulesOf(report).filter((row) => Number(row["audience"] ?? 0) > 0);
  if (rules.length === 0) return null;
  const model = (services.project.spec.models ?? []).find((m) => m.name === report.model) as
    | { readonly audience?: string }
    | undefined;
  const destinations = destinationsOf(services.project.spec).filter((d) => d.over === model?.audience);
  const action = `/segments/models/${encodeURIComponent(report.model)}/rules`;
  return (
    <article class="card wide">
      <header>
        <h2>To whom it could be told</h2>
        <span class="faint small">who bought the left side and never the right</span>
      </header>
      <form method="post" action={action}>
        <div class="body fields across">
          <label class="field">
            <span>Rule</span>
            <select name="number" class="long">
              {rules.map((row) => (
                <option
                  value={String(row["number"])}
                >{`${String(row["number"])}. ${String(row["rule"])} (${Number(row["audience"]).toLocaleString("en")})`}</option>
              ))}
            </select>
          </label>
          {destinations.length === 0 ? null : (
            <label class="field">
              <span>List for</span>
              <select name="to">
                {destinations.map((d) => (
                  <option value={d.name}>{d.title ?? d.name}</option>
                ))}
              </select>
            </label>
          )}
          {destinations.length === 0 ? null : (
            <button class="button primary" type="submit">
              Make the list
            </button>
          )}
          <button class="button" type="submit" formmethod="get">
            Download the keys
          </button>
        </div>
      </form>
      <footer>A list leaves out who gave no consent; the file has all keys.</footer>
    </article>
  );
};
