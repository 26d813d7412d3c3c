/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** The quality of the data by aspect: now, before, and where it is worst. */
import type { Row } from "../../../engine/model/query.ts";
import type { OpenProject } from "../../../etl/project/open-project.ts";
import { formatCount } from "../../charts/index.ts";
import { ignoreErrors } from "../../services/settled.ts";
import { Card, TableHead } from "../parts/card.tsx";
import { useWords } from "../parts/words.ts";

/** The last run of each job compared with all before, and the job with the most faults. */
const SQL = `WITH ranked AS (
    SELECT *, row_number() OVER (PARTITION BY job, aspect ORDER BY loaded_at DESC) AS age FROM tessera_quality
  ), worst AS (
    SELECT aspect, arg_max(job, of_rows - passed) FILTER (passed < of_rows) AS job
    FROM ranked WHERE age = 1 GROUP BY aspect
  )
  SELECT r.aspect,
    sum(passed) FILTER (age = 1)::BIGINT AS passed,
    sum(of_rows) FILTER (age = 1)::BIGINT AS looked,
    sum(passed) FILTER (age > 1)::DOUBLE / nullif(sum(of_rows) FILTER (age > 1), 0)::DOUBLE AS before,
    any_value(w.job) AS worst
  FROM ranked AS r LEFT JOIN worst AS w USING (aspect) GROUP BY r.aspect ORDER BY r.aspect`;

/** A share of right rows that fell by more than this is marked. */
const NOTABLE = 0.001;

export interface QualityRow {
  readonly aspect: string;
  readonly passed: number;
  readonly looked: number;
  /** share of right rows in earlier loads; null without any */
  readonly before: number | null;
  /** the job with the most faults */
  readonly worst: string | null;
}

const qualityRow = (row: Row): QualityRow => ({
  aspect: String(row["aspect"]),
  passed: Number(row["passed"]),
  looked: Number(row["looked"]),
  before: row["before"] === null ? null : Number(row["before"]),
  worst: row["worst"] === null ? null : String(row["worst"]),
});

/** One row for each aspect; none before the first load that records quality. */
export const qualityRows = async (project: OpenProject): Promise<readonly QualityRow[]> =>
  ((await ignoreErrors(project.sql(SQL)))?.rows ?? []).map(qualityRow);

/** Shares below 1 never round up to 100 %. */
const percent = (share: number): string => `${share === 1 ? "100" : Math.min(99.99, 100 * share).toFixed(2)} %`;

const AspectRow = ({ row }: { readonly row: QualityRow }) => {
  const meanings: { readonly [aspect: string]: string } = useWords().data.quality.meanings;
  const { aspect, passed, looked, before, worst } = row;
  const now = looked === 0 ? 1 : passed / looked;
  const fell = before !== null && now < before - NOTABLE;
  return (
    <tr>
      <td class="strong">{aspect}</td>
      <td class="text dim">{meanings[aspect] ?? ""}</td>
      <td class={`num ${fell ? "down" : ""}`}>{percent(now)}</td>
      <td class="num dim">{before === null ? "" : percent(before)}</td>
      <td class="num">{formatCount(looked - passed)}</td>
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
};

export const QualityCard = ({ rows }: { readonly rows: readonly QualityRow[] }) => {
  const words = useWords().data.quality;
  return rows.length === 0 ? null : (
    <Card title={words.title} aside={words.hint}>
      <div class="table-wrap">
        <table class="data">
          <TableHead
            columns={[
              words.aspect,
              words.meaning,
              { number: words.now },
              { number: words.before },
              { number: words.faults },
              words.worst,
            ]}
          />
          <tbody>
            {rows.map((row) => (
              <AspectRow row={row} />
            ))}
          </tbody>
        </table>
      </div>
    </Card>
  );
};
