/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** A key figure: its value, its change judged by what is better, its trend, and the progress towards its target. */
import { raw } from "hono/html";
import type { Column, Result, Row } from "../../../engine/model/query.ts";
import { numberIn } from "../../charts/axis.ts";
import {
  formatChange,
  formatCompact,
  formatDate,
  formatNumber,
  formatPoints,
  formatValue,
  NOTHING,
  sparkline,
} from "../../charts/index.ts";
import { stateOfQuery } from "../explore/state-query.ts";
import { stateHref } from "../explore/state.ts";
import { whyOf } from "../explore/why-link.ts";
import { AsOf } from "../parts/freshness.tsx";
import { PartFailed } from "../parts/problems.tsx";
import { useWords } from "../parts/words.ts";
import type { TileData } from "./tile-data.ts";

type KpiSpec = Extract<TileData["tile"], { readonly kind: "kpi" }>;

const shown = (value: number, column: Column): string =>
  column.format === "percent" || column.format === "decimal" || Math.abs(value) < 10_000
    ? formatNumber(value, column)
    : formatCompact(value, column);

interface ChangeText {
  readonly text: string;
  readonly size: number;
}

/** A rate changes by points, an amount by per cent, a balance that may be negative by its unit. */
const changeText = (value: number, previous: number, column: Column): ChangeText => {
  const size = value - previous;
  if (column.format === "percent") return { text: formatPoints(size), size };
  if (previous <= 0 || value < 0) return { text: formatChange(size, column), size };
  const rate = size / previous;
  return { text: formatChange(rate, { format: "percent" }), size: rate };
};

const toneOf = (size: number, column: Column): "flat" | "up" | "down" => {
  if (Math.abs(size) < 1e-9) return "flat";
  return size > 0 === (column.better !== "down") ? "up" : "down";
};

const arrowOf = (size: number): string => {
  if (size === 0) return "";
  return size > 0 ? "▲" : "▼";
};

interface ChangeProps {
  readonly value: number | null;
  readonly previous: number | null;
  readonly column: Column;
  /** what it is compared with, in words */
  readonly to: string;
  /** the number still grows, so the change is neither good nor bad */
  readonly unfinished: boolean;
  /** the page that explains the change */
  readonly why: string | null;
}

const Change = ({ value, previous, column, to, unfinished, why }: ChangeProps) => {
  const { dashboard } = useWords();
  if (value === null || previous === null) return <p class="change">{dashboard.noComparison(to)}</p>;
  const { text, size } = changeText(value, previous, column);
  return (
    <p class="change" title={dashboard.comparedWith(shown(previous, column), to)}>
      <b class={unfinished ? "flat" : toneOf(size, column)}>
        {arrowOf(size)} {text}
      </b>{" "}
      {to}
      {why ? (
        <>
          {" "}
          <a class="link no-print" href={why} title={dashboard.whyHint}>
            {dashboard.why}
          </a>
        </>
      ) : null}
    </p>
  );
};

/** The track ends a quarter beyond the target, so that an overshoot shows. */
const SCALE = 125;

interface TargetProps {
  readonly value: number;
  readonly target: number;
  readonly column: Column;
}

/** Progress towards a target; a target for a cost is a limit. */
const Target = ({ value, target, column }: TargetProps) => {
  const { dashboard } = useWords();
  const isLimit = column.better === "down";
  const reached = isLimit ? value <= target : value >= target;
  const attained = target === 0 ? null : value / target;
  const width = attained === null ? 0 : Math.max(0, Math.min(SCALE, attained * 100));
  const limitText = (share: number): string =>
    reached ? dashboard.kept : dashboard.over(formatNumber(share - 1, { format: "percent" }));
  const attainedText = (share: number): string => (isLimit ? limitText(share) : `${Math.round(share * 100)}%`);
  const missed = isLimit ? "bad" : "";
  return (
    <div class="target">
      <span>{isLimit ? dashboard.atMost(shown(target, column)) : dashboard.target(shown(target, column))}</span>
      <span class={reached ? "up" : "down"}>{attained === null || attained < 0 ? "" : attainedText(attained)}</span>
      <svg viewBox={`0 0 ${SCALE} 4`} preserveAspectRatio="none" aria-hidden="true">
        <rect class="meter-track" width={SCALE} height="4" rx="1" />
        <rect class={`meter-fill ${reached ? "good" : missed}`} width={width} height="4" rx="1" />
        <rect class="meter-mark" x="99.500" width="1" height="4" />
      </svg>
    </div>
  );
};

const targetOf = (tile: KpiSpec, row: Row): number | null =>
  typeof tile.target === "string" ? numberIn(row, tile.target) : (tile.target ?? null);

interface ValuesProps {
  readonly data: TileData;
  readonly tile: KpiSpec;
  readonly result: Result;
  readonly column: Column;
}

const Values = ({ data, tile, result, column }: ValuesProps) => {
  const { dashboard } = useWords();
  const row = result.rows[0] ?? {};
  const value = numberIn(row, tile.measure);
  const target = targetOf(tile, row);
  const trend = data.trend?.rows.map((each) => numberIn(each, tile.measure)) ?? [];
  const state = stateOfQuery(data.query, { limit: null, sort: null, compare: tile.compare ?? null });
  return (
    <article class={data.unfinished ? "card kpi ripening" : "card kpi"}>
      <h2>
        <a class="clip" href={stateHref(state)} title={column.description ?? column.title}>
          {tile.title}
        </a>
        <AsOf measures={[tile.measure]} brief />
      </h2>
      <p class="value" title={value === null ? "" : formatValue(row[tile.measure], column)}>
        {value === null ? NOTHING : shown(value, column)}
      </p>
      {raw(sparkline(trend, { width: 96, height: 34, label: dashboard.trend(tile.title) }))}
      {tile.compare ? (
        <Change
          value={value}
          previous={numberIn(row, `${tile.measure}.previous`)}
          column={column}
          to={tile.compare === "previous_year" ? dashboard.onLastYear : dashboard.onPeriodBefore}
          unfinished={data.unfinished !== null}
          why={whyOf({ ...state, measures: [tile.measure] })}
        />
      ) : null}
      {value !== null && target !== null ? <Target value={value} target={target} column={column} /> : null}
      {data.unfinished ? <p class="change unfinished">{dashboard.unfinished(formatDate(data.unfinished))}</p> : null}
      {data.unfiltered.length > 0 ? (
        <p class="change" title={dashboard.noSuchDimension}>
          {dashboard.allOf(data.unfiltered.join(", "))}
        </p>
      ) : null}
    </article>
  );
};

export const KpiTile = ({ data }: { readonly data: TileData }) => {
  const { tile, result } = data;
  if (tile.kind !== "kpi") return null;
  const column = result?.columns.find((each) => each.name === tile.measure);
  if (result && column) return <Values data={data} tile={tile} result={result} column={column} />;
  return (
    <article class="card kpi">
      <h2>{tile.title}</h2>
      {data.error ? <PartFailed error={data.error} /> : null}
    </article>
  );
};
