/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** The scorecard on `/data`: each aspect now, before, and where it is worst. */
import type { HtmlEscapedString } from "hono/utils/html";
import { TesseraError } from "../../../engine/errors/index.ts";
import type { Row } from "../../../engine/model/query.ts";
import type { Services } from "../../http/services.ts";
import { count } from "./status.tsx";

const WHAT: { readonly [aspect: string]: string } = {
  completeness: "no value is missing where one must be",
  validity: "accepted and within their bounds",
  uniqueness: "keys that are theirs alone",
  reconciliation: "rows of the source accounted for",
  timeliness: "loads before the data was stale",
};

const percent = (share: number): string => `${share === 1 ? "100" : Math.min(99.99, 100 * share).toFixed(2)} %`;

/** The newest run of each job against all its runs before, and the job with most faults. */
const SQL = `WITH ranked AS (SELECT *, row_number() OVER (PARTITION BY job, aspect ORDER BY loaded_at DESC) AS age FROM tessera_quality), worst AS (SELECT aspect, arg_max(job, of_rows - passed) FILTER (passed < of_rows) AS job FROM ranked WHERE age = 1 GROUP BY aspect)
  SELECT r.aspect, sum(passed) FILTER (age = 1)::BIGINT AS passed, sum(of_rows) FILTER (age = 1)::BIGINT AS looked, sum(passed) FILTER (age > 1)::DOUBLE / nullif(sum(of_rows) FILTER (age > 1), 0)::DOUBLE AS before, any_value(w.job) AS worst, count(DISTINCT r.run_id) AS runs
  FROM ranked AS r LEFT JOIN worst AS w USING (aspect) GROUP BY r.aspect ORDER BY r.aspect`;

/** Nothing before the first load that keeps it. */
export const qualityCard = async ({ project }: Services, loaded: boolean): Promise<HtmlEscapedString | null> => {
  if (!loaded) return null;
  let rows: readonly Row[];
  try {
    rows = (await project.sql(SQL)).rows;
  } catch (error) {
    if (error instanceof TesseraError) return null;
    throw error;
  }
  if (rows.length === 0) return null;
  return (
    <article class="card">
      <header>
        <h2>Data quality</h2>
        <span class="faint small">each job's last load, against all before</span>
      </header>
      <div class="table-wrap">
        <table class="data">
          <thead>
            <tr>
              <th>Aspect</th>
              <th>What counts as right</th>
              <th class="num">Now</th>
              <th class="num">Before</th>
              <th class="num">Faults</th>
              <th>Most of them in</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => {
              const [passed, looked] = [Number(row["passed"]), Number(row["looked"])];
              const now = looked === 0 ? 1 : passed / looked;
              const before = row["before"] === null ? null : Number(row["before"]);
              const worst = row["worst"] === null ? null : String(row["worst"]);
              return (
                <tr>
                  <td class="strong">{String(row["aspect"])}</td>
                  <td class="text dim">{WHAT[String(row["aspect"])] ?? ""}</td>
                  <td class={`num ${before !== null && now < before - 0.001 ? "down" : ""}`}>{percent(now)}</td>
                  <td class="num dim">{before === null ? "" : percent(before)}</td>
                  <td class="num">{count(looked - passed)}</td>
                  <td>
                    {worst === null ? (
                      ""
                    ) : (
                      <a class="link" href={`/data/jobs/${encodeURIComponent(worst)}`}>
                        {worst}
                      </a>
                    )}
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </article>
  ) as unknown as HtmlEscapedString;
};
