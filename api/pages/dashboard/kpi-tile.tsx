/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** A key figure: its value, its change judged by what is better, its trend and how far it is to the target. */
import { raw } from "hono/html";
import type { Column } from "../../../engine/model/query.ts";
import {
  formatChange,
  formatCompact,
  formatNumber,
  formatPoints,
  formatValue,
  NOTHING,
  sparkline,
} from "../../charts/index.ts";
import { numberIn } from "../../charts/axis.ts";
import { stateHref } from "../explore/state.ts";
import { stateOfQuery } from "../explore/state-query.ts";
import { PartFailed } from "../parts/problems.tsx";
import { whyOf } from "../why/why-state.ts";
import type { TileData } from "./tile-data.ts";

const shown = (value: number, column: Column): string =>
  column.format === "percent" || column.format === "decimal" || Math.abs(value) < 10_000
    ? formatNumber(value, column)
    : formatCompact(value, column);

/** A rate's change is told in points, an amount's in per cent. */
const changeWords = (
  value: number,
  previous: number,
  column: Column,
): { readonly text: string; readonly size: number } | null => {
  if (column.format === "percent") return { text: formatPoints(value - previous), size: value - previous };
  // of a balance that may be negative a ratio says nothing
  if (previous <= 0 || value < 0) return { text: formatChange(value - previous, column), size: value - previous };
  const rate = (value - previous) / Math.abs(previous);
  return { text: formatChange(rate, { format: "percent" }), size: rate };
};

const Change = ({
  value,
  previous,
  column,
  to,
  why,
}: {
  readonly value: number | null;
  readonly previous: number | null;
  readonly column: Column;
  readonly to: string;
  readonly why: string | null;
}) => {
  const words = value === null || previous === null ? null : changeWords(value, previous, column);
  if (!words) return <p class="change">no figure {to}</p>;
  const tone = Math.abs(words.size) < 1e-9 ? "flat" : words.size > 0 === (column.better !== "down") ? "up" : "down";
  return (
    <p class="change" title={`${shown(previous!, column)} ${to}`}>
      <b class={tone}>
        {words.size > 0 ? "▲" : words.size < 0 ? "▼" : ""} {words.text}
      </b>{" "}
      {to}
      {why ? (
        <>
          {" "}
          <a class="link no-print" href={why} title="What the change is made of">
            why?
          </a>
        </>
      ) : null}
    </p>
  );
};

const Target = ({
  value,
  target,
  column,
}: {
  readonly value: number;
  readonly target: number;
  readonly column: Column;
}) => {
  const down = column.better === "down";
  const reached = down ? value <= target : value >= target;
  const attained = target === 0 ? null : value / target;
  // the track ends a quarter beyond the target, so that an overshoot shows
  const scale = 125;
  const width = attained === null ? 0 : Math.max(0, Math.min(scale, attained * 100));
  return (
    <div class="target">
      <span>
        {down ? "at most" : "target"} {shown(target, column)}
      </span>
      <span class={reached ? "up" : "down"}>
        {attained === null || attained < 0
          ? ""
          : down
            ? reached
              ? "kept"
              : `${formatNumber(attained - 1, { format: "percent" })} over`
            : `${Math.round(attained * 100)}%`}
      </span>
      <svg viewBox={`0 0 ${scale} 4`} preserveAspectRatio="none" aria-hidden="true">
        <rect class="meter-track" width={scale} height="4" rx="1" />
        <rect class={`meter-fill ${reached ? "good" : down ? "bad" : ""}`} width={width} height="4" rx="1" />
        <rect class="meter-mark" x="99.500" width="1" height="4" />
      </svg>
    </div>
  );
};

export const KpiTile = ({ data }: { readonly data: TileData }) => {
  const { tile, result, trend } = data;
  if (tile.kind !== "kpi") return null;
  const column = result?.columns.find((c) => c.name === tile.measure);
  if (!result || !column)
    return (
      <article class="card kpi">
        <h2>{tile.title}</h2>
        {data.error ? <PartFailed error={data.error} /> : null}
      </article>
    );
  const row = result.rows[0] ?? {};
  const value = numberIn(row, tile.measure);
  const previous = numberIn(row, `${tile.measure}.previous`);
  const target = typeof tile.target === "string" ? numberIn(row, tile.target) : (tile.target ?? null);
  const values = trend?.rows.map((r) => numberIn(r, tile.measure)) ?? [];
  const state = stateOfQuery(data.query, { limit: null, sort: null, compare: tile.compare ?? null });
  const [href, why] = [stateHref(state), whyOf({ ...state, measures: [tile.measure] })];
  return (
    <article class="card kpi">
      <h2 class="clip">
        <a href={href} title={column.description ?? column.title}>
          {tile.title}
        </a>
      </h2>
      <p class="value" title={value === null ? "" : formatValue(row[tile.measure], column)}>
        {value === null ? NOTHING : shown(value, column)}
      </p>
      {raw(sparkline(values, { width: 96, height: 34, label: `${tile.title}, trend` }))}
      {tile.compare ? (
        <Change
          value={value}
          previous={previous}
          column={column}
          to={tile.compare === "previous_year" ? "on last year" : "on the period before"}
          why={why}
        />
      ) : null}
      {value !== null && target !== null ? <Target value={value} target={target} column={column} /> : null}
      {data.unfiltered.length > 0 ? (
        <p class="change" title="This figure has no such dimension">
          all of {data.unfiltered.join(", ")}
        </p>
      ) : null}
    </article>
  );
};
