/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** Rows as a plain table: dimensions to the left, numbers to the right, totals below. */
import type { Column, Row, Value } from "../../../engine/model/query.ts";
import { evenColumn, formatValue, shownColumns } from "../../charts/index.ts";
import { useWords } from "./words.ts";

export interface DataTableProps {
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
  readonly total?: Row | undefined;
  readonly others?: Row | undefined;
  /** leaves out the compared values, which the change shows already; default false */
  readonly compact?: boolean;
  /** text for a null member; default `(unknown)` */
  readonly unknown?: string;
  /** shows so many rows, and says below how many there are; default all */
  readonly most?: number;
  /** rows that exist, where `rows` has only the first; null where that is unknown */
  readonly whole?: number | null;
  /** a page with all rows */
  readonly all?: string;
  /** where a cell leads */
  readonly link?: (row: Row, column: Column, index: number) => string | null;
}

const CHANGE = /^(.*)\.(change|change_rate)$/;
/** Smaller changes are neither good nor bad. */
const NO_CHANGE = 0.0005;

/** `up` or `down` for a good or bad change, by what the measure calls better; empty for all else. */
export const changeClass = (value: Value | undefined, column: Column): string => {
  if (typeof value !== "number" || Math.abs(value) < NO_CHANGE || !CHANGE.test(column.name)) return "";
  return value > 0 === (column.better !== "down") ? "up" : "down";
};

/** True for columns that align right. */
export const isNumeric = (column: Column): boolean =>
  column.kind === "measure" || ((column.type === "integer" || column.type === "number") && column.level === undefined);

const previousFormat = (column: Column): Column["format"] => {
  if (column.name.endsWith(".change")) return "percent";
  return column.currency ? "currency" : "number";
};

/** The compared value behind a change, printed; null for other columns. */
const previousText = (row: Row, column: Column): string | null => {
  const measure = CHANGE.exec(column.name)?.[1];
  const name = `${measure}.previous`;
  const value = measure === undefined ? undefined : row[name];
  if (value === null || value === undefined) return null;
  return formatValue(value, { ...column, name, format: previousFormat(column) });
};

interface CellProps {
  readonly row: Row;
  readonly column: Column;
  readonly href: string | null;
  readonly unknown: string | undefined;
}

const Cell = ({ row, column, href, unknown }: CellProps) => {
  const { shared } = useWords();
  const value = row[column.name];
  const missing = value === null || value === undefined;
  const text = missing && unknown !== undefined ? unknown : formatValue(value, column);
  const content = href === null ? text : <a href={href}>{text}</a>;
  const faint = missing ? " faint" : "";
  if (column.kind === "dimension") return <td class={`member${isNumeric(column) ? " num" : ""}${faint}`}>{content}</td>;
  const previous = previousText(row, column);
  return (
    <td
      class={`num ${changeClass(value, column)}${faint}`}
      {...(previous === null ? {} : { title: shared.before(previous) })}
    >
      {content}
    </td>
  );
};

interface SummaryProps {
  readonly label: string;
  readonly row: Row;
  readonly columns: readonly Column[];
  readonly class: string;
}

const Summary = ({ label, row, columns, class: className }: SummaryProps) => {
  const measures = columns.filter((column) => column.kind !== "dimension");
  const dimensions = columns.length - measures.length;
  return (
    <tr class={className} data-extra>
      {dimensions > 0 ? <td colspan={dimensions}>{label}</td> : null}
      {measures.map((column) => (
        <td class={`num ${changeClass(row[column.name], column)}`}>{formatValue(row[column.name], column)}</td>
      ))}
    </tr>
  );
};

/** Columns beyond which a printed table needs a broad sheet, or small letters. */
const MANY = 8;
const VERY_MANY = 16;

/** The class that lets a table of so many columns fit on paper. */
export const widthClass = (columns: number): string => {
  if (columns > VERY_MANY) return "very-many";
  return columns > MANY ? "many" : "";
};

/** What a table leaves out, next to it. @param whole null where it is not known how many there are */
export const LeftOut = ({
  shown,
  whole,
  all,
}: {
  readonly shown: number;
  readonly whole: number | null;
  readonly all?: string | undefined;
}) => {
  const { shared } = useWords();
  if (whole !== null && shown >= whole) return null;
  return (
    <p class="left-out" data-left-out>
      {whole === null ? shared.firstRows(shown) : shared.rowsOf(shown, whole)}{" "}
      {all === undefined ? null : (
        <a class="link no-print" href={all}>
          {shared.showAll}
        </a>
      )}
    </p>
  );
};

export const DataTable = (props: DataTableProps) => {
  const { columns: all, rows: given, total, others, compact = false, unknown, link, most = Infinity } = props;
  const { shared, charts } = useWords();
  const known = props.whole === undefined ? given.length : props.whole;
  const rows = given.slice(0, most);
  const ends = [...(total ? [total] : []), ...(others ? [others] : [])];
  const shown = shownColumns(all, charts)
    .filter(({ column }) => !compact || !column.name.endsWith(".previous"))
    .map((each) => ({
      ...each,
      column: evenColumn(
        each.column,
        [...rows, ...ends].map((row) => row[each.column.name]),
      ),
    }));
  const columns = shown.map(({ column }) => column);
  const table = (
    <div class="table-wrap">
      <table class={`data ${widthClass(columns.length)}`} data-rows={String(known ?? rows.length + 1)}>
        <thead>
          <tr>
            {shown.map(({ column, title, derived }) => (
              <th
                class={`${isNumeric(column) ? "num" : ""}${derived ? " derived" : ""}`}
                scope="col"
                title={column.description}
              >
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, i) => (
            <tr>
              {columns.map((column) => (
                <Cell row={row} column={column} href={link?.(row, column, i) ?? null} unknown={unknown} />
              ))}
            </tr>
          ))}
          {others ? <Summary label={shared.others} row={others} columns={columns} class="others" /> : null}
        </tbody>
        {total ? (
          <tfoot>
            <Summary label={shared.total} row={total} columns={columns} class="total" />
          </tfoot>
        ) : null}
      </table>
    </div>
  );
  return (
    <>
      {table}
      <LeftOut shown={rows.length} whole={known} all={props.all} />
    </>
  );
};
