/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** Segments stored as rules, with their sizes and one measure. */
import { TesseraError } from "../../../engine/errors/index.ts";
import type { SegmentSpec } from "../../../engine/model/declarations.ts";
import type { Result } from "../../../engine/model/query.ts";
import { formatCompact, formatCount, formatNumber, formatValue, NOTHING } from "../../charts/index.ts";
import { EMPTY_STATE, stateHref } from "../explore/state.ts";
import { Card, TableHead } from "../parts/card.tsx";
import { useWords } from "../parts/words.ts";

export interface StoredSegment {
  readonly segment: SegmentSpec;
  readonly size: { readonly members: number; readonly of: number } | TesseraError;
  readonly value: Result | TesseraError | null;
}

export interface StoredSegmentsProps {
  readonly segments: readonly StoredSegment[];
  /** the measure shown for each segment */
  readonly measure: string | undefined;
  readonly measureTitle: string;
}

const valueText = (value: StoredSegment["value"], measure: string): string => {
  if (value === null || value instanceof TesseraError) return "";
  const column = value.columns.find(({ name }) => name === measure);
  const found = value.rows[0]?.[measure];
  if (!column || !value.rows[0]) return "";
  return typeof found === "number" ? formatCompact(found, column) : formatValue(found, column);
};

const SegmentRow = ({ stored, measure }: { readonly stored: StoredSegment; readonly measure: string | undefined }) => {
  const { segment, size, value } = stored;
  const { name, title, description } = segment;
  const href = stateHref({ ...EMPTY_STATE, ...(measure && { measures: [measure] }), segments: [name] });
  const failed = size instanceof TesseraError;
  return (
    <tr id={`segment-${name}`}>
      <td class="text">
        <a class="strong" href={href}>
          {title ?? name}
        </a>
        <div class="faint small mono">{name}</div>
      </td>
      <td class="text dim">{description ?? ""}</td>
      <td class="num">
        {failed ? (
          <span class="faint" title={size.message}>
            {NOTHING}
          </span>
        ) : (
          formatCount(size.members)
        )}
      </td>
      <td class="num dim">
        {failed || size.of === 0 ? "" : formatNumber(size.members / size.of, { format: "percent" })}
      </td>
      {measure ? <td class="num">{valueText(value, measure)}</td> : null}
    </tr>
  );
};

export const StoredSegments = ({ segments, measure, measureTitle }: StoredSegmentsProps) => {
  const words = useWords().segments;
  return segments.length === 0 ? null : (
    <Card title={words.stored} aside={words.storedHint} size="wide">
      <div class="table-wrap">
        <table class="data">
          <TableHead
            columns={[
              words.segment,
              words.rule,
              { number: words.membersHead },
              { number: words.ofAll },
              ...(measure ? [{ number: measureTitle }] : []),
            ]}
          />
          <tbody>
            {segments.map((stored) => (
              <SegmentRow stored={stored} measure={measure} />
            ))}
          </tbody>
        </table>
      </div>
    </Card>
  );
};
