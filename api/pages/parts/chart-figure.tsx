/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** A chart on a page: legend, picture, numbers as a table, and the data for redrawing it in the browser. */
import { raw } from "hono/html";
import { chartSvg, columnOf, legendOf, type ChartSpec } from "../../charts/index.ts";
import { Empty } from "./card.tsx";
import { DataTable } from "./data-table.tsx";
import { useWords } from "./words.ts";

/** Beyond this many rows the browser does not draw again: tips are not worth the bytes. */
const MOST_POINTS = 2000;
const MOST_TABLE_ROWS = 300;

/** JSON for a script element: nothing in it can end the element. */
export const safeJson = (value: unknown): string =>
  JSON.stringify(value)
    .replace(/</g, "\\u003c")
    .replace(/\u2028|\u2029/g, (c) => `\\u${c.charCodeAt(0).toString(16)}`);

/** The chart with the columns it uses. */
const pruned = (spec: ChartSpec): ChartSpec => {
  const used = new Set([spec.x, ...spec.y, ...(spec.series ? [spec.series] : [])]);
  const columns = spec.columns.filter(
    ({ name }) => used.has(name.replace(/\.(previous|change_rate)$/, "")) || used.has(name),
  );
  const rows = spec.rows.map((row) => Object.fromEntries(columns.map(({ name }) => [name, row[name] ?? null])));
  return { ...spec, columns, rows };
};

/** The colours of the series; empty for charts that need none. */
const Legend = ({ spec }: { readonly spec: ChartSpec }) => {
  const series = legendOf(spec);
  return series.length === 0 ? null : (
    <ul class="legend">
      {series.map(({ name, colour, previous }) => (
        <li>
          <svg viewBox="0 0 10 10" aria-hidden="true">
            {previous ? (
              <path d="M0 5h10" stroke={colour} stroke-width="2" stroke-dasharray="2 2" />
            ) : (
              <rect width="10" height="10" rx="2.5" fill={colour} />
            )}
          </svg>
          {name}
        </li>
      ))}
    </ul>
  );
};

export interface ChartFigureProps {
  readonly spec: ChartSpec;
  /** pixels */
  readonly width: number;
  /** pixels; default by the kind of chart */
  readonly height?: number;
  /** the numbers as a table below; default true */
  readonly table?: boolean;
}

export const ChartFigure = ({ spec, width, height, table = true }: ChartFigureProps) => {
  const { shared, charts } = useWords();
  if (spec.rows.length === 0) return <Empty title={shared.noRows}>{shared.noRowsHere}</Empty>;
  const drawn = pruned({ ...spec, words: charts });
  const [measure, ...further] = drawn.y;
  const summary =
    measure !== undefined && further.length === 0 ? shared.numbersOf(columnOf(drawn, measure).title) : shared.numbers;
  return (
    <figure class="chart-figure">
      <Legend spec={drawn} />
      <div
        class="chart"
        data-chart
        {...(height === undefined ? {} : { "data-height": String(height) })}
        data-width={String(width)}
      >
        {raw(chartSvg(drawn, { width, ...(height !== undefined && { height }) }))}
        {drawn.rows.length <= MOST_POINTS ? <script type="application/json">{raw(safeJson(drawn))}</script> : null}
      </div>
      {table ? (
        <details class="chart-data">
          <summary>{summary}</summary>
          <DataTable
            columns={drawn.columns}
            rows={drawn.rows}
            most={MOST_TABLE_ROWS}
            link={(_row, column, i) => (column.name === (drawn.series ?? drawn.x) ? (drawn.links?.[i] ?? null) : null)}
          />
        </details>
      ) : null}
    </figure>
  );
};
