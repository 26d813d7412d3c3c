/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** How an answer was computed: formulas, rollups, origin of the data, SQL and plan. */
import type { CatalogView } from "../../../engine/model/catalog-view.ts";
import type { Provenance } from "../../../etl/project/open-project.ts";
import { Card, TableHead } from "../parts/card.tsx";
import { Instant } from "../parts/instant.tsx";
import { useWords } from "../parts/words.ts";
import { memberTitle } from "./member-words.ts";
import { prettySql } from "./pretty-sql.ts";

type PartProps = { readonly explanation: Provenance };

const Formulas = ({ explanation, catalog }: ExplainPanelProps) => {
  const words = useWords().explore.explanation;
  return (
    <div class="table-wrap">
      <table class="data">
        <TableHead columns={[words.measure, words.formula, words.tables]} />
        <tbody>
          {explanation.measures.map(({ member, formula, tables }) => (
            <tr>
              <td>{memberTitle(member, catalog)}</td>
              <td class="text">
                <code>{formula}</code>
              </td>
              <td>
                <code>{tables.join(", ")}</code>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
};

const UsedBadge = ({ used }: { readonly used: boolean }) => {
  const words = useWords().explore.explanation;
  return <span class={`badge ${used ? "good" : ""}`}>{used ? words.used : words.notUsed}</span>;
};

const Rollups = ({ explanation }: PartProps) => {
  return explanation.rollups.length === 0 ? null : (
    <ul class="rollups">
      {explanation.rollups.map(({ name, used, reason }) => (
        <li>
          <UsedBadge used={used} /> <code>{name}</code> <span class="dim">{reason}</span>
        </li>
      ))}
    </ul>
  );
};

const RowRules = ({ explanation }: PartProps) => {
  const words = useWords().explore.explanation;
  return explanation.rules.length === 0 ? null : (
    <div>
      <h3>{words.rowRules}</h3>
      <ul>
        {explanation.rules.map(({ cube, rules }) => (
          <li>
            <code>{cube}</code> <span class="dim">{JSON.stringify(rules)}</span>
          </li>
        ))}
      </ul>
    </div>
  );
};

const Origin = ({ explanation }: PartProps) => {
  const words = useWords().explore.explanation;
  return explanation.tables.length === 0 ? null : (
    <details>
      <summary class="link">{words.origin(explanation.tables.length)}</summary>
      <div class="table-wrap">
        <table class="data">
          <TableHead columns={[words.table, words.madeFrom, words.lastLoad]} />
          <tbody>
            {explanation.tables.map(({ name, job, from, load }) => (
              <tr>
                <td>
                  <code>{name}</code>
                </td>
                <td class="text">{job ? `${job.source}: ${job.extract}` : from.join(", ")}</td>
                <td>
                  {load ? (
                    <a class="link" href={`/data/loads/${load.run}`}>
                      <Instant at={load.finishedAt} />
                    </a>
                  ) : (
                    <span class="dim">{words.noLoad}</span>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
};

export interface ExplainPanelProps {
  readonly explanation: Provenance;
  readonly catalog: CatalogView;
}

export const ExplainPanel = ({ explanation, catalog }: ExplainPanelProps) => {
  const words = useWords().explore.explanation;
  const several = explanation.sql.length > 1;
  return (
    <Card title={words.title} size="wide explain" id="explain">
      <div class="body stack">
        <Formulas explanation={explanation} catalog={catalog} />
        <Rollups explanation={explanation} />
        <RowRules explanation={explanation} />
        <Origin explanation={explanation} />
        {explanation.sql.map((sql, i) => (
          <div>
            <h3>{several ? words.numberedStatement(i + 1) : words.statement}</h3>
            <pre class="code">{prettySql(sql)}</pre>
          </div>
        ))}
        {explanation.plan ? (
          <details>
            <summary class="link">{words.plan}</summary>
            <pre class="code">{explanation.plan}</pre>
          </details>
        ) : null}
      </div>
    </Card>
  );
};
