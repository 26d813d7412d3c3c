/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** The groups of a model as a table: members, value, shares, value per member. */
import { first } from "../../../engine/lookup.ts";
import type { Column, Result, Row } from "../../../engine/model/query.ts";
import { formatMember, formatNumber, formatValue, NOTHING } from "../../charts/index.ts";
import { EMPTY_STATE, stateHref } from "../explore/state.ts";
import { useWords } from "../parts/words.ts";
import type { LabelView } from "./label-attribute.ts";

export interface LabelProfileProps {
  readonly label: LabelView;
  readonly result: Result;
  /** the measure that the reader chose */
  readonly chosen: string | undefined;
}

interface ProfileColumns {
  readonly dimension: Column;
  readonly counting: Column | undefined;
  readonly value: Column | undefined;
  /** the chosen measure, when it is neither of the two */
  readonly extra: Column | undefined;
}

const columnsOf = (label: LabelView, result: Result, chosen: string | undefined): ProfileColumns => {
  const column = (name: string | undefined) => result.columns.find((each) => each.name === name);
  return {
    dimension: first(result.columns),
    counting: column(label.counting),
    value: column(label.value),
    extra: chosen === label.value || chosen === label.counting ? undefined : column(chosen),
  };
};

const Bar = ({ of }: { readonly of: number }) => (
  <svg class="bar" width="64" height="6" aria-hidden="true">
    <rect class="meter-track" width="64" height="6" rx="3" />
    <rect class="meter-fill" width={Math.max(1, Math.min(1, of) * 64)} height="6" rx="3" />
  </svg>
);

/** A number, and its share of the total with a bar. */
const ShareCells = ({
  row,
  total,
  column,
}: {
  readonly row: Row;
  readonly total: Row | undefined;
  readonly column: Column;
}) => {
  const share = total ? Number(row[column.name] ?? 0) / Number(total[column.name] || 1) : 0;
  return (
    <>
      <td class="num">{formatValue(row[column.name], column)}</td>
      <td class="num">
        {formatNumber(share, { format: "percent" })}
        <Bar of={share} />
      </td>
    </>
  );
};

const perMember = (row: Row, { counting, value }: ProfileColumns): string => {
  if (!counting || !value || !(Number(row[counting.name]) > 0)) return NOTHING;
  return formatNumber(Number(row[value.name] ?? 0) / Number(row[counting.name]), value);
};

const Heads = ({ columns }: { readonly columns: ProfileColumns }) => {
  const { segments } = useWords();
  const { dimension, counting, value, extra } = columns;
  const measures = [counting, value].filter((column) => column !== undefined);
  return (
    <thead>
      <tr>
        <th>{dimension.title}</th>
        {measures.map(({ title }) => (
          <>
            <th class="num">{title}</th>
            <th class="num">{segments.share}</th>
          </>
        ))}
        {counting && value ? <th class="num">{segments.each}</th> : null}
        {extra ? <th class="num">{extra.title}</th> : null}
      </tr>
    </thead>
  );
};

const groupHref = (label: LabelView, chosen: string | undefined, member: Row[string] | undefined): string => {
  const measures = [...new Set([label.value, chosen].filter((each) => each !== undefined))];
  const values = [member === null || member === undefined ? null : String(member)];
  return stateHref({
    ...EMPTY_STATE,
    measures,
    by: label.geography ? [label.geography] : [],
    where: [{ member: label.member, operator: "equals", values }],
  });
};

const Totals = ({ columns, total }: { readonly columns: ProfileColumns; readonly total: Row }) => {
  const { shared } = useWords();
  const { counting, value, extra } = columns;
  return (
    <tfoot>
      <tr>
        <td>{shared.total}</td>
        {[counting, value]
          .filter((column) => column !== undefined)
          .map((column) => (
            <>
              <td class="num">{formatValue(total[column.name], column)}</td>
              <td />
            </>
          ))}
        {counting && value ? <td class="num">{perMember(total, columns)}</td> : null}
        {extra ? <td class="num">{formatValue(total[extra.name], extra)}</td> : null}
      </tr>
    </tfoot>
  );
};

export const LabelProfile = ({ label, result, chosen }: LabelProfileProps) => {
  const columns = columnsOf(label, result, chosen);
  const { dimension, counting, value, extra } = columns;
  const total = result.totals?.find(({ level }) => level.length === 0)?.row;
  return (
    <div class="table-wrap">
      <table class="data">
        <Heads columns={columns} />
        <tbody>
          {result.rows.map((row) => (
            <tr>
              <td class="member">
                <a href={groupHref(label, chosen, row[dimension.name])}>
                  {formatMember(row[dimension.name], dimension)}
                </a>
              </td>
              {counting ? <ShareCells row={row} total={total} column={counting} /> : null}
              {value ? <ShareCells row={row} total={total} column={value} /> : null}
              {counting && value ? <td class="num">{perMember(row, columns)}</td> : null}
              {extra ? <td class="num">{formatValue(row[extra.name], extra)}</td> : null}
            </tr>
          ))}
        </tbody>
        {total ? <Totals columns={columns} total={total} /> : null}
      </table>
    </div>
  );
};
