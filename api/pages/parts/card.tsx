/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** The boxes that pages are built of. */
import type { Child } from "hono/jsx";

/** A box with a heading. @param size its width in the grid: `wide`, `two-thirds`, `third` */
export const Card = ({
  title,
  aside,
  size,
  id,
  children,
}: {
  readonly title: Child;
  /** small text or controls to the right of the heading */
  readonly aside?: Child;
  readonly size?: string;
  readonly id?: string;
  readonly children?: Child;
}) => (
  <article class={size ? `card ${size}` : "card"} {...(id ? { id } : {})}>
    <header>
      <h2>{title}</h2>
      {typeof aside === "string" ? <span class="faint small">{aside}</span> : aside}
    </header>
    {children}
  </article>
);

/** A small figure: title, value, note. */
export const Figure = ({
  title,
  value,
  note,
  tone,
}: {
  readonly title: string;
  readonly value: Child;
  readonly note?: string | undefined;
  readonly tone?: string;
}) => (
  <div class="card">
    <span class="faint">{title}</span>
    <b {...(tone ? { class: tone } : {})}>{value}</b>
    {note ? <span class="faint">{note}</span> : null}
  </div>
);

/** A key figure: title, large value, note. */
export const KeyFigure = ({
  title,
  value,
  notes = [],
  tone = "",
}: {
  readonly title: string;
  readonly value: string;
  readonly notes?: readonly string[];
  readonly tone?: string;
}) => (
  <article class="card kpi">
    <h2>{title}</h2>
    <p class={tone ? `value ${tone}` : "value"}>{value}</p>
    {notes.map((note) => (
      <p class="change">{note}</p>
    ))}
  </article>
);

/** A part without content: why, and what to do. */
export const Empty = ({ title, children }: { readonly title: string; readonly children?: Child }) => (
  <div class="empty">
    <strong>{title}</strong>
    {children}
  </div>
);

/** A table with column headings; those of numbers are right-aligned. */
export const TableHead = ({
  columns,
}: {
  readonly columns: readonly (string | { readonly number: string; readonly hint?: string })[];
}) => (
  <thead>
    <tr>
      {columns.map((column) => {
        // a column of buttons or pictures has no heading
        if (column === "") return <td />;
        return typeof column === "string" ? (
          <th scope="col">{column}</th>
        ) : (
          <th scope="col" class="num" {...(column.hint ? { title: column.hint } : {})}>
            {column.number}
          </th>
        );
      })}
    </tr>
  </thead>
);
