/** A notebook's page: headings, prose, tables and charts as one HTML file that asks nobody for anything. */
import { plot, type PlotOptions } from "@observablehq/plot";
import { parseHTML } from "linkedom";
import type { Row, Value } from "tessera";

/** Text that is HTML already; everything else is escaped. */
export interface Html {
  readonly html: string;
}

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

export const heading = (text: string): Html => ({ html: `<h2>${escape(text)}</h2>` });

/** A paragraph; `**bold**` in it. */
export const prose = (text: string): Html => ({
  html: `<p>${escape(text).replaceAll(/\*\*(.+?)\*\*/g, "<strong>$1</strong>")}</p>`,
});

export interface TableColumn {
  readonly title: string;
  readonly value: (row: Row) => string | number | Value;
  /** to the right; default for what is not the first column */
  readonly number?: boolean;
}

export function table(caption: string, columns: readonly TableColumn[], rows: readonly Row[]): Html {
  const align = (column: TableColumn, i: number): string => ((column.number ?? i > 0) ? ' class="n"' : "");
  const head = columns.map((column, i) => `<th scope="col"${align(column, i)}>${escape(column.title)}</th>`).join("");
  const body = rows
    .map(
      (row) =>
        `<tr>${columns.map((column, i) => `<td${align(column, i)}>${escape(String(column.value(row) ?? "(unknown)"))}</td>`).join("")}</tr>`,
    )
    .join("\n");
  return {
    html: `<figure><figcaption>${escape(caption)}</figcaption><div class="wide"><table><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table></div></figure>`,
  };
}

/** A Plot chart as SVG. `reading` says what it shows, for those who do not see it. */
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
  const svg = drawn.tagName.toLowerCase() === "svg" ? drawn : drawn.querySelector("svg:last-of-type")!;
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", reading);
  svg.removeAttribute("width");
  svg.removeAttribute("height");
  return { html: `<figure><figcaption>${escape(caption)}</figcaption>${drawn.outerHTML}</figure>` };
}

/** Colours of series, apart for every kind of vision; they are the page's variables, so that dark follows. */
export const SERIES = ["var(--s1)", "var(--s2)", "var(--s3)", "var(--s4)", "var(--s5)", "var(--s6)"];

const STYLE = `
:root{--ink:#1c1917;--ink2:#6b6560;--line:#e7e5e4;--back:#fff;--s1:#3358d4;--s2:#e38a00;--s3:#0a9b83;--s4:#c04a98;--s5:#62b4ec;--s6:#8a3a12}
@media (prefers-color-scheme:dark){:root{--ink:#f4f4f5;--ink2:#a1a1aa;--line:#2e2e34;--back:#121215;--s1:#7c9bff;--s2:#f2a93b;--s3:#2fc3a7;--s4:#e585c3;--s5:#a5d8fb;--s6:#c96b3f}}
*{box-sizing:border-box}
body{margin:0;background:var(--back);color:var(--ink);font:16px/1.6 Inter,system-ui,-apple-system,"Segoe UI",sans-serif}
main{max-width:808px;margin:0 auto;padding:56px 24px 80px}
h1{font-size:34px;line-height:1.15;letter-spacing:-.02em;margin:0 0 8px}
.lead{font-size:19px;color:var(--ink2);margin:0 0 40px}
h2{font-size:22px;letter-spacing:-.01em;margin:48px 0 8px}
p{margin:0 0 16px;max-width:68ch}
figure{margin:24px 0 32px}
figcaption{font-weight:600;margin:0 0 8px}
svg{display:block;width:100%;height:auto;overflow:visible}
.wide{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:14px;font-variant-numeric:tabular-nums}
th,td{text-align:left;padding:6px 12px 6px 0;border-bottom:1px solid var(--line);white-space:nowrap}
th{color:var(--ink2);font-weight:500}
.n{text-align:right;padding-right:0;padding-left:12px}
footer{margin-top:56px;padding-top:16px;border-top:1px solid var(--line);color:var(--ink2);font-size:14px}
@media print{main{padding:0}figure{break-inside:avoid}}`;

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
