/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** How the answer came about: formulas, rollups, SQL and plan. */
import type { CatalogView } from "../../../engine/model/catalog-view.ts";
import type { Provenance } from "../../../etl/project/open-project.ts";
import { prettySql } from "./pretty-sql.ts";
import { membersIn } from "./state-query.ts";

export const ExplainPanel = ({
  explanation,
  catalog,
}: {
  readonly explanation: Provenance;
  readonly catalog: CatalogView;
}) => (
  <article class="card wide explain" id="explain">
    <header>
      <h2>How this was answered</h2>
    </header>
    <div class="body stack">
      <div class="table-wrap">
        <table class="data">
          <thead>
            <tr>
              <th>Measure</th>
              <th>Formula</th>
              <th>Tables</th>
            </tr>
          </thead>
          <tbody>
            {explanation.measures.map((m) => (
              <tr>
                <td>{membersIn(catalog).measures.get(m.member)?.title ?? m.member}</td>
                <td class="text">
                  <code>{m.formula}</code>
                </td>
                <td>
                  <code>{m.tables.join(", ")}</code>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {explanation.rollups.length > 0 ? (
        <ul class="rollups">
          {explanation.rollups.map((r) => (
            <li>
              <span class={`badge ${r.used ? "good" : ""}`}>{r.used ? "used" : "not used"}</span> <code>{r.name}</code>{" "}
              <span class="dim">{r.reason}</span>
            </li>
          ))}
        </ul>
      ) : null}
      {explanation.rules.length > 0 ? (
        <div>
          <h3>Row rules of your role</h3>
          <ul>
            {explanation.rules.map((r) => (
              <li>
                <code>{r.cube}</code> <span class="dim">{JSON.stringify(r.rules)}</span>
              </li>
            ))}
          </ul>
        </div>
      ) : null}
      {explanation.tables.length > 0 ? (
        <details>
          <summary class="link">
            Where it comes from: {explanation.tables.length} tables, and the loads that filled them
          </summary>
          <div class="table-wrap">
            <table class="data">
              <thead>
                <tr>
                  <th>Table</th>
                  <th>Made from</th>
                  <th>Last load that changed it</th>
                </tr>
              </thead>
              <tbody>
                {explanation.tables.map((t) => (
                  <tr>
                    <td>
                      <code>{t.name}</code>
                    </td>
                    <td class="text">{t.job ? `${t.job.source}: ${t.job.extract}` : t.from.join(", ")}</td>
                    <td>
                      {t.load ? (
                        <a class="link" href={`/data/${t.load.run}`}>
                          {t.load.finishedAt.slice(0, 16).replace("T", " ")}
                        </a>
                      ) : (
                        <span class="dim">none kept</span>
                      )}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </details>
      ) : null}
      {explanation.sql.map((sql, i) => (
        <div>
          <h3>{explanation.sql.length > 1 ? `Statement ${i + 1}` : "Statement"}</h3>
          <pre class="code">{prettySql(sql)}</pre>
        </div>
      ))}
      {explanation.plan ? (
        <details>
          <summary class="link">Plan</summary>
          <pre class="code">{explanation.plan}</pre>
        </details>
      ) : null}
    </div>
  </article>
);
