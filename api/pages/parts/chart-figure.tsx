/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** A chart within a page: legend, picture, the same numbers as a table, and the data for the browser's own drawing. */
import { raw } from "hono/html";
import { chartSvg, columnOf, legendOf, type ChartSpec } from "../../charts/index.ts";
import { DataTable } from "./data-table.tsx";

/** Rows above which the browser does not draw again: its tips are not worth the bytes. */
const MOST_POINTS = 2000;

/** JSON within a script element: nothing in it may end the element. */
export const safeJson = (value: unknown): string =>
  JSON.stringify(value)
    .replace(/</g, "\\u003c")
    .replace(/\u2028|\u2029/g, (c) => `\\u${c.charCodeAt(0).toString(16)}`);

const pruned = (spec: ChartSpec): ChartSpec => {
  const used = new Set([spec.x, ...spec.y, ...(spec.series ? [spec.series] : [])]);
  const columns = spec.columns.filter(
    (c) => used.has(c.name.replace(/\.(previous|change_rate)$/, "")) || used.has(c.name),
  );
  const names = columns.map((c) => c.name);
  return { ...spec, columns, rows: spec.rows.map((row) => Object.fromEntries(names.map((n) => [n, row[n] ?? null]))) };
};

export const Empty = ({ title, children }: { readonly title: string; readonly children?: unknown }) => (
  <div class="empty">
    <strong>{title}</strong>
    {children as string}
  </div>
);

export const ChartFigure = ({
  spec,
  width,
  height,
  table = true,
}: {
  readonly spec: ChartSpec;
  readonly width: number;
  readonly height?: number;
  readonly table?: boolean;
}) => {
  if (spec.rows.length === 0)
    return (
      <Empty title="No rows">Nothing in this period passes the filters: take a longer period or fewer filters.</Empty>
    );
  const drawn = pruned(spec);
  const legend = legendOf(drawn);
  const measures = drawn.columns.filter((c) => c.kind === "measure");
  const unit = measures[0];
  return (
    <figure class="chart-figure">
      {legend.length > 0 ? (
        <ul class="legend">
          {legend.map((s) => (
            <li>
              <svg viewBox="0 0 10 10" aria-hidden="true">
                {s.previous ? (
                  <path d="M0 5h10" stroke={s.colour} stroke-width="2" stroke-dasharray="2 2" />
                ) : (
                  <rect width="10" height="10" rx="2.5" fill={s.colour} />
                )}
              </svg>
              {s.name}
            </li>
          ))}
        </ul>
      ) : null}
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
          <summary>Numbers{unit && drawn.y.length === 1 ? ` · ${columnOf(drawn, drawn.y[0]!).title}` : ""}</summary>
          <DataTable columns={drawn.columns} rows={drawn.rows.slice(0, 300)} />
        </details>
      ) : null}
    </figure>
  );
};
