/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** Rows as a plain table: dimensions to the left, numbers to the right, totals below. */
import type { Column, Row, Value } from "../../../engine/model/query.ts";
import { formatValue, shownColumns } from "../../charts/index.ts";

export interface DataTableProps {
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
  readonly total?: Row | undefined;
  readonly others?: Row | undefined;
  /** where a cell leads */
  /** leaves the compared values out, which the change tells already */
  readonly compact?: boolean;
  /** what a null member is called; rows of facts leave it blank */
  readonly unknown?: string;
  readonly link?: (row: Row, column: Column, index: number) => string | null;
}

/** Good, bad or neither: a change is judged by what the measure calls better. */
export const changeClass = (value: Value | undefined, column: Column): string => {
  if (typeof value !== "number" || Math.abs(value) < 0.0005 || !/\.(change|change_rate)$/.test(column.name)) return "";
  return value > 0 === (column.better !== "down") ? "up" : "down";
};

export const isNumeric = (column: Column): boolean =>
  column.kind === "measure" || ((column.type === "integer" || column.type === "number") && column.level === undefined);

const before = (row: Row, column: Column): { readonly title?: string } => {
  const name = /^(.*)\.(change|change_rate)$/.exec(column.name)?.[1];
  const value = name === undefined ? undefined : row[`${name}.previous`];
  return value === null || value === undefined
    ? {}
    : {
        title: `before: ${formatValue(value, { ...column, name: `${name}.previous`, format: column.name.endsWith(".change") ? "percent" : column.currency ? "currency" : "number" })}`,
      };
};

const Cell = ({
  row,
  column,
  href,
  unknown,
}: {
  readonly row: Row;
  readonly column: Column;
  readonly href: string | null;
  readonly unknown: string | undefined;
}) => {
  const value = row[column.name];
  const text = unknown !== undefined && (value === null || value === undefined) ? unknown : formatValue(value, column);
  const faint = value === null || value === undefined ? " faint" : "";
  const content = href === null ? text : <a href={href}>{text}</a>;
  return column.kind === "dimension" ? (
    <td class={`member${isNumeric(column) ? " num" : ""}${faint}`}>{content}</td>
  ) : (
    <td class={`num ${changeClass(value, column)}${faint}`} {...before(row, column)}>
      {content}
    </td>
  );
};

export const DataTable = ({ columns: all, rows, total, others, compact = false, unknown, link }: DataTableProps) => {
  const shown = shownColumns(all).filter((s) => !compact || !s.column.name.endsWith(".previous"));
  const columns = shown.map((s) => s.column);
  const dimensions = columns.filter((c) => c.kind === "dimension").length;
  const summary = (label: string, row: Row, name: string) => (
    <tr class={name}>
      {dimensions > 0 ? <td colspan={dimensions}>{label}</td> : null}
      {columns.slice(dimensions).map((c) => (
        <td class={`num ${changeClass(row[c.name], c)}`}>{formatValue(row[c.name], c)}</td>
      ))}
    </tr>
  );
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
          {others ? summary("(all others)", others, "others") : null}
        </tbody>
        {total ? <tfoot>{summary("Total", total, "total")}</tfoot> : null}
      </table>
    </div>
  );
};
