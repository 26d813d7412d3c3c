/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** Rows as a plain table: dimensions to the left, numbers to the right, totals below. */
import type { Column, Row, Value } from "../../../engine/model/query.ts";
import { formatValue, shownColumns } from "../../charts/index.ts";
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
    <tr class={className}>
      {dimensions > 0 ? <td colspan={dimensions}>{label}</td> : null}
      {measures.map((column) => (
        <td class={`num ${changeClass(row[column.name], column)}`}>{formatValue(row[column.name], column)}</td>
      ))}
    </tr>
  );
};

export const DataTable = ({ columns: all, rows, total, others, compact = false, unknown, link }: DataTableProps) => {
  const { shared, charts } = useWords();
  const shown = shownColumns(all, charts).filter(({ column }) => !compact || !column.name.endsWith(".previous"));
  const columns = shown.map(({ column }) => column);
  return (
    <div class="table-wrap">
      <table class="data">
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
};
