/** A notebook's page: headings, prose, tables and charts as one self-contained HTML file. */
import { plot, type Data, type PlotOptions } from "@observablehq/plot";
import { parseHTML } from "linkedom";
import type { Row, Value } from "tessera";
import { STYLE } from "./page/style.ts";

/** A part of a page; its text is HTML already. */
export interface Html {
  readonly html: string;
}

/** What a notebook returns. */
export interface Page {
  readonly title: string;
  /** one sentence under the title */
  readonly lead: string;
  readonly parts: readonly Html[];
  /** where the numbers come from */
  readonly source: string;
}

const escape = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");

/** A heading. */
export const heading = (text: string): Html => ({ html: `<h2>${escape(text)}</h2>` });

/** A paragraph; `**bold**` is supported. */
export const prose = (text: string): Html => ({
  html: `<p>${escape(text).replaceAll(/\*\*(.+?)\*\*/g, "<strong>$1</strong>")}</p>`,
});

/** A column of a table. */
export interface TableColumn {
  readonly title: string;
  /** the text of a cell; null is shown as (unknown) */
  readonly value: (row: Row) => Value | undefined;
  /** aligned to the right; the default for all columns except the first */
  readonly number?: boolean;
}

/** A table with a caption; a wide one scrolls within its frame. */
export function table(caption: string, columns: readonly TableColumn[], rows: readonly Row[]): Html {
  const align = (column: TableColumn, i: number): string => ((column.number ?? i > 0) ? ' class="n"' : "");
  const head = columns.map((column, i) => `<th scope="col"${align(column, i)}>${escape(column.title)}</th>`).join("");
  const cell = (column: TableColumn, i: number, row: Row): string =>
    `<td${align(column, i)}>${escape(String(column.value(row) ?? "(unknown)"))}</td>`;
  const body = rows.map((row) => `<tr>${columns.map((column, i) => cell(column, i, row)).join("")}</tr>`).join("\n");
  const name = escape(caption);
  return {
    html: `<figure class="tabular"><figcaption>${name}</figcaption>
<div class="wide" role="region" tabindex="0" aria-label="${name}"><table><thead><tr>${head}</tr></thead>
<tbody>${body}</tbody></table></div></figure>`,
  };
}

/** Rows as Plot takes them: its types ask for mutable arrays, which it does not change. */
export const plotted = (rows: readonly object[]): Data => rows as unknown as Data;

/** A Plot chart as SVG. @param reading what it shows, for readers who cannot see it */
export function chart(caption: string, reading: string, options: PlotOptions): Html {
  const { document } = parseHTML("<html><body></body></html>");
  const drawn = plot({
    width: 760,
    height: 320,
    marginLeft: 64,
    marginBottom: 40,
    style: { fontFamily: "inherit", fontSize: "12px", background: "none" },
    color: { range: SERIES },
    ...options,
    document: document as unknown as Document,
  });
  const svg = drawn.tagName.toLowerCase() === "svg" ? drawn : drawn.querySelector("svg:last-of-type");
  if (svg === null) throw new Error(`chart "${caption}" has no SVG`);
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", reading);
  // Plot names groups that have no role; the picture as a whole has its reading
  for (const group of svg.querySelectorAll("g[aria-label]")) group.removeAttribute("aria-label");
  svg.removeAttribute("width");
  svg.removeAttribute("height");
  return { html: `<figure><figcaption>${escape(caption)}</figcaption>${drawn.outerHTML}</figure>` };
}

/** Colours of series, distinct for every kind of vision; as the page's variables they follow its dark mode. */
export const [BLUE, AMBER, TEAL, MAGENTA, SKY, BROWN] = [
  "var(--s1)",
  "var(--s2)",
  "var(--s3)",
  "var(--s4)",
  "var(--s5)",
  "var(--s6)",
];
/** The same in order. */
export const SERIES = [BLUE, AMBER, TEAL, MAGENTA, SKY, BROWN];

/** The whole file. */
export function render(page: Page): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<title>${escape(page.title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${escape(page.title)}</h1>
<p class="lead">${escape(page.lead)}</p>
${page.parts.map((part) => part.html).join("\n")}
<footer>${escape(page.source)}</footer>
</main>
</body>
</html>
`;
}
